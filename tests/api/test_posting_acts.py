"""What a system does with its firm's postings: every act of the page, by scope, with the page's refusals."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.choices import Role
from common.reasons import Reason
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
ACTS = ("publish", "pause", "resume", "confirm", "renew", "close", "copy")
BODIES = {"renew": {}, "close": {"reason": "end.need.none_suitable"}}


def act(partner, posting, name, body=None):
    return partner.ask(f"postings/{posting.number}/{name}/", "POST", BODIES.get(name) if body is None else body)


@pytest.mark.parametrize(
    ("state", "name", "then"),
    [
        ("draft", "publish", Status.PUBLISHED),
        ("published", "pause", Status.PAUSED),
        ("paused", "resume", Status.PUBLISHED),
        ("published", "confirm", Status.PUBLISHED),
        ("published", "renew", Status.PUBLISHED),
        ("published", "close", Status.CLOSED),
    ],
)
def test_an_act_moves_the_posting_as_on_its_page(partner, state, name, then):
    posting = PostingFactory(enterprise=partner.enterprise, **({} if state == "published" else {state: True}))

    answer = act(partner, posting, name)

    assert (answer.status_code, answer.json()["status"]) == (200, then)
    assert Posting.objects.get(pk=posting.pk).status == then


def test_renewing_takes_a_new_last_day(partner):
    posting = PostingFactory(enterprise=partner.enterprise)
    day = (timezone.localdate() + timedelta(days=90)).isoformat()

    assert act(partner, posting, "renew", {"window_end": day}).json()["window_end"] == day


def test_renewing_until_a_day_that_is_over_is_refused_by_field(partner):
    posting = PostingFactory(enterprise=partner.enterprise, window_start=None)
    day = (timezone.localdate() - timedelta(days=1)).isoformat()

    answer = act(partner, posting, "renew", {"window_end": day})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "window_end")


def test_a_copy_is_a_new_draft_of_the_same_words(partner):
    posting = PostingFactory(enterprise=partner.enterprise, closed=True)

    answer = act(partner, posting, "copy")

    made = answer.json()
    assert (answer.status_code, made["status"], made["title"]) == (201, Status.DRAFT, posting.title)
    assert made["number"] != posting.number


def test_a_draft_is_thrown_away_and_anything_else_is_not(partner):
    draft, shown = (PostingFactory(enterprise=partner.enterprise, draft=is_draft) for is_draft in (True, False))

    gone, kept = (partner.ask(f"postings/{one.number}/", "DELETE") for one in (draft, shown))

    assert (gone.status_code, gone.content) == (204, b"")
    assert (kept.status_code, kept.json()["code"]) == (409, Reason.REFUSAL_WRONG_STATE)
    assert list(Posting.objects.filter(enterprise=partner.enterprise)) == [shown]


@pytest.mark.parametrize("reason", ["end.capacity.withdrawn", "fit.node.exact", "because"])
def test_closing_for_a_reason_of_another_kind_is_refused_by_field(partner, reason):
    answer = act(partner, PostingFactory(enterprise=partner.enterprise), "close", {"reason": reason})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "reason")


@pytest.mark.parametrize("name", [name for name in ACTS if name != "copy"])
def test_an_act_in_the_wrong_state_is_refused_with_its_reason(partner, name):
    answer = act(partner, PostingFactory(enterprise=partner.enterprise, closed=True), name)

    assert (answer.status_code, answer.json()["code"]) == (409, Reason.REFUSAL_WRONG_STATE)


@pytest.mark.parametrize("name", ACTS)
def test_an_act_needs_its_scope_its_own_posting_and_a_role(partner, make_partner, name):
    reader = make_partner(enterprise=partner.enterprise, scopes=("postings:read",))
    own, foreign = PostingFactory(enterprise=partner.enterprise), PostingFactory()

    answers = [act(reader, own, name).status_code, act(partner, foreign, name).status_code]
    partner.owner.memberships.update(role=Role.VIEWER)

    assert (answers, act(partner, own, name).status_code) == ([403, 404], 401)


def test_ones_own_are_listed_in_every_state_and_by_state(partner):
    states = ("draft", "paused", "closed", "in_review", "expired")
    own = {state: PostingFactory(enterprise=partner.enterprise, **{state: True}).number for state in states}
    other = PostingFactory().number

    def numbers(query):
        return {row["number"] for row in partner.ask(f"postings/?{query}").json()["results"]}

    assert numbers("mine=true") == set(own.values())
    assert numbers("mine=false") == {other}
    assert numbers("status=draft&status=paused") == {own["draft"], own["paused"]}
    assert numbers("status=published") == numbers("mine=false&status=paused") == set()


@pytest.mark.parametrize("path", ["postings/?colour=red", "nodes/?colour=red", "parks/?colour=red", "me/?colour=red"])
def test_a_parameter_that_is_none_is_refused_by_its_name(partner, path):
    answer = partner.ask(path)

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")
    assert [error["field"] for error in answer.json()["errors"]] == ["colour"]


def test_the_months_of_a_capacity_are_planned_and_read_by_its_own_side_alone(partner, make_partner, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: date(2027, 3, 15))
    capacity = PostingFactory(
        capacity=True, enterprise=partner.enterprise, window_start=None, window_end=date(2027, 5, 31)
    )
    plan = [{"month": "2027-04", "planned_amount": "0"}, {"month": "2027-05", "planned_amount": "2000.5"}]

    answer = partner.ask(f"postings/{capacity.number}/months/", "PUT", {"months": plan})

    assert answer.status_code == 200
    assert [(one["month"], one["planned_amount"], one["capacity_left"]) for one in answer.json()["months"]] == [
        ("2027-03", None, "plenty"),
        ("2027-04", "0.000", "none"),
        ("2027-05", "2000.500", "low"),
    ]
    other = make_partner().ask(f"postings/{capacity.number}/").json()["months"]
    assert [(one["capacity_left"], one["planned_amount"], one["free_amount"]) for one in other] == [
        ("plenty", None, None),
        ("none", None, None),
        ("low", None, None),
    ]


@pytest.mark.parametrize(
    ("months", "status"),
    [
        ([], 400),
        ([{"month": "2027-13", "planned_amount": "1"}], 400),
        ([{"month": "2027-04", "planned_amount": "-1"}], 400),
        ([{"month": "2027-04", "planned_amount": "1"}, {"month": "2027-04", "planned_amount": None}], 400),
        ([{"month": "2027-04", "planned_amount": "1"}], 409),
    ],
)
def test_months_that_do_not_fit_are_refused(partner, months, status):
    stock = PostingFactory(capacity=True, enterprise=partner.enterprise, period="once")
    assert partner.ask(f"postings/{stock.number}/months/", "PUT", {"months": months}).status_code == status
