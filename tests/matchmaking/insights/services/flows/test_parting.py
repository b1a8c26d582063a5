"""However a market looks: what is told of its flows adds up, and gives no group of fewer than three firms away."""

from itertools import combinations, product
from random import Random

import highspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.insights.choices import FlowLevel
from matchmaking.insights.queries.counts import LEAST_FIRMS
from matchmaking.insights.services.flows.parting import (
    Case,
    is_tellable,
    leaves_of,
    places_of,
    provinces_of,
    regions_of,
    small_pairs,
)

REGIONS = {
    "510104": "510100", "510105": "510100", "511083": "511000", "511011": "511000", "500153": "500153",
    "500112": "500112",
}  # fmt: skip
CHAINS, MONTHS, KINDS = ("AUTO", "H2"), ("2026-09", "2026-10"), ("industrial-supporting", "enclave-economy")
PLACE_KEYS = {1: provinces_of, 2: places_of, 3: regions_of}
TRAITS = ("chain", "month", "cooperation")


def case(need, supply, chain, month, cooperation, buyer, supplier):
    return Case(
        "confirmed", need, REGIONS[need], supply, REGIONS[supply], chain, month, cooperation, buyer, supplier
    )  # fmt: skip


cases = st.builds(
    case,
    st.sampled_from(sorted(REGIONS)),
    st.sampled_from(sorted(REGIONS)),
    st.sampled_from(CHAINS),
    st.sampled_from(MONTHS),
    st.sampled_from(KINDS),
    st.integers(1, 6),
    st.integers(7, 12),
)


def market(seed, size=60):
    """Cases of many firms, a few pairs of regions crowded and the others nearly empty."""
    random = Random(seed)
    codes = sorted(REGIONS)
    found = []
    for _number in range(size):
        crowded = random.random() < 0.6
        need, supply = random.choice(codes[:2] if crowded else codes), random.choice(codes[-2:] if crowded else codes)
        found.append(
            case(
                need, supply, random.choice(CHAINS), random.choice(MONTHS), random.choice(KINDS),
                random.randrange(25), random.randrange(100, 125),
            )
        )  # fmt: skip
    return found


def firms(group):
    return min(len({one.buyer for one in group}), len({one.supplier for one in group}))


def behind(leaf, leaves, found):
    """The cases that a reader who knows the rule knows to be behind a leaf: all that share what it tells, without those
    of which more is told.
    """
    place = PLACE_KEYS.get(leaf.level)
    return {
        number
        for number, one in enumerate(found)
        if (place is None or place(one) == (leaf.need, leaf.supply)) and home(one, leaves) == leaf
    }


def home(one, leaves):
    """The leaf in which a case is counted: at the finest place that is told, with each trait where that is told."""
    for level in (3, 2, 1, 0):
        at = PLACE_KEYS[level](one) if level else ("", "")
        here = [leaf for leaf in leaves if leaf.level == level and (leaf.need, leaf.supply) == at]
        if not here:
            continue
        for name in TRAITS:
            value = getattr(one, name)
            exact = [leaf for leaf in here if getattr(leaf, name) == value]
            here = exact or [leaf for leaf in here if not getattr(leaf, name)]
        (found,) = here
        return found
    raise AssertionError(one)


def answers(leaves):
    """Every figure that any filter gives: what is told of the traits asked for, and the whole."""
    for chain, month, kind in product(("", *CHAINS), ("", *MONTHS), ("", *KINDS)):
        asked = {name: value for name, value in zip(TRAITS, (chain, month, kind), strict=True) if value}
        yield {
            leaf for leaf in leaves if all(getattr(leaf, name) == value for name, value in asked.items())
        }  # fmt: skip
    for level, at in {(leaf.level, (leaf.need, leaf.supply)) for leaf in leaves}:
        yield {leaf for leaf in leaves if (leaf.level, (leaf.need, leaf.supply)) == (level, at)}


