"""The one-page form: reads what people type, loses nothing, says how to put things right."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import Role, Verification
from accounts.models import Change
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory, PostingParameterFactory
from tests.web.postings.sending import WHOLE, send, version_of

pytestmark = pytest.mark.django_db


ZEROS = [{name: "a\x00b"} for name in ("number", "node", "node_words", "region", "unit", "subject", "hidden_from")]


ZEROS += [
    {"certificates_must": ["\x00"]},
    {"regions_allowed": ["\x00"]},
    {"parameter": ["\x00"], "parameter_value": "\x00"},
]


@pytest.mark.parametrize("path", ["/needs/new/", "/capacities/new/", "/en/needs/new/", "/en/capacities/new/"])
def test_form_is_there_for_both_directions_and_languages(firm, path):
    answer = firm.get(path)

    assert answer.status_code == 200
    assert version_of(answer) == ""


def test_form_sends_visitors_to_sign_in_and_users_to_register(client, signed_in):
    assert client.get("/needs/new/").url.startswith("/accounts/login/")
    assert signed_in(UserFactory()).get("/needs/new/").url.startswith("/enterprises/new/")


def test_form_refuses_viewers_and_tells_them_whom_to_ask(signed_in):
    owner = MembershipFactory()
    viewer = signed_in(MembershipFactory(enterprise=owner.enterprise, role=Role.VIEWER).user)

    refused = viewer.get("/en/needs/new/")
    assert refused.status_code == 403
    assert "<h1>You may read only</h1>" in refused.content.decode()
    assert str(owner.user) in refused.content.decode()
    assert send(viewer).status_code == 403
    assert Posting.objects.count() == 0


def test_publish_takes_numbers_and_days_as_people_type_them(firm):
    answer = send(firm)

    posting = Posting.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/needs/{posting.number}/")
    assert (posting.status, posting.quantity_amount) == (Status.PUBLISHED, Decimal(3000))
    assert [str(day) for day in (posting.window_start, posting.window_end)] == ["2099-01-01", "2099-12-31"]


@pytest.mark.parametrize(("counterparts", "told"), [(0, "No counterpart fits yet"), (2, "2 firms fit")])
def test_publish_tells_what_was_found(firm, counterparts, told):
    for _ in range(counterparts):
        PostingFactory(capacity=True)
    start = timezone.localdate()
    fitting = {"node": "XN0", "region": "900101", "unit": "XPCS", "window_start": start, "window_end": start}

    answer = firm.get(send(firm, "/en/needs/new/", **(fitting if counterparts else {})).url)

    assert told in answer.content.decode()


def test_publish_a_capacity_with_everything(firm):
    rival = EnterpriseFactory()
    answer = send(
        firm,
        "/capacities/new/",
        text="长期供应",
        minimum_order="500",
        lead_time_days="30",
        region_preference="list",
        regions_allowed=["510700", "500116"],
        price_kind="open",
        price_min="9.5",
        price_max="12",
        certificates_must=["IATF16949"],
        certificates_wish=["ISO9001"],
        parameter=["workers", ""],
        parameter_operator=["ge", "ge"],
        parameter_value=["100", ""],
        parameter_kind=["wish", "must"],
        hidden_from=rival.name,
        contact_person="李敏",
        contact_phone="13812345678",
        visibility="alias",
    )

    posting = Posting.objects.get()
    assert (answer.status_code, posting.status) == (302, Status.PUBLISHED)
    assert sorted(posting.required_certificates.values_list("certification__code", "is_must")) == [
        ("IATF16949", True),
        ("ISO9001", False),
    ]
    assert list(posting.parameters.values_list("parameter__code", "number", "is_must")) == [("workers", 100, False)]
    assert (list(posting.hidden_from.all()), posting.contact.phone) == ([rival], "13812345678")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": ""}, "Fill in: Title"),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"text": "x" * 8001}, "at most 8000 characters"),
        ({"text": "x" * 20001}, "20000"),
        ({"node": "NO.SUCH"}, "this is not in the list: NO.SUCH"),
        ({"node": "", "node_words": "qqqqzzzz"}, "this is not in the list: qqqqzzzz"),
        ({"subject": "cars"}, "cars"),
        ({"subject": ""}, "Choose: Category"),
        ({"region": "500105"}, "this region is now Liangjiang New Area; choose that"),
        ({"region": "000000"}, "this is not in the list: 000000"),
        ({"quantity": "many"}, "write a number such as 8000"),
        ({"quantity": ""}, "Enter a quantity, e.g. 8000"),
        ({"quantity": "-5"}, "write a number above zero"),
        ({"quantity": "9999999999999999"}, "this number is too large"),
        ({"lead_time_days": "soon"}, "write whole days such as 45"),
        ({"lead_time_days": "4.5"}, "write whole days such as 45"),
        ({"unit": "furlong"}, "this is not in the list: furlong"),
        ({"unit": ""}, "Choose: Unit"),
        ({"period": "hour"}, "hour"),
        ({"window_start": "2099-13-01"}, "write a day such as 2027-01-31"),
        ({"window_end": "2098-01-01"}, "the end is before the start; choose 2099-01-01 or a later day"),
        ({"window_start": "", "window_end": "2020-01-01"}, "the last day is over; choose a later one"),
        ({"price_kind": "open", "price_min": "9", "price_max": "8"}, "the upper price is below the lower one"),
        ({"price_kind": "sealed"}, "Fill in: Price to, CNY a unit"),
        ({"region_preference": "radius"}, "Fill in: Radius, km"),
        ({"region_preference": "list"}, "fill this in"),
        ({"radius_km": "99999"}, "too many: at most 3000"),
        ({"minimum_share_percent": "0"}, "write a number above zero"),
        ({"certificates_must": ["<b>"]}, "this is not in the list: &lt;B&gt;"),
        ({"parameter": ["workers"], "parameter_value": ["lots"]}, "write a number such as 8000"),
        ({"parameter": ["nothing"], "parameter_value": ["1"]}, "this is not in the list: nothing"),
        ({"contact_email": "nobody"}, "write a mail address such as name@example.com"),
        ({"visibility": "secret"}, "secret"),
    ],
)
def test_bad_input_is_named_kept_in_the_draft_and_shown_again(firm, fields, told):
    answer = send(firm, "/en/needs/new/", **fields)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert 'class="error-summary"' in page
    assert page.split("<title>")[1].startswith("Errors:")
    draft = Posting.objects.get()
    assert draft.status == Status.DRAFT
    again = firm.get(f"/postings/{draft.number}/edit/").content.decode()
    for name, value in fields.items():
        if name not in ("subject", "region", "unit", "visibility") and isinstance(value, str) and len(value) < 100:
            assert value in again


def test_a_telephone_number_in_the_title_is_told_together_with_what_else_is_wrong(firm):
    answer = send(firm, "/en/needs/new/", title="示例压铸件 13800138000", unit="", lead_time_days="soon")

    page = answer.content.decode()
    assert "Choose: Unit" in page
    assert "write whole days such as 45" in page
    assert "Title: take the phone number or mail address out" in page
    assert 'value="lift"' in page


@pytest.mark.parametrize(
    ("period", "told"),
    [
        ("month", "reads as 8,000 piece a month, about 96,000 piece a year"),
        ("year", "reads as 8,000 piece a year"),
        ("once", "reads as 8,000 piece<"),
    ],
)
def test_the_quantity_is_read_back(firm, period, told):
    page = send(firm, "/en/needs/new/", quantity="0.8万", unit="PCS", period=period, title="").content.decode()

    assert told in page


def test_a_form_without_days_holds_at_any_time(firm):
    page = firm.get("/en/needs/new/").content.decode()

    assert re.search(r'value="always"[^>]* checked', page)
    assert not re.search(r'value="own"[^>]* checked', page)


def test_all_that_is_wrong_or_missing_is_named_at_once(firm):
    answer = send(firm, "/en/needs/new/", title="", quantity="many", window_end="2098-01-01", region="500105", unit="")

    summary = answer.content.decode().split('class="error-summary"')[1].split("</div>")[0]
    assert re.findall(r'href="#id_(\w+)"', summary) == ["title", "quantity", "unit", "window_end", "region"]


def test_bad_input_of_another_kind_is_no_server_error(firm):
    for fields in ({"title": "\x00\u202e"}, {"quantity": "\x00"}, {"node": "A" * 5000}, {"number": "' OR 1=1"}, *ZEROS):
        assert send(firm, **fields).status_code in (302, 400, 404, 422)


def test_body_of_ten_megabytes_is_refused_in_words(firm):
    answer = firm.post("/needs/new/", {**WHOLE, "text": "x" * 10_000_000, "act": "publish"})

    assert answer.status_code == 413
    assert Posting.objects.count() == 0


def test_draft_saves_itself_and_goes_on_under_its_number(firm):
    first = send(firm, act="autosave", quantity="about 8")
    draft = Posting.objects.get()

    page = first.content.decode()
    assert (first.status_code, first["HX-Replace-Url"]) == (200, f"/postings/{draft.number}/edit/")
    assert f'name="number" value="{draft.number}"' in page
    assert draft.unread_texts["quantity"] == "about 8"
    send(firm, act="autosave", title="Better", number=draft.number, seen_version="1")
    assert [(row.title, row.version) for row in Posting.objects.all()] == [("Better", 2)]


def test_draft_that_says_nothing_yet_is_not_saved(firm):
    answer = firm.post("/needs/new/", {"act": "autosave", "region": "500116"})

    assert (answer.status_code, Posting.objects.count()) == (204, 0)


def test_published_posting_never_saves_itself(firm, editor):
    posting = PostingFactory(enterprise=editor.enterprise)

    answer = send(firm, f"/postings/{posting.number}/edit/", act="autosave", title="Half a")

    assert (answer.status_code, Posting.objects.get().title) == (204, posting.title)


def test_second_of_two_tabs_is_told_and_loses_nothing(firm, editor):
    posting = PostingFactory(enterprise=editor.enterprise, title="Before")
    path = f"/en/postings/{posting.number}/edit/"
    seen = version_of(firm.get(path))
    assert send(firm, path, act="save", title="From the first tab", seen_version=seen).status_code == 302

    second = send(firm, path, act="save", title="From the second tab", seen_version=seen)

    page = second.content.decode()
    assert second.status_code == 409
    assert page.count("From the second tab") >= 2
    assert "From the first tab" in page
    assert Posting.objects.get().title == "From the first tab"
    assert send(firm, path, act="save", title="From the second tab", seen_version=version_of(second)).status_code == 302
    assert Posting.objects.get().title == "From the second tab"


def test_second_tab_of_a_draft_is_told_when_it_saves_itself(firm, editor):
    draft = PostingFactory(enterprise=editor.enterprise, draft=True)
    path = f"/postings/{draft.number}/edit/"
    send(firm, path, act="autosave", title="One", seen_version="1")

    told = send(firm, path, act="autosave", title="Two", seen_version="1")

    assert (told.status_code, Posting.objects.get().title) == (409, "One")


def test_edit_shows_all_that_was_kept(firm, editor):
    posting = PostingFactory(
        enterprise=editor.enterprise, quantity_amount=Decimal("1200.5"), unread_texts={"radius_km": "far"}, draft=True
    )
    PostingCertificateFactory(posting=posting, is_must=False)
    part = PostingParameterFactory(posting=posting, number=Decimal("2.5"))

    page = firm.get(f"/postings/{posting.number}/edit/").content.decode()

    assert 'value="1200.5"' in page
    assert 'value="far"' in page
    assert re.search(r'name="certificates_wish" value="[^"]+" checked', page)
    assert f'<option value="{part.parameter.code}" selected>' in page


@pytest.mark.parametrize("path", ["edit", "preview"])
def test_pages_of_other_firms_are_not_there(firm, path):
    posting = PostingFactory(draft=True)

    assert firm.get(f"/postings/{posting.number}/{path}/").status_code == 404
    assert send(firm, f"/postings/{posting.number}/edit/", seen_version="1").status_code == 404
    assert Change.objects.count() == 0


def test_mirror_begins_with_what_the_other_posting_says(firm):
    other = PostingFactory(quantity_amount=Decimal(777))

    page = firm.get(f"/capacities/new/?mirror={other.number}").content.decode()

    assert 'value="777"' in page
    assert f'value="{other.node.code}"' in page
    for unknown in ("NOTHERE", "%27"):
        assert firm.get(f"/capacities/new/?mirror={unknown}").status_code == 404


def test_new_form_takes_the_node_of_the_address(firm):
    assert 'value="AUTO.CHASSIS.SUSP"' in firm.get("/needs/new/?node=AUTO.CHASSIS.SUSP").content.decode()


def test_preview_shows_what_visitors_and_firms_see(firm, editor):
    posting = PostingFactory(
        enterprise=editor.enterprise, draft=True, quantity_amount=Decimal(8765), text="only for firms"
    )

    page = firm.get(f"/postings/{posting.number}/preview/").content.decode()

    assert (page.count("8,765"), page.count("3,000"), page.count("only for firms")) == (1, 1, 1)


def test_new_firm_over_its_quota_is_told_that_it_waits(firm, editor, monkeypatch):
    monkeypatch.setattr("matchmaking.postings.services.flags.NEW_FIRM_QUOTA", 0)
    editor.enterprise.verification = Verification.UNVERIFIED
    editor.enterprise.save()

    answer = firm.post("/en/needs/new/", {**WHOLE, "act": "publish"}, follow=True)

    assert Posting.objects.get().status == Status.IN_REVIEW
    assert "a new firm over its quota" in answer.content.decode()
