"""Own network first at the REST door: each system reads what its firm sees, and its own firm's sets the days."""

import pytest
from django.utils import timezone

from accounts.choices import Verb
from accounts.services.changes import record_change, unit_of_work
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory, NetworkMembershipFactory
from tests.factories.postings import PostingFactory, days_from_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer():
    return MembershipFactory()


@pytest.fixture
def member(buyer):
    made = MembershipFactory()
    NetworkMembershipFactory(buyer=buyer.enterprise, supplier=made.enterprise)
    return made


@unit_of_work
def waiting(buyer, **told):
    """A posting that opens in five days, which the market reads at its next question."""
    row = PostingFactory(
        enterprise=buyer.enterprise, title="Canary blanks", opens_on=days_from_today(5), network_first_days=5, **told
    )
    record_change(thing=row, verb=Verb.PUBLISHED, actor=None, enterprise=buyer.enterprise)
    return row


def test_a_system_reads_and_writes_it_for_its_own_firm_and_the_member_reads_the_day(make_partner, buyer, member):
    ours, theirs, others = make_partner(buyer.enterprise), make_partner(member.enterprise), make_partner()
    row = waiting(buyer)

    pages = [one.ask(f"postings/{row.number}/") for one in (ours, theirs, others)]
    lists = [len(one.ask("postings/?direction=need").json()["results"]) for one in (ours, theirs, others)]
    counts = [one.ask("postings/counts/?direction=need").json()["total"] for one in (ours, theirs, others)]
    opened = [one.ask(f"postings/{row.number}/open/", "POST") for one in (theirs, others, ours, ours)]
    after = [one.ask(f"postings/{row.number}/").json() for one in (ours, theirs, others)]

    assert [one.status_code for one in pages] == [200, 200, 404]
    day = days_from_today(5).isoformat()
    assert [(one.json()["network_first_days"], one.json()["opens_on"]) for one in pages[:2]] == [(5, day), (None, day)]
    assert (lists, counts) == ([1, 1, 0], [1, 1, 0])
    assert [one.status_code for one in opened] == [404, 404, 200, 409]
    today = timezone.localdate().isoformat()
    assert [(one["network_first_days"], one["opens_on"]) for one in after] == [(5, today), (None, None), (None, None)]


def test_to_an_outsiders_system_every_answer_is_the_same_with_and_without_it(make_partner, buyer, member):
    others = make_partner()
    own = [PostingFactory(enterprise=others.enterprise, capacity=capacity) for capacity in (False, True)]
    doors = [
        "postings/", "postings/?q=Canary", "postings/counts/?direction=need",
        "postings/counts/?direction=need&q=Canary",
        f"postings/{own[1].number}/suggestions/", f"postings/{own[0].number}/suggestions/",
        f"postings/{own[0].number}/similar/", "postings/counts/?direction=capacity",
    ]  # fmt: skip

    before = [others.ask(door).content for door in doors]
    rows = [waiting(buyer, capacity=capacity) for capacity in (False, True)]
    after = [others.ask(door).content for door in doors]

    assert [door for door, was, is_now in zip(doors, before, after, strict=True) if was != is_now] == []
    theirs = make_partner(member.enterprise)
    assert {row["number"] for row in theirs.ask("postings/?q=Canary").json()["results"]} == {row.number for row in rows}


def test_a_system_sets_the_days_of_a_draft_and_of_nothing_that_was_published(make_partner, buyer, member):
    ours = make_partner(buyer.enterprise)
    draft = PostingFactory(enterprise=buyer.enterprise, draft=True)

    def change(days):
        sent = {"version": Posting.objects.get().version, "network_first_days": days}
        return ours.ask(f"postings/{draft.number}/", "PATCH", sent).status_code

    drafted = [change(days) for days in (31, 0, 5, None, 5)]
    published = ours.ask(f"postings/{draft.number}/publish/", "POST", {}).json()

    assert drafted == [400, 400, 200, 200, 200]
    assert (published["opens_on"], change(9), change(5)) == (days_from_today(5).isoformat(), 422, 200)
