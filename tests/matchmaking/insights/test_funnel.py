"""How far postings come: each step by its rows, partners by province, parts that add up, and small groups untold."""

from datetime import date, datetime
from itertools import pairwise

import pytest
from django.utils import timezone

from accounts.models import Enterprise
from matchmaking.insights.choices import FunnelPart, FunnelStep
from matchmaking.insights.queries.funnel import (
    at_step,
    funnel_of,
    funnel_told_together,
    published_in,
    reach_of,
)
from matchmaking.partnerships.choices import Act, Answer, OutcomeState, Side, State
from matchmaking.partnerships.models import Outcome, OutcomeStatement
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import Posting
from reference.models import Region
from tests.factories.accounts import CoordinatorGrantFactory, EnterpriseFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory, ParkFactory
from tests.factories.partnerships import PartnershipEventFactory, PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
PROVINCES = ("510000", "500000")
CHENGDU, CHONGQING = "510104", "500153"


def region(code):
    return Region.objects.get(code=code)


def partners(need, code=CHONGQING, *, acts=(), outcome=None, yes=(), introduced=True, enterprise=None):
    """A partnership of ``need`` with a capacity in ``code``, with these events, outcome and statements."""
    owner = {"enterprise": enterprise} if enterprise else {}
    capacity = PostingFactory(capacity=True, node=need.node, region=region(code), **owner)
    fields = {"state": State.AGREED, "introduced_at": timezone.now()} if introduced else {}
    made = PartnershipFactory(need=need, capacity=capacity, **fields)
    for act, side in acts:
        PartnershipEventFactory(partnership=made, act=act, side=side)
    if outcome:
        amounts = {"confirmed_amount": 5, "confirmed_on": timezone.localdate()} if outcome == "confirmed" else {}
        Outcome.objects.create(partnership=made, state=outcome, due_on=timezone.localdate(), **amounts)
    for side in yes:
        OutcomeStatement.objects.create(partnership=made, side=side, answer=Answer.YES, delivered_amount=5)
    return made


SAMPLE, SIGNED = (Act.SEND_SAMPLE, Side.CAPACITY), (Act.AGREE, Side.PLATFORM)
BOTH = (Side.NEED, Side.CAPACITY)


@pytest.fixture
def market():
    """Eight needs of Chengdu, each at another step; the capacities stand in Chongqing."""
    first = PostingFactory(region=region(CHENGDU))
    needs = [first, *(PostingFactory(node=first.node, region=region(CHENGDU)) for _ in range(7))]
    partners(needs[0], acts=[(Act.DECLARE_INTEREST, Side.NEED)], introduced=False)
    partners(needs[1], acts=[(Act.DECLINE, Side.CAPACITY)], introduced=False)
    partners(needs[2])
    partners(needs[3], acts=[SAMPLE])
    partners(needs[4], acts=[SIGNED])
    partners(needs[5], acts=[SIGNED], outcome=OutcomeState.CONFIRMED, yes=BOTH)
    partners(needs[6], acts=[SIGNED], outcome=OutcomeState.OPEN, yes=[Side.CAPACITY])
    partners(needs[7], acts=[SIGNED], outcome=OutcomeState.DISPUTED, yes=BOTH)
    PostingFactory(draft=True, node=first.node, region=region(CHENGDU))
    PostingFactory(in_review=True, node=first.node, region=region(CHENGDU))
    return needs


def needs_of():
    return Posting.objects.filter(direction=Direction.NEED)


def counted(postings=None, part=FunnelPart.CHAIN, **asked):
    rows = needs_of() if postings is None else postings
    return funnel_of(rows, part=part, provinces=PROVINCES, **asked)


def figures(counts):
    return [counts[step] for step in FunnelStep]


def test_each_step_counts_the_postings_that_came_to_it(market):
    assert figures(counted().whole) == [8, 7, 6, 1, 4, 1, 1, 1]
    whole = counted(Posting.objects.filter(direction=Direction.CAPACITY)).whole
    assert figures(whole) == [8, 7, 6, 1, 4, 1, 1, 1]


@pytest.mark.parametrize("step", FunnelStep)
def test_a_figure_is_as_long_as_the_rows_at_its_step(market, step):
    assert counted().whole[step] == needs_of().filter(at_step(step)).count()


def test_one_statement_is_never_an_outcome_and_ends_where_another_is_confirmed(market):
    told = market[6]
    assert told not in needs_of().filter(at_step(FunnelStep.CONFIRMED))
    assert list(needs_of().filter(at_step(FunnelStep.ONE_SIDED))) == [told]
    partners(told, acts=[SIGNED], outcome=OutcomeState.CONFIRMED, yes=BOTH)
    assert figures(counted().whole)[-3:] == [2, 0, 1]


def test_lapsed_statements_of_one_side_stay_told_apart(market):
    Outcome.objects.filter(state=OutcomeState.OPEN).update(state=OutcomeState.UNCONFIRMED)
    assert counted().whole[FunnelStep.ONE_SIDED] == 1
    assert counted().whole[FunnelStep.CONFIRMED] == 1


