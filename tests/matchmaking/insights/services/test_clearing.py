"""Every chain is cleared once a week: what stays open has an owner whose right reaches it, and its smallest change."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Change, Notice
from common.errors import Refused
from common.reasons import Reason, reasons_of
from matchmaking.insights.models import Clearing, ClearingLine
from matchmaking.insights.queries.clearings import (
    MINE,
    NOBODY,
    OPEN,
    SHARES,
    clearings_of,
    coordinators_of,
    counted_in,
    figures_of_clearing,
    lines_of_part,
    postings_to_meet,
)
from matchmaking.insights.queries.coordination import scope_of
from matchmaking.insights.services import clearing as service
from matchmaking.insights.services.clearing import clear_chain, clear_markets, give_needs, monday_of
from matchmaking.postings.choices import Period, Visibility
from reference.models import IndustryChain, Region
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory

pytestmark = [pytest.mark.usefixtures("compiled"), pytest.mark.django_db]
CHENGDU, JINJIANG, YUBEI = "510100", "510104", "500112"


def grant_in(*codes, **fields):
    made = CoordinatorGrantFactory(**fields)
    made.regions.set(Region.objects.filter(code__in=codes))
    return made


def posted(amount, code=JINJIANG, **fields):
    region = Region.objects.get(code=code)
    return PostingFactory(quantity_amount=Decimal(amount), region=region, **{"period": Period.ONCE} | fields)


@pytest.fixture
def market():
    """A need across the border from the one capacity, filled in part, and another that nothing fits as it is."""
    served = posted(100, consortium_allowed=True, minimum_share_percent=10)
    supplier = posted(60, YUBEI, capacity=True)
    return served, supplier


def cleared(posting):
    return clear_chain(chain=posting.node.chain)


def week_goes_by():
    """What was cleared so far lies a week further back."""
    for clearing in Clearing.objects.order_by("week"):
        clearing.week -= timedelta(days=7)
        clearing.save()


def test_a_week_is_cleared_once_and_the_next_one_anew(market):
    clearing = cleared(market[0])
    assert clearing.week == monday_of(timezone.localdate())
    assert clearing.week.weekday() == 0
    assert cleared(market[0]) is None
    week_goes_by()
    assert cleared(market[0]).week == clearing.week
    assert list(clearings_of(UserFactory(platform_admin=True)).values_list("week", flat=True)) == [
        clearing.week,
        clearing.week - timedelta(days=7),
    ]
    assert [monday_of(date(2026, 11, day)) for day in (30, 29, 23)] == [
        date(2026, 11, 30),
        date(2026, 11, 23),
        date(2026, 11, 23),
    ]


def test_shares_and_what_stays_open_add_up_to_the_need(market):
    need, capacity = market
    clearing = cleared(need)
    share, rest = clearing.lines.order_by("capacity_id").exclude(capacity=None), clearing.lines.filter(capacity=None)
    assert [(line.need, line.capacity, line.amount, line.asked) for line in share] == [(need, capacity, 60, 100)]
    assert [(line.need, line.amount, line.reason) for line in rest] == [(need, 40, Reason.GAP_PLAN_TAKEN.value)]
    assert Change.objects.get(thing="clearing").facts == {"chain": need.node.chain.code, "open": 1, "owned": 0}


def test_the_smallest_change_is_one_of_the_hints_that_the_firm_itself_reads():
    need = posted(100)
    late = posted(500, YUBEI, capacity=True, window_start=need.window_end + timedelta(days=3))
    line = cleared(need).lines.get()
    assert (line.nearest, line.capacity) == (late, None)
    assert Reason(line.change) in reasons_of("hint")
    assert line.reason == Reason.GAP_WINDOW_MISS.value


def test_a_change_that_needs_another_one_beside_it_is_no_change():
    need = posted(100)
    posted(50, YUBEI, capacity=True, window_start=need.window_end + timedelta(days=3))
    line = cleared(need).lines.get()
    assert line.reason in (Reason.GAP_WINDOW_MISS.value, Reason.GAP_QUANTITY_SHORT.value)
    assert (line.change, line.nearest) == ("", None)


def test_a_chain_that_fails_does_not_stop_the_others(market, monkeypatch):
    chains = list(IndustryChain.objects.all())
    failing = {chains[0].code: RuntimeError("broken"), chains[1].code: IntegrityError("there already")}
    real = service.clear_chain

    def clear(*, chain):
        if chain.code in failing:
            raise failing[chain.code]
        return real(chain=chain)

    monkeypatch.setattr(service, "clear_chain", clear)
    with pytest.raises(RuntimeError, match=f"not cleared: {chains[0].code}$"):
        clear_markets()
    assert not Clearing.objects.filter(chain__code__in=failing).exists()
    assert Clearing.objects.count() > 1


def test_what_only_a_network_may_see_is_in_no_clearing(market):
    need, capacity = market
    capacity.opens_on = timezone.localdate() + timedelta(days=9)
    capacity.save()
    line = cleared(need).lines.get()
    assert (line.capacity, line.nearest, line.amount) == (None, None, 100)


def test_what_somebody_has_who_coordinates_no_longer_is_nobodys():
    grant, need = grant_in(JINJIANG), posted(100)
    clearing = cleared(need)
    grant.revoked_at = timezone.now()
    grant.save()
    admin = UserFactory(platform_admin=True)
    assert [line.need for line in lines_of_part(scope_of(admin), clearing, NOBODY, admin)] == [need]
    assert counted_in(scope_of(admin), [clearing], admin)[clearing.pk]["nobody"] == 1


def test_a_need_that_nothing_comes_near_is_told_without_a_change():
    line = cleared(posted(100)).lines.get()
    assert (line.change, line.nearest, line.owner) == ("", None, None)
    assert line.reason == Reason.GAP_NODE_MISMATCH.value


def test_the_narrowest_right_owns_and_equal_ones_share_the_work():
    everywhere, wide = grant_in(), grant_in("510000")
    first, second, other = grant_in(JINJIANG), grant_in(JINJIANG), grant_in(YUBEI)
    needs = [posted(100), posted(100)]
    across = posted(100, YUBEI)
    gone = grant_in(JINJIANG, revoked_at=timezone.now())
    elsewhere = grant_in(JINJIANG)
    elsewhere.chains.add(IndustryChain.objects.exclude(pk=across.node.chain_id).first())

    owners = {line.need: line.owner for line in cleared(across).lines.all()}

    assert {owners[need] for need in needs} == {first.user, second.user}
    assert owners[across] == other.user
    assert not {everywhere.user, wide.user, gone.user, elsewhere.user} & set(owners.values())


def test_nobody_owns_a_need_of_a_firm_of_their_own():
    need, near, far = posted(100), grant_in(JINJIANG), grant_in("510000")
    MembershipFactory(user=near.user, enterprise=need.enterprise)
    assert cleared(need).lines.get().owner == far.user


def test_who_had_a_need_last_week_keeps_it_while_their_right_reaches_it():
    first, second, need = grant_in(JINJIANG), grant_in(JINJIANG), posted(100)
    before = cleared(need)
    before.lines.update(owner=second.user)
    week_goes_by()
    assert cleared(need).lines.get().owner == second.user
    second.revoked_at = timezone.now()
    second.save()
    week_goes_by()
    assert cleared(need).lines.get().owner == first.user


def test_owners_are_told_once_how_many_needs_are_theirs():
    grant, need = grant_in(JINJIANG), posted(100)
    posted(200)
    clearing = cleared(need)
    notice = Notice.objects.get(reader=grant.user, kind=NoticeKind.CLEARING_READY)
    assert (notice.facts, notice.thing_key) == ({"count": 2}, clearing.key)


def test_everybody_reads_the_needs_of_their_own_scope_alone(market):
    need, capacity = market
    near, far, admin = grant_in(JINJIANG), grant_in(YUBEI), UserFactory(platform_admin=True)
    clearing = cleared(need)

    def read(user, part):
        return list(lines_of_part(scope_of(user), clearing, part, user))

    assert [len(read(near.user, part)) for part in (OPEN, MINE, NOBODY, SHARES)] == [1, 1, 0, 1]
    assert [len(read(far.user, part)) for part in (OPEN, SHARES)] == [0, 0]
    assert len(read(admin, OPEN)) == 1
    (share,) = read(near.user, SHARES)
    assert (share.is_inside, share.is_public, share.is_met) == (False, True, False)
    assert counted_in(scope_of(near.user), [clearing], near.user)[clearing.pk] == {
        "clearing": clearing.pk,
        "needs": 1,
        "open": 1,
        "mine": 1,
        "nobody": 0,
    }
    (told,) = figures_of_clearing(scope_of(near.user), clearing)
    assert (told.asked, told.placed, told.needs, told.filled, told.partly, told.open) == (100, 60, 1, 0, 1, 0)
    assert told.percent == 60
    assert figures_of_clearing(scope_of(far.user), clearing) == []


def test_a_clearing_is_read_by_who_looks_after_its_chain(market):
    clearing = cleared(market[0])
    other = grant_in()
    other.chains.add(IndustryChain.objects.exclude(pk=clearing.chain_id).first())
    inside = grant_in(JINJIANG)
    inside.chains.add(clearing.chain)
    readers = [inside.user, grant_in().user, UserFactory(platform_admin=True)]
    assert [list(clearings_of(user)) for user in readers] == [[clearing]] * 3
    assert [list(clearings_of(user)) for user in (other.user, MembershipFactory().user)] == [[], []]


def test_needs_are_given_and_taken_inside_the_scopes_of_both():
    owner, colleague, far = grant_in(JINJIANG), grant_in("510000"), grant_in(YUBEI)
    need = posted(100)
    clearing = cleared(need)
    lines = list(clearing.lines.all())

    assert set(coordinators_of(clearing)) == {owner.user, colleague.user, far.user}
    with pytest.raises(Refused) as refused:
        give_needs(clearing=clearing, lines=lines, receiver=far.user, actor=owner.user)
    assert refused.value.reason == Reason.REFUSAL_OUT_OF_REACH
    with pytest.raises(Refused) as refused:
        give_needs(clearing=clearing, lines=lines, receiver=far.user, actor=far.user)
    assert refused.value.reason == Reason.REFUSAL_NOT_YOURS

    assert give_needs(clearing=clearing, lines=lines, receiver=colleague.user, actor=owner.user) == 1
    assert ClearingLine.objects.get().owner == colleague.user
    assert Notice.objects.get(reader=colleague.user, kind=NoticeKind.CLEARING_GIVEN).facts == {"count": 1}
    lines = list(clearing.lines.all())
    assert give_needs(clearing=clearing, lines=lines, receiver=colleague.user, actor=colleague.user) == 0
    assert give_needs(clearing=clearing, lines=lines, receiver=owner.user, actor=owner.user) == 1
    assert not Notice.objects.filter(reader=owner.user, kind=NoticeKind.CLEARING_GIVEN).exists()


def test_firms_to_meet_are_those_of_the_scope_under_their_own_names(market):
    need, capacity = market
    clearing, grant = cleared(need), grant_in(JINJIANG, YUBEI)
    assert set(postings_to_meet(scope_of(grant.user), clearing)) == {need, capacity}
    capacity.visibility = Visibility.ALIAS
    capacity.save()
    assert set(postings_to_meet(scope_of(grant.user), clearing)) == {need}


def test_the_command_clears_every_chain_once(market):
    said = io.StringIO()
    call_command("clear_markets", stdout=said)
    call_command("clear_markets", stdout=said)
    chains = Clearing.objects.count()
    assert said.getvalue() == f"{chains} chains cleared\n0 chains cleared\n"
    assert chains > 1
    assert ClearingLine.objects.exclude(clearing__chain=market[0].node.chain).count() == 0
