"""Kept flows equal those counted from scratch, each pair counts once at its furthest step, only changes are read."""

from datetime import timedelta
from itertools import permutations, product
from random import Random

import pytest
from django.utils import timezone

from accounts.choices import Verb
from accounts.services.changes import record_change, unit_of_work
from matchmaking.insights.choices import FlowKind, FlowLevel
from matchmaking.insights.models import Flow, FlowRun
from matchmaking.insights.queries.flows import Asked, flows_of
from matchmaking.insights.services.flows.reading import cases_of
from matchmaking.insights.services.flows.refreshing import refresh_flows, rows_of
from matchmaking.matching.models import Suggestion
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Outcome, Partnership
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from reference.models import ChainNode, Region
from tests.factories.accounts import EnterpriseFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db

LONGCHANG, RONGCHANG, JINJIANG = "511083", "500153", "510104"


def posting(region, firm, *, capacity=False):
    node = ChainNode.objects.filter(code__startswith="AUTO.", retired_on__isnull=True).order_by("code")[3]
    place = Region.objects.get(code=region)
    return PostingFactory(enterprise=firm, region=place, node=node, capacity=capacity)


def joined(need, supply, buyer, supplier, **values):
    return PartnershipFactory(need=posting(need, buyer), capacity=posting(supply, supplier, capacity=True), **values)


def confirmed(*args):
    row = joined(*args, state=State.COMPLETED, introduced_at=timezone.now())
    today = timezone.localdate()
    Outcome.objects.create(partnership=row, state="confirmed", due_on=today, confirmed_amount=1, confirmed_on=today)
    return row


def suggested(need, capacity):
    return Suggestion.objects.create(
        posting=need, counterpart=capacity, channel="page", position=1, points=80, grade=4, shown_at=timezone.now()
    )


def firms(number):
    return [EnterpriseFactory() for _number in range(number)]


@unit_of_work
def tell(thing):
    record_change(thing=thing, verb=Verb.CHANGED, actor=None)


def told(row):
    return (str(row.kind), int(row.level), row.need, row.supply, row.chain, row.month, row.cooperation, row.cases)


def kept():
    return sorted(map(str, map(told, Flow.objects.all())))


def fresh():
    return sorted(map(str, map(told, rows_of(cases_of(timezone.localdate())))))


def test_a_single_confirmed_pair_is_named_by_region_and_by_place_without_a_number():
    confirmed(LONGCHANG, RONGCHANG, *firms(2))
    refresh_flows()

    by_region = flows_of(user=None, asked=Asked(by_region=True))
    assert [(line.need.code, line.supply.code, line.cases) for line in by_region.lines] == [
        (LONGCHANG, RONGCHANG, None)
    ]
    by_place = flows_of(user=None, asked=Asked())
    assert [(line.need.code, line.supply.code, line.cases) for line in by_place.lines] == [("511000", RONGCHANG, None)]
    assert (by_place.total, by_place.across_percent, by_place.unplaced) == (0, None, 0)
    narrowed = flows_of(user=None, asked=Asked(chain="AUTO"))
    assert narrowed.lines == []


def test_three_firms_on_either_side_are_told_and_parted_by_what_they_share():
    buyers, suppliers = firms(3), firms(3)
    for buyer, supplier in zip(buyers, suppliers, strict=True):
        confirmed(LONGCHANG, RONGCHANG, buyer, supplier)
    refresh_flows()

    (row,) = Flow.objects.all()
    month = f"{timezone.localdate():%Y-%m}"
    assert told(row) == (FlowKind.CONFIRMED, FlowLevel.REGION, LONGCHANG, RONGCHANG, "AUTO", month, "", 3)
    found = flows_of(user=None, asked=Asked(chain="AUTO", month=month))
    assert (found.total, found.across, found.across_percent, found.open) == (3, 3, 100, 0)
    assert found.by_tile == {"511000": (3, 0), RONGCHANG: (0, 3)}


@pytest.mark.parametrize("kind", [FlowKind.SUGGESTED, FlowKind.INTERESTED, FlowKind.INTRODUCED])
def test_small_pairs_short_of_an_outcome_are_not_even_named(kind):
    if kind == FlowKind.SUGGESTED:
        need, capacity = posting(LONGCHANG, firms(1)[0]), posting(RONGCHANG, firms(1)[0], capacity=True)
        suggested(need, capacity)
    else:
        joined(LONGCHANG, RONGCHANG, *firms(2), introduced_at=timezone.now() if kind == "introduced" else None)
    assert [one.kind for one in cases_of(timezone.localdate())] == [kind]

    refresh_flows()

    assert not Flow.objects.exists()


