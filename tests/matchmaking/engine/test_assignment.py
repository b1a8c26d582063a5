"""Plans are the best there are where that can be tried out, and keep every limit everywhere."""

import subprocess
import sys
from fractions import Fraction
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from config.launcher.places import ROOT
from matchmaking.engine.assignment import Demand, Edge, Share, Supply, planned

VOLUMES = st.integers(1, 9)
SPLIT, EVEN, ANY_SHARE = st.just(True), st.just((1, 1)), st.just(1)
GAINS = st.sampled_from([(1, 1), (1, 1), (1461, 48 * 90), (1461, 4 * 365), (2, 3)])


@st.composite
def markets(draw, *, split=SPLIT, gains=EVEN, leasts=ANY_SHARE, needs=3, capacities=3):
    """Up to three needs and three capacities with some pairs that fit."""
    demands = [Demand(f"N{at}", draw(VOLUMES), draw(split), draw(leasts)) for at in range(draw(st.integers(1, needs)))]
    supplies = [Supply(f"C{at}", draw(st.integers(0, 9))) for at in range(draw(st.integers(1, capacities)))]
    edges = [
        Edge(need.key, capacity.key, draw(st.integers(0, 10_000)), *draw(gains), draw(leasts))
        for need, capacity in product(demands, supplies)
        if draw(st.integers(0, 3))
    ]
    return demands, supplies, edges


def volume(shares):
    return sum(share.volume for share in shares)


def largest_flow(demands, supplies, edges):
    """By the smallest cut: over every set of needs, what the others ask for and what these could be given at most."""
    least = None
    for size in range(len(demands) + 1):
        for inside in combinations(demands, size):
            keys = {one.key for one in inside}
            reached = {edge.supply for edge in edges if edge.demand in keys}
            cut = sum(one.volume for one in demands if one.key not in keys)
            cut += sum(one.left for one in supplies if one.key in reached)
            least = cut if least is None else min(least, cut)
    return least


def best_score(demands, supplies, edges, most):
    """Of all ways to place ``most``, tried one after another, the most that scores times volumes come to."""
    best = [-1]

    def go_on(at, open_, left, placed, score):
        if at == len(edges):
            best[0] = max(best[0], score if placed == most else -1)
            return
        edge = edges[at]
        for amount in range(min(open_[edge.demand], left[edge.supply]) + 1):
            go_on(
                at + 1,
                open_ | {edge.demand: open_[edge.demand] - amount},
                left | {edge.supply: left[edge.supply] - amount},
                placed + amount,
                score + amount * edge.score,
            )

    go_on(0, {one.key: one.volume for one in demands}, {one.key: one.left for one in supplies}, 0, 0)
    return best[0]


def check_limits(market, shares):
    demands, supplies, edges = market
    asked, left = {one.key: one for one in demands}, {one.key: one.left for one in supplies}
    known = {(edge.demand, edge.supply): edge for edge in edges}
    used = dict.fromkeys(left, Fraction(0))
    given_to = dict.fromkeys(asked, 0)
    for share in shares:
        edge = known[share.demand, share.supply]
        assert share.volume >= max(edge.least, 1)
        assert share.score == edge.score
        used[share.supply] += Fraction(share.volume * edge.parts, edge.whole)
        given_to[share.demand] += share.volume
    assert all(used[key] <= left[key] for key in left)
    assert all(given_to[key] <= asked[key].volume for key in asked)
    for key, need in asked.items():
        mine = [share for share in shares if share.demand == key]
        assert need.may_split or not mine or [share.volume for share in mine] == [need.volume]
        assert not need.may_split or all(share.volume >= need.least for share in mine)


@given(markets())
@settings(max_examples=150, deadline=None)
def test_the_flow_places_the_most_that_can_be_placed(market):
    assert volume(planned(*market)) == largest_flow(*market)


