"""A suspension closes every door of a firm in one act: sessions, tokens, lists, suggestions, interests."""

import pytest

from accounts.choices import Verb
from accounts.models import Change
from accounts.services.verification import restore_enterprise
from common.reasons import Reason
from matchmaking.matching.services.snapshots import build_snapshot
from matchmaking.matching.services.suggestions import suggestions_for
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.services.suspending import suspend_firm
from tests.api.conftest import Partner
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(platform_admin=True)


@pytest.fixture
def shut(admin):
    """Suspends a firm for junk."""
    return lambda firm: suspend_firm(enterprise=firm, actor=admin, reason=Reason.FLAG_JUNK, note="示例")


@pytest.fixture
def owner():
    return MembershipFactory()


def test_the_session_of_who_acts_for_it_alone_is_closed_and_a_new_one_reaches_its_reason_only(owner, shut, signed_in):
    client = signed_in(owner.user)
    posting = PostingFactory(enterprise=owner.enterprise)
    assert client.get("/me/").status_code == 200

    shut(owner.enterprise)

    assert client.get("/me/").url.startswith("/accounts/login/")
    owner.user.refresh_from_db()
    again = signed_in(owner.user)
    page = again.get("/me/suspended/").content.decode()
    assert "不是真实的需求或供给" in page
    assert "/appeal/" in page
    for address in ("/me/", "/me/members/", "/me/certificates/", "/me/sites/", "/partnerships/", "/needs/new/"):
        assert again.get(address).url.endswith("/me/suspended/"), address
    assert again.get(f"/needs/{posting.number}/").status_code == 404
    assert again.post(f"/postings/{posting.number}/pause/").url.endswith("/me/suspended/")


def test_who_acts_for_another_firm_too_keeps_the_session_and_loses_the_suspended_firm(owner, shut, signed_in):
    second = MembershipFactory(user=owner.user)
    client = signed_in(owner.user)
    client.post("/me/acting/", {"enterprise": owner.enterprise.key})
    assert owner.enterprise.name in client.get("/me/").content.decode()

    shut(owner.enterprise)

    page = client.get("/me/")
    assert page.status_code == 200
    assert page.context["enterprise"] == second.enterprise


def test_a_former_member_and_a_stranger_keep_their_sessions(owner, shut, signed_in):
    former = MembershipFactory(enterprise=owner.enterprise, former=True)
    clients = [signed_in(user) for user in (former.user, MembershipFactory().user)]

    shut(owner.enterprise)

    assert [client.get("/me/").status_code for client in clients] == [200, 200]


def test_tokens_die_at_once_and_stay_dead_when_the_firm_is_back(owner, shut, admin):
    partner = Partner(owner.enterprise, owner.user)
    assert partner.ask("postings/").status_code == 200

    shut(owner.enterprise)
    assert partner.ask("postings/").status_code == 401

    restore_enterprise(enterprise=owner.enterprise, actor=admin)
    assert partner.ask("postings/").status_code == 401
    partner.system.client.refresh_from_db()
    assert partner.system.client.revoked_at is not None


def test_its_postings_leave_lists_pages_suggestions_and_the_api_and_come_back(owner, shut, admin, signed_in):
    need = PostingFactory()
    asker = MembershipFactory(enterprise=need.enterprise)
    capacity = PostingFactory(enterprise=owner.enterprise, capacity=True)
    partner = Partner(asker.enterprise, asker.user)
    reader = signed_in(asker.user)
    build_snapshot()

    def seen():
        listed = capacity.number in reader.get("/capacities/").content.decode()
        opened = reader.get(f"/capacities/{capacity.number}/").status_code == 200
        fetched = partner.ask(f"postings/{capacity.number}/").status_code == 200
        told = capacity.number in partner.ask("postings/?direction=capacity").content.decode()
        matched = suggestions_for(posting=need, viewer=asker.user).matches
        return [listed, opened, fetched, told, capacity.number in [match.posting.number for match in matched]]

    assert seen() == [True] * 5
    shut(owner.enterprise)
    assert seen() == [False] * 5
    restore_enterprise(enterprise=owner.enterprise, actor=admin)
    assert seen() == [True] * 5


def test_its_interests_end_in_the_same_act_with_a_reason_and_others_stay(owner, shut):
    capacity = PostingFactory(enterprise=owner.enterprise, capacity=True)
    asked = PartnershipFactory(capacity=capacity)
    asking = PartnershipFactory(need=PostingFactory(enterprise=owner.enterprise))
    elsewhere = PartnershipFactory()
    counterpart = MembershipFactory(enterprise=asked.need.enterprise)

    shut(owner.enterprise)

    for partnership in (asked, asking, elsewhere):
        partnership.refresh_from_db()
    assert [asked.state, asking.state, elsewhere.state] == [State.FAILED, State.FAILED, State.INTERESTED]
    assert asked.end_reason == Reason.END_PARTNERSHIP_POSTING_OVER.value
    assert counterpart.user.notices.get().kind == "interest_lapsed"


def test_it_is_one_record_that_counts_what_was_closed_and_twice_changes_nothing(owner, shut, admin):
    Partner(owner.enterprise, owner.user)

    shut(owner.enterprise)
    shut(owner.enterprise)

    record = Change.objects.get(verb=Verb.SUSPENDED)
    assert (record.actor, record.reason) == (admin, Reason.FLAG_JUNK.value)
    assert record.facts == {"note": "示例", "sessions": 1, "clients": 1}


def test_nothing_is_closed_when_a_part_of_it_fails(owner, admin, monkeypatch, signed_in):
    client, partner = signed_in(owner.user), Partner(owner.enterprise, owner.user)
    PartnershipFactory(capacity=PostingFactory(enterprise=owner.enterprise, capacity=True))

    def broken(partnership):
        raise RuntimeError

    monkeypatch.setattr("matchmaking.partnerships.services.suspending.end_overdue_interest", broken)
    with pytest.raises(RuntimeError):
        suspend_firm(enterprise=owner.enterprise, actor=admin, reason=Reason.FLAG_JUNK, note="示例")

    owner.enterprise.refresh_from_db()
    assert owner.enterprise.suspended_at is None
    assert (client.get("/me/").status_code, partner.ask("postings/").status_code) == (200, 200)