def test_a_pair_counts_once_at_its_furthest_step():
    row = confirmed(LONGCHANG, RONGCHANG, *firms(2))
    suggested(row.need, row.capacity)
    PartnershipFactory(need=row.need, capacity=row.capacity, failed=True)

    assert [one.kind for one in cases_of(timezone.localdate())] == [FlowKind.CONFIRMED]


def test_requests_that_wait_in_a_queue_and_postings_that_are_hidden_are_no_flow():
    joined(LONGCHANG, RONGCHANG, *firms(2), state=State.QUEUED)
    need, capacity = posting(LONGCHANG, firms(1)[0]), posting(RONGCHANG, firms(1)[0], capacity=True)
    suggested(need, capacity)
    type(need).objects.filter(pk=need.pk).update(status=Status.PAUSED)

    assert cases_of(timezone.localdate()) == []


def test_kept_rows_follow_the_changes_and_equal_a_count_from_scratch():
    random = Random(7)
    buyers, suppliers = firms(6), firms(6)
    places = (LONGCHANG, RONGCHANG, JINJIANG)
    for _round in range(6):
        for _number in range(5):
            at = random.choice(places), random.choice(places), random.choice(buyers), random.choice(suppliers)
            if random.random() < 0.6:
                confirmed(*at)
            else:
                joined(*at, introduced_at=random.choice((None, timezone.now() - timedelta(days=40))))
        ended = Partnership.objects.filter(state=State.INTERESTED).order_by("?").first()
        if ended:
            Partnership.objects.filter(pk=ended.pk).update(state=State.FAILED, end_reason="end.partnership.price")
        tell(Partnership.objects.order_by("-pk").first())
        refresh_flows()
        assert kept() == fresh()
    assert Flow.objects.filter(cases__isnull=False).exists()


def test_an_unchanged_market_is_not_read_again_and_another_day_is(django_assert_max_num_queries):
    tell(confirmed(LONGCHANG, RONGCHANG, *firms(2)))
    refresh_flows()
    with django_assert_max_num_queries(3):
        assert refresh_flows() == 0
    FlowRun.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert refresh_flows() == 1


def figures_by_filter():
    """Every number that the page can show, by what narrows it, in either detail."""
    traits = Flow.objects.values_list("chain", "month")
    chains, months = ({pair[side] for pair in traits} | {""} for side in (0, 1))
    shown = {}
    for chain, month, by_region in product(sorted(chains), sorted(months), (False, True)):
        found = flows_of(user=None, asked=Asked(chain=chain, month=month, by_region=by_region))
        lines = {(line.need.code, line.supply.code): line.cases for line in found.told}
        shown[chain, month, by_region] = {**lines, "all": found.total, "unplaced": found.unplaced}
        assert found.open == 0 or found.open >= 3
    return shown


@pytest.mark.parametrize("seed", range(3))
def test_a_filter_within_another_differs_by_no_fewer_than_three_cases(seed):
    random = Random(seed)
    buyers, suppliers = firms(6), firms(6)
    chains = [ChainNode.objects.get(code=code) for code in ("AUTO.BODY.CAST", "CONS.SEW.SEWING")]
    places = (LONGCHANG, "511011", RONGCHANG, JINJIANG)
    for _number in range(45):
        row = confirmed(
            random.choice(places), random.choice(places[:3]), random.choice(buyers), random.choice(suppliers)
        )
        day = timezone.localdate() - timedelta(days=random.choice((0, 40)))
        Outcome.objects.filter(partnership=row).update(confirmed_on=day)
        Posting.objects.filter(pk=row.need_id).update(node=random.choice(chains))
    refresh_flows()

    shown = figures_by_filter()
    assert len(shown) > 2
    for (wide, one), (narrow, other) in permutations(shown.items(), 2):
        if (
            any(asked not in ("", also) for asked, also in zip(wide[:2], narrow[:2], strict=True))
            or wide[2] > narrow[2]
        ):
            continue  # neither holds the other: their difference stands for no group
        for key in one.keys() | other.keys():
            difference = abs(one.get(key, 0) - other.get(key, 0))
            assert difference == 0 or difference >= 3