@given(markets(needs=2, capacities=2))
@settings(max_examples=60, deadline=None)
def test_of_all_plans_with_that_volume_the_flow_is_the_one_that_scores_best(market):
    shares = planned(*market)
    assert sum(share.volume * share.score for share in shares) == best_score(*market, volume(shares))


@given(markets(split=st.booleans(), gains=GAINS, leasts=st.integers(1, 6)))
@settings(max_examples=200, deadline=None)
def test_no_limit_is_ever_broken_and_the_same_market_gives_the_same_plan(market):
    shares = planned(*market)
    check_limits(market, shares)
    demands, supplies, edges = market
    assert planned(demands[::-1], supplies[::-1], edges[::-1]) == shares


def most_whole(demands, supplies, edges):
    """The most that whole needs can come to, every choice tried."""
    known = {(edge.demand, edge.supply): edge for edge in edges}
    best = 0
    for choice in product([None, *(one.key for one in supplies)], repeat=len(demands)):
        pairs = [(need, key) for need, key in zip(demands, choice, strict=True) if key is not None]
        if any((need.key, key) not in known for need, key in pairs):
            continue
        loads = {one.key: sum(need.volume for need, key in pairs if key == one.key) for one in supplies}
        if all(loads[one.key] <= one.left for one in supplies):
            best = max(best, sum(need.volume for need, _ in pairs))
    return best


@given(markets(split=st.just(False)))
@settings(max_examples=150, deadline=None)
def test_whole_needs_come_to_a_third_of_the_best_at_least_and_never_to_more(market):
    """A capacity that refuses a need is half full of needs as large; so at most twice as much is missed."""
    placed, best = volume(planned(*market)), most_whole(*market)
    assert placed <= best <= 3 * placed


def test_a_whole_need_moves_another_away_to_find_room():
    demands = [Demand("A", 6), Demand("B", 5)]
    supplies = [Supply("X", 6), Supply("Y", 6)]
    edges = [Edge("A", "X", 900), Edge("A", "Y", 100), Edge("B", "X", 500)]
    assert planned(demands, supplies, edges) == [Share("A", "Y", 6, 100), Share("B", "X", 5, 500)]


def test_a_capacity_that_comes_anew_each_month_is_counted_over_the_needs_days():
    demands = [Demand("A", 100, may_split=True)]
    edges = [Edge("A", "X", 900, 1461, 48 * 61)]
    assert planned(demands, [Supply("X", 30)], edges) == [Share("A", "X", 30 * 48 * 61 // 1461, 900)]


def test_a_share_below_what_either_side_accepts_is_left_out():
    demands = [Demand("A", 10, may_split=True, least=4)]
    edges = [Edge("A", "X", 900), Edge("A", "Y", 800, least=5)]
    assert planned(demands, [Supply("X", 3), Supply("Y", 10)], edges) == [Share("A", "Y", 10, 800)]


def test_an_empty_market_has_an_empty_plan():
    assert planned([], [], []) == []
    assert planned([Demand("A", 5, may_split=True)], [Supply("X", 0)], [Edge("A", "X", 1)]) == []


def test_very_large_volumes_stay_inside_their_limits():
    most = 900_000_000_000_000
    demands = [Demand("A", most, may_split=True), Demand("B", most - 1, may_split=True)]
    supplies = [Supply("X", most // 2 + 7), Supply("Y", most)]
    edges = [Edge(need, key, 5000) for need in "AB" for key in "XY"]
    shares = planned(demands, supplies, edges)
    check_limits((demands, supplies, edges), shares)
    assert volume(shares) > 0.999 * (most // 2 + 7 + most)


FIRST_PLAN = """
from matchmaking.engine import assignment as made
print(made.planned([made.Demand("A", 5, True)], [made.Supply("X", 3)], [made.Edge("A", "X", 1)])[0].volume)
"""


def test_the_solver_prints_nothing_even_when_it_is_made_for_the_first_time():
    done = subprocess.run([sys.executable, "-c", FIRST_PLAN], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == "3\n"