def test_a_posting_with_two_partners_counts_once(market):
    partners(market[2])
    assert figures(counted().whole) == [8, 7, 6, 1, 4, 1, 1, 1]


def test_the_partners_province_narrows_every_step_but_the_first(market):
    partners(market[0], "510700", acts=[SIGNED])
    assert figures(counted(other="510000").whole) == [8, 1, 1, 0, 1, 0, 0, 0]
    lines = counted(part=FunnelPart.DIRECTION).lines
    assert [(line.code, line.other, figures(line.counted)[:5]) for line in lines] == [
        ("510000", "510000", [8, 1, 1, 0, 1]),
        ("510000", "500000", [8, 7, 6, 1, 4]),
    ]
    narrowed = counted(part=FunnelPart.DIRECTION, other="500000").lines
    assert [line.other for line in narrowed] == ["500000"]


def test_parts_add_up_to_the_whole(market):
    Posting.objects.filter(pk=market[5].pk).update(published_at=timezone.make_aware(datetime(2026, 1, 31, 23, 59)))
    for part in (FunnelPart.CHAIN, FunnelPart.MONTH):
        found = counted(part=part)
        sums = [sum(line.counted[step] for line in found.lines) for step in FunnelStep]
        assert sums == figures(found.whole)
    months = {line.code: line.counted for line in counted(part=FunnelPart.MONTH).lines}
    assert months["2026-01"][FunnelStep.CONFIRMED] == 1
    assert list(published_in(needs_of(), date(2026, 1, 1))) == [market[5]]
    assert published_in(needs_of(), date(2025, 12, 1)).count() == 0


def test_parks_count_what_lies_in_their_regions(market):
    park = ParkFactory(regions=[region(CHENGDU), region(CHONGQING)])
    ParkFactory(regions=[region("510700")])
    partners(PostingFactory(node=market[0].node, region=region("510700")), acts=[SIGNED])
    found = {line.code: figures(line.counted) for line in counted(part=FunnelPart.PARK).lines}
    assert found[park.slug] == [8, 7, 6, 1, 4, 1, 1, 1]
    assert len(found) == 2


def test_steps_of_the_table_of_moves_never_grow_but_for_samples(market):
    whole = counted().whole
    nested = [step for step in list(FunnelStep)[:6] if step != FunnelStep.SAMPLED]
    assert all(whole[before] >= whole[after] for before, after in pairwise(nested))


@pytest.mark.parametrize(("part", "most"), [("chain", 2), ("flow", 2), ("month", 2), ("park", 4)])
def test_the_number_of_queries_does_not_grow_with_rows(market, django_assert_num_queries, part, most):
    ParkFactory.create_batch(3)
    with django_assert_num_queries(most):
        found = counted(part=FunnelPart(part))

    assert found.whole


def test_each_reader_reaches_what_they_look_after(market):
    grant = CoordinatorGrantFactory()
    grant.regions.add(region(CHONGQING))
    assert reach_of(grant.user).sees_rows
    assert set(reach_of(grant.user).postings.values_list("region__code", flat=True)) == {CHONGQING}
    runs = ParkAdministratorFactory(park=ParkFactory(regions=[region(CHENGDU)]))
    reach = reach_of(runs.user)
    assert not reach.sees_rows
    assert reach.postings.count() == 9
    assert reach_of(UserFactory()) is None


def test_who_sees_no_rows_is_told_no_step_of_fewer_than_three_firms_on_either_side(market):
    whole = funnel_told_together(Posting.objects.all(), Direction.NEED).whole
    assert figures(whole) == [8, 7, 6, None, 4, None, None, None]
    supplier = Enterprise.objects.filter(postings__direction=Direction.CAPACITY).first()
    Posting.objects.filter(direction=Direction.CAPACITY).update(enterprise=supplier)
    assert figures(funnel_told_together(Posting.objects.all(), Direction.NEED).whole) == [8, *[None] * 7]
    assert figures(funnel_told_together(Posting.objects.all(), Direction.CAPACITY).whole) == [None] * 8


def test_what_nobody_came_to_is_told_as_none(market):
    OutcomeStatement.objects.all().delete()
    assert funnel_told_together(Posting.objects.all(), Direction.NEED).whole[FunnelStep.ONE_SIDED] == 0


def test_partners_of_what_is_confirmed_do_not_stand_behind_what_one_side_tells(market):
    one, others = EnterpriseFactory(), [EnterpriseFactory() for _ in range(2)]
    OutcomeStatement.objects.all().delete()
    told = {"acts": [SIGNED], "outcome": OutcomeState.OPEN, "yes": [Side.CAPACITY]}
    for _ in range(3):
        partners(PostingFactory(node=market[0].node), enterprise=one, **told)
    for other in others:
        need = PostingFactory(node=market[0].node)
        partners(need, enterprise=other, **told)
        partners(need, acts=[SIGNED], outcome=OutcomeState.CONFIRMED, yes=BOTH)
    assert funnel_told_together(Posting.objects.all(), Direction.NEED).whole[FunnelStep.ONE_SIDED] is None
