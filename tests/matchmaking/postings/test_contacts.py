"""Contact data in free text is found and moved; ordinary figures stay."""

import pytest

from matchmaking.postings.models import PostingContact
from matchmaking.postings.services.contacts import Contact, has_contact, keep_contact, without_contact
from tests.factories.postings import PostingFactory


@pytest.mark.parametrize(
    ("text", "rest", "contact"),
    [
        ("联系 13812345678 张工", "联系 张工", Contact(phones=("13812345678",))),
        ("电话：138 1234 5678", "", Contact(phones=("138 1234 5678",))),
        ("１３８１２３４５６７８", "", Contact(phones=("13812345678",))),
        ("1 3 8 1 2 3 4 5 6 7 8", "", Contact(phones=("1 3 8 1 2 3 4 5 6 7 8",))),
        ("call +86 138-1234-5678 now", "call now", Contact(phones=("+86 138-1234-5678",))),
        ("座机 023-67891234", "", Contact(phones=("023-67891234",))),
        ("（028）86781234", "", Contact(phones=("(028)86781234",))),
        ("电话：67891234", "", Contact(phones=("67891234",))),
        ("400-800-1234", "", Contact(phones=("400-800-1234",))),
        ("mail li.min@example.com", "", Contact(mails=("li.min@example.com",))),
        ("ｌｉ＠example．com", "", Contact(mails=("li@example.com",))),
        ("li(at)example.com", "", Contact(mails=("li@example.com",))),
        ("微信号：abc_def12，可议", "，可议", Contact(others=("微信号:abc_def12",))),
        ("QQ 12345678", "", Contact(others=("QQ 12345678",))),
    ],
)
def test_without_contact_takes_each_form_out_of_the_text(text, rest, contact):
    assert without_contact(text) == (rest, contact)


@pytest.mark.parametrize(
    "text",
    [
        "QT450-10，8000 件/月，2027-01-01 至 2027-12-31",
        "尺寸 150×2000×3000，35 MPa，3.2 kg",
        "GB/T 13912-2020",
        "91500000MA5U000000",
        "Q235B 13800 吨",
        "WeChat mini-program development",
        "0.12345678",
        "2027/01/31，20270131",
    ],
)
def test_has_contact_leaves_ordinary_figures_alone(text):
    assert has_contact(text) is False


@pytest.mark.django_db
def test_keep_contact_puts_what_has_no_room_of_its_own_among_other_ways():
    posting = PostingFactory(draft=True)

    keep_contact(
        posting, Contact(phones=("13812345678", "13912345678"), mails=("a@example.com",), others=("QQ 1234567",))
    )
    keep_contact(posting, Contact(phones=("13812345678",)))

    kept = PostingContact.objects.get(posting=posting)
    assert (kept.phone, kept.email, kept.other) == ("13812345678", "a@example.com", "13912345678; QQ 1234567")
