"""Own network first: who sees a posting before it opens and after, and that nobody else can tell that it is there."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.utils import timezone

from accounts.models import Change, Enterprise, NetworkMembership
from accounts.services.networks import answer_network, ask_network, end_network
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.engine.listing import Listed, listed_keys
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services.life import expire_postings
from matchmaking.postings.services.opening import open_posting
from matchmaking.postings.services.publishing import pause_posting, publish_posting, renew_posting, resume_posting
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseFactory,
    MembershipFactory,
    NetworkMembershipFactory,
    UserFactory,
)
from tests.factories.parks import ParkAdministratorFactory
from tests.factories.postings import PostingFactory, days_from_today
from tests.factories.reference import RegionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[False, True], ids=["need", "capacity"])
def posting(request):
    """A posting of either direction that opens in five days."""
    return PostingFactory(capacity=request.param, network_first_days=5, opens_on=days_from_today(5))


@pytest.fixture
def readers(posting):
    """Whoever there is, by role."""
    buyer = posting.enterprise
    member = MembershipFactory()
    NetworkMembershipFactory(buyer=buyer, supplier=member.enterprise)
    fellow = MembershipFactory()
    NetworkMembershipFactory(buyer=EnterpriseFactory(), supplier=fellow.enterprise)
    asked, left, shut = MembershipFactory(), MembershipFactory(), MembershipFactory(enterprise__suspended=True)
    NetworkMembershipFactory(buyer=buyer, supplier=asked.enterprise, asked=True)
    NetworkMembershipFactory(buyer=buyer, supplier=left.enterprise, ended=True)
    NetworkMembershipFactory(buyer=buyer, supplier=shut.enterprise)
    upwards = MembershipFactory()
    NetworkMembershipFactory(buyer=upwards.enterprise, supplier=buyer)
    near, far = CoordinatorGrantFactory(), CoordinatorGrantFactory()
    near.regions.add(posting.region)
    far.regions.add(RegionFactory(code="910101"))
    return {
        "visitor": AnonymousUser(),
        "user without a firm": UserFactory(),
        "viewer of its own firm": MembershipFactory(enterprise=buyer, viewer=True).user,
        "owner of its own firm": MembershipFactory(enterprise=buyer).user,
        "former colleague": MembershipFactory(enterprise=buyer, former=True).user,
        "member": member.user,
        "viewer of a member": MembershipFactory(enterprise=member.enterprise, viewer=True).user,
        "former colleague of a member": MembershipFactory(enterprise=member.enterprise, former=True).user,
        "of a member and an outsider": MembershipFactory(
            user=MembershipFactory(enterprise=member.enterprise).user
        ).user,
        "member of another network": fellow.user,
        "only asked": asked.user,
        "has left": left.user,
        "suspended member": shut.user,
        "firm whose network the buyer is in": upwards.user,
        "outsider": MembershipFactory().user,
        "coordinator in scope": near.user,
        "coordinator elsewhere": far.user,
        "park administrator": ParkAdministratorFactory().user,
        "platform administrator": UserFactory(platform_admin=True),
    }


BEFORE = {
    "viewer of its own firm",
    "owner of its own firm",
    "member",
    "viewer of a member",
    "of a member and an outsider",
    "coordinator in scope",
    "platform administrator",
}


def seen_by(readers, posting):
    return {role for role, user in readers.items() if Posting.objects.visible_to(user).filter(pk=posting.pk).exists()}


def test_until_it_opens_the_own_firm_its_network_and_staff_in_scope_see_it_and_nobody_else(readers, posting):
    assert seen_by(readers, posting) == BEFORE


@pytest.mark.parametrize("opens_in", [0, -1])
def test_from_the_day_on_which_it_opens_everybody_sees_it(readers, posting, opens_in):
    Posting.objects.filter(pk=posting.pk).update(opens_on=days_from_today(opens_in))

    assert seen_by(readers, posting) == set(readers)


def test_a_system_sees_for_its_firm_what_the_firm_sees(posting):
    member, outsider = NetworkMembershipFactory(buyer=posting.enterprise).supplier, EnterpriseFactory()
    asked = [posting.enterprise, member, outsider, None]

    before = [Posting.objects.visible_through(firm).filter(pk=posting.pk).exists() for firm in asked]
    Posting.objects.filter(pk=posting.pk).update(opens_on=timezone.localdate())
    after = [Posting.objects.visible_through(firm).filter(pk=posting.pk).exists() for firm in asked]

    assert (before, after) == ([True, True, False, False], [True] * 4)


def test_hidden_from_a_member_stays_hidden_and_a_draft_is_shown_to_no_member(posting):
    member = MembershipFactory()
    NetworkMembershipFactory(buyer=posting.enterprise, supplier=member.enterprise)
    draft = PostingFactory(enterprise=posting.enterprise, draft=True, network_first_days=5)
    posting.hidden_from.add(member.enterprise)

    assert not Posting.objects.visible_to(member.user).filter(pk__in=(posting.pk, draft.pk)).exists()


def test_who_joins_sees_it_at_once_and_who_leaves_no_more_also_in_the_market(posting):
    owner, supplier = MembershipFactory(enterprise=posting.enterprise), MembershipFactory()

    def known():
        rows = current_market()
        entries = rows.changed.get(posting.number)
        return Posting.objects.visible_to(supplier.user).filter(pk=posting.pk).exists(), entries and entries.asked_first

    current_market()
    row = ask_network(enterprise=owner.enterprise, actor=owner.user, firm=supplier.enterprise.key, invites=True)
    waiting = known()
    answer_network(membership=row, actor=supplier.user, accepts=True)
    joined = known()
    end_network(membership=row, actor=supplier.user, by=supplier.enterprise)

    assert (waiting[0], joined, known()) == (
        False, (True, frozenset({supplier.enterprise_id})), (False, frozenset())
    )  # fmt: skip


def test_a_member_that_was_suspended_for_a_while_counts_and_finds_it_again(posting):
    supplier = MembershipFactory(enterprise__suspended=True)
    NetworkMembershipFactory(buyer=posting.enterprise, supplier=supplier.enterprise)
    current_market()
    Enterprise.objects.update(suspended_at=None)

    filters = Listed(today=timezone.localdate(), readers={supplier.enterprise_id}, own={supplier.enterprise_id})

    assert listed_keys(filters, current_market()) == {posting.number}
    assert Posting.objects.visible_to(supplier.user).filter(pk=posting.pk).exists()


def test_publishing_counts_the_days_from_the_first_publication_and_nothing_restarts_them():
    owner = MembershipFactory()
    NetworkMembershipFactory(buyer=owner.enterprise)
    draft = PostingFactory(enterprise=owner.enterprise, draft=True, network_first_days=5)

    row = publish_posting(posting=draft, actor=owner.user)
    opens = row.opens_on
    Posting.objects.filter(pk=row.pk).update(
        published_at=timezone.now() - timedelta(days=3), opens_on=days_from_today(2)
    )
    pause_posting(posting=row, actor=owner.user)
    resume_posting(posting=row, actor=owner.user)
    renew_posting(posting=row, actor=owner.user)

    row.refresh_from_db()
    assert (opens, row.opens_on, row.network_first_days) == (days_from_today(5), days_from_today(2), 5)


def test_publishing_refuses_to_ask_a_network_in_which_nobody_is():
    owner = MembershipFactory()
    NetworkMembershipFactory(buyer=owner.enterprise, asked=True)
    draft = PostingFactory(enterprise=owner.enterprise, draft=True, network_first_days=5)

    with pytest.raises(Invalid) as refusal:
        publish_posting(posting=draft, actor=owner.user)

    draft.refresh_from_db()
    assert refusal.value.fields == {"network_first_days": Reason.REFUSAL_NETWORK_EMPTY}
    assert (draft.status, draft.opens_on) == (Status.DRAFT, None)


def test_once_published_it_does_not_matter_that_the_last_member_left(posting):
    owner = MembershipFactory(enterprise=posting.enterprise)

    renew_posting(posting=posting, actor=owner.user)

    assert NetworkMembership.objects.count() == 0
    posting.refresh_from_db()
    assert posting.asks_network_first


def test_its_owner_opens_it_at_once_and_only_once(posting):
    owner, viewer = (MembershipFactory(enterprise=posting.enterprise, **told) for told in ({}, {"viewer": True}))
    Posting.objects.filter(pk=posting.pk).update(published_at=timezone.now() - timedelta(days=2))

    refusals = []
    for actor in (viewer, MembershipFactory()):
        with pytest.raises(Refused) as refusal:
            open_posting(posting=posting, actor=actor.user)
        refusals.append(refusal.value.reason)
    row = open_posting(posting=posting, actor=owner.user)
    with pytest.raises(Refused) as again:
        open_posting(posting=posting, actor=owner.user)

    assert refusals == [Reason.REFUSAL_NOT_YOURS] * 2
    assert (again.value.reason, row.asks_network_first) == (Reason.REFUSAL_ALREADY_THERE, False)
    assert timezone.localdate(row.published_at) == timezone.localdate()
    assert list(Change.objects.values_list("verb", "thing_key")) == [("published", posting.number)]
    assert Posting.objects.visible_to(AnonymousUser()).filter(pk=posting.pk).exists()


def test_the_night_after_it_opened_it_is_published_anew_once(posting):
    was = timezone.now() - timedelta(days=5)
    Posting.objects.filter(pk=posting.pk).update(published_at=was, opens_on=timezone.localdate())
    (
        PostingFactory(),
        PostingFactory(opens_on=days_from_today(1)),
        PostingFactory(opens_on=timezone.localdate(), draft=True),
    )

    counts = [expire_postings().opened, expire_postings().opened]

    posting.refresh_from_db()
    assert (counts, posting.published_at > was, posting.opens_on) == ([1, 0], True, timezone.localdate())
    assert list(Change.objects.values_list("verb", "thing_key")) == [("published", posting.number)]
    assert not Posting.objects.filter(opens_on__gt=F("published_at__date"), pk=posting.pk).exists()
