"""One form makes one posting: autosave, post, double clicks, going back, late and simultaneous requests."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections

from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services import drafting
from matchmaking.postings.services.drafting import save_draft
from tests.factories.accounts import EnterpriseFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
NEW, EDIT = "/en/needs/new/", "/en/postings/{}/edit/"
WHOLE = {
    "title": "Dampers for tricycles",
    "node": "AUTO.CHASSIS.SUSP",
    "subject": "component",
    "region": "500116",
    "quantity": "3k",
    "unit": "PCS",
    "period": "month",
    "visibility": "named",
}
NUMBER, FORM = "0123456789", "ABCDEFGHJK"


def hidden(page, name):
    return re.search(rf'name="{name}" value="(\w*)"', page.content.decode())[1]


def send(sender, act, path=NEW, **fields):
    opened = {"number": NUMBER, "form_key": FORM, "seen_version": ""}
    return sender.post(path, {**WHOLE, **opened, "act": act, **fields})


def test_each_opened_form_brings_numbers_of_its_own(firm):
    first, second = firm.get(NEW), firm.get(NEW)

    for name in ("number", "form_key"):
        assert re.fullmatch("[0-9A-Z]{10}", hidden(first, name))
        assert hidden(first, name) != hidden(second, name)


@pytest.mark.parametrize("acts", [("autosave", "publish"), ("save", "publish"), ("publish", "publish")])
def test_what_one_form_sends_reaches_one_posting(firm, acts):
    for act in acts:
        answer = send(firm, act)

    assert (answer.status_code, answer.url) == (302, f"/en/needs/{NUMBER}/")
    assert Posting.objects.get().status == Status.PUBLISHED


def test_post_reaches_the_draft_that_was_kept_meanwhile_with_the_newer_words(firm):
    send(firm, "autosave", title="Half a")
    send(firm, "autosave", title="Half a tit", number=NUMBER, seen_version="1")

    assert send(firm, "publish", seen_version="1").url == f"/en/needs/{NUMBER}/"
    assert (Posting.objects.get().title, Posting.objects.get().status) == (WHOLE["title"], Status.PUBLISHED)


def test_autosave_that_comes_after_publication_changes_nothing(firm):
    send(firm, "publish")

    assert send(firm, "autosave", title="Half a").status_code == 204
    assert Posting.objects.get().title == WHOLE["title"]


def test_autosave_that_comes_late_leaves_the_newer_words_and_tells_the_version(firm):
    send(firm, "autosave", title="Half a")
    send(firm, "save", title="Whole", seen_version="1")

    late = send(firm, "autosave", title="Half a t", seen_version="1")
    assert (late.status_code, hidden(late, "seen_version")) == (200, "2")
    assert Posting.objects.get().title == "Whole"


def test_posting_twice_leads_to_its_page_with_a_kind_word(firm):
    send(firm, "publish")
    again = firm.post(NEW, {**WHOLE, "number": NUMBER, "form_key": FORM, "act": "publish"}, follow=True)

    assert again.redirect_chain[-1][0] == f"/en/needs/{NUMBER}/"
    assert "published already" in again.content.decode()


@pytest.mark.parametrize("trait", ["closed", "expired"])
def test_posting_again_what_is_over_leads_to_its_page(firm, editor, trait):
    posting = PostingFactory(enterprise=editor.enterprise, **{trait: True})

    assert send(firm, "publish", number=posting.number).url == f"/en/needs/{posting.number}/"


def test_posting_a_draft_by_its_button_twice_leads_to_its_page(firm, editor):
    posting = PostingFactory(enterprise=editor.enterprise)

    answer = firm.post(f"/en/postings/{posting.number}/publish/")
    assert (answer.status_code, answer.url) == (302, f"/en/postings/{posting.number}/")


def test_going_back_after_posting_leads_to_the_posting(firm):
    send(firm, "save")
    assert firm.get(f"{NEW}?number={NUMBER}").url == EDIT.format(NUMBER)
    send(firm, "publish", path=EDIT.format(NUMBER), seen_version="1")

    assert firm.get(f"{NEW}?number={NUMBER}").url == f"/en/postings/{NUMBER}/"


def test_another_opened_form_does_not_write_over_the_draft(firm):
    send(firm, "save", title="From one form")

    other = send(firm, "publish", title="From another", form_key="KKKKKKKKKK")
    assert other.status_code == 409
    assert "From another" in other.content.decode()
    assert (Posting.objects.get().title, Posting.objects.get().status) == ("From one form", Status.DRAFT)


def test_the_same_words_from_another_form_are_never_stale(firm):
    send(firm, "save")

    assert send(firm, "publish", form_key="KKKKKKKKKK").status_code == 302
    assert Posting.objects.get().status == Status.PUBLISHED


@pytest.mark.parametrize("act", ["autosave", "save", "publish", "lift"])
@pytest.mark.parametrize("number", ["short", "0123456789A", "ILOU000000", "../../../.."])
def test_malformed_numbers_are_not_found(firm, act, number):
    assert send(firm, act, number=number).status_code == 404
    assert Posting.objects.count() == 0


@pytest.mark.parametrize("act", ["autosave", "save", "publish", "lift"])
def test_numbers_of_another_firm_are_not_found_and_nothing_changes(firm, act):
    foreign = PostingFactory(draft=True, title="Secret")

    answer = send(firm, act, number=foreign.number)
    assert (answer.status_code, "Secret" in answer.content.decode()) == (404, False)
    assert [row.title for row in Posting.objects.all()] == ["Secret"]
    opened = firm.get(f"{NEW}?number={foreign.number}")
    assert (opened.status_code, "Secret" in opened.content.decode()) == (200, False)


def begin(editor, title):
    values = {"title": title, "quantity": Decimal(5)}
    try:
        return save_draft(
            actor=editor.user,
            enterprise=editor.enterprise,
            direction=Direction.NEED,
            number=NUMBER,
            form_key=FORM,
            values=values,
        )
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_make_one_row(editor):
    with ThreadPoolExecutor(2) as both:
        rows = list(both.map(lambda title: begin(editor, title), ["one", "two"]))

    assert len({row.pk for row in rows}) == 1
    assert Posting.objects.get().title in ("one", "two")


def test_who_loses_the_race_for_the_number_changes_the_winners_row(editor, monkeypatch):
    save_draft(
        actor=editor.user,
        enterprise=editor.enterprise,
        direction=Direction.NEED,
        number=NUMBER,
        form_key=FORM,
        values={"title": "winner"},
    )

    def lost(**told):
        raise IntegrityError("number")

    monkeypatch.setattr(drafting, "_begin", lost)
    row = save_draft(
        actor=editor.user,
        enterprise=editor.enterprise,
        direction=Direction.NEED,
        number=NUMBER,
        form_key=FORM,
        values={"title": "loser"},
    )
    assert (Posting.objects.get().pk, Posting.objects.get().title) == (row.pk, "loser")


@pytest.mark.parametrize("version", ["²", "٣", "1" * 40])
def test_a_version_that_is_no_number_counts_as_none_seen(version, editor, firm):
    draft = PostingFactory(enterprise=editor.enterprise, draft=True)

    answer = send(firm, "autosave", path=EDIT.format(draft.number), seen_version=version)

    assert answer.status_code == 409


def test_who_it_is_hidden_from_stays_as_typed_and_tells_nothing_of_other_firms(editor, firm):
    known = EnterpriseFactory(name="Canary Works")
    asleep = EnterpriseFactory(name="Canary Asleep", suspended=True)
    typed = f"{known.uscc}\n{asleep.uscc}\nNo such firm"

    assert send(firm, "publish", hidden_from=typed).status_code == 302
    posting = Posting.objects.get()
    pages = [firm.get(address).content.decode() for address in (EDIT.format(NUMBER), f"/en/needs/{NUMBER}/")]

    assert list(posting.hidden_from.all()) == [known]
    assert posting.hidden_from_typed == typed
    for page in pages:
        assert "Canary" not in page
        assert all(line in page for line in typed.splitlines())