@given(st.lists(cases, max_size=60))
@settings(deadline=None)
def test_everything_is_told_once_or_nothing_is(found):
    leaves = leaves_of(found)

    assert sum(leaf.cases for leaf in leaves) == (len(found) if is_tellable(found) else 0)
    for leaf in leaves:
        group = [found[number] for number in behind(leaf, leaves, found)]
        assert leaf.cases == len(group)
        assert firms(group) >= LEAST_FIRMS


@given(st.lists(cases, max_size=60))
@settings(deadline=None)
def test_the_difference_of_any_two_filters_stands_for_three_firms_on_either_side(found):
    leaves = leaves_of(found)
    held = {leaf: [found[number] for number in behind(leaf, leaves, found)] for leaf in leaves}
    told = list(answers(leaves))

    for one, other in combinations(told, 2):
        for left in (one - other, other - one):
            group = [member for leaf in left for member in held[leaf]]
            assert not group or firms(group) >= LEAST_FIRMS


def unknowns(found):
    """What an attacker does not know: cases by region pair and traits; all of them possible, few of them there."""
    pairs = sorted({regions_of(one) for one in found} | set(product(sorted(REGIONS)[:3], sorted(REGIONS)[3:])))
    return [(*pair, *traits) for pair in pairs for traits in product(CHAINS, MONTHS, KINDS)]


@pytest.mark.parametrize("seed", range(6))
def test_an_attacker_with_every_figure_and_the_rule_solves_no_small_group(seed):
    found = market(seed)
    leaves = leaves_of(found)
    assert leaves
    columns = unknowns(found)
    probes = [home_or_none(case(*column, 0, 0), leaves) for column in columns]
    solver = highspy.Highs()
    solver.silent()
    amounts = [solver.addVariable(lb=0, ub=0 if home_of is None else 1_000) for home_of in probes]
    for leaf in leaves:
        solver.addConstr(
            solver.qsum(x for x, home_of in zip(amounts, probes, strict=True) if home_of == leaf) == leaf.cases
        )
    by_pair = {column[:2]: [] for column in columns}
    for column, amount in zip(columns, amounts, strict=True):
        by_pair[column[:2]].append(amount)
    for pair in small_pairs(found, leaves):
        solver.addConstr(solver.qsum(by_pair[pair]) >= 1)
    small = [pair for pair in by_pair if 0 < firms([one for one in found if regions_of(one) == pair]) < LEAST_FIRMS]
    assert small
    for pair in small:
        solver.minimize(solver.qsum(by_pair[pair]))
        low = solver.getObjectiveValue()
        solver.maximize(solver.qsum(by_pair[pair]))
        assert solver.getObjectiveValue() - low >= 1 - 1e-6


def home_or_none(probe, leaves):
    try:
        return home(probe, leaves)
    except (AssertionError, ValueError):
        return None


def test_a_pair_too_small_is_covered_by_the_smallest_of_the_others():
    crowd = [case("510104", "500153", "AUTO", "2026-09", KINDS[0], n % 4, 10 + n % 5) for n in range(8)]
    less = [case("510104", "500112", "AUTO", "2026-09", KINDS[0], n, 20 + n) for n in range(3)]
    lone = [case("511083", "500153", "AUTO", "2026-09", KINDS[0], 9, 30)]

    leaves = leaves_of([*crowd, *less, *lone])

    assert {(leaf.level, leaf.need, leaf.supply, leaf.cases) for leaf in leaves} == {
        (FlowLevel.REGION, "510104", "500153", 8),
        (FlowLevel.PROVINCE, "510000", "500000", 4),
    }
    assert small_pairs([*crowd, *less, *lone], leaves) == {("510104", "500112"), ("511083", "500153")}


def test_fewer_than_three_firms_on_one_side_are_told_nothing_of():
    one_buyer = [case("511083", "500153", "AUTO", "2026-09", KINDS[0], 1, 10 + n) for n in range(9)]

    assert leaves_of(one_buyer) == []
    assert small_pairs(one_buyer, []) == {("511083", "500153")}
