"""Plans of a matchmaking day: the best there is by brute force, no clash, repeatable, each refusal by its rule."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine.meetings import DayPlan, Hall, Rule, Wish, planned_day, wished_pairs

FIRMS = "abcde"
WISHES = st.sampled_from([None, *Wish])


@st.composite
def days(draw):
    """Up to five firms, three slots and two tables: small enough to try every plan."""
    firms = FIRMS[: draw(st.integers(2, len(FIRMS)))]
    said = {(who, whom): draw(WISHES) for who in firms for whom in firms if who != whom}
    marks = {pair: wish for pair, wish in said.items() if wish is not None}
    most = {firm: draw(st.integers(0, 3)) for firm in firms}
    return marks, most, Hall(draw(st.integers(0, 3)), draw(st.integers(0, 2)))


def best_by_trying(marks, most, hall):
    """The worth of the best plan, found by trying every slot for every pair."""
    pairs, _refused = wished_pairs(marks, most)

    def tried(place, used, tables):
        if place == len(pairs):
            return 0
        one = pairs[place]
        best = tried(place + 1, used, tables)
        counts = Counter(firm for firm, _slot in used)
        if any(counts[firm] >= most[firm] for firm in (one.first, one.second)):
            return best
        for slot in range(hall.slots):
            both = {(one.first, slot), (one.second, slot)}
            if not both & used and tables[slot] < hall.tables:
                taken = tables[:slot] + (tables[slot] + 1,) + tables[slot + 1 :]
                best = max(best, one.worth + tried(place + 1, used | both, taken))
        return best

    return tried(0, frozenset(), (0,) * hall.slots)


@settings(max_examples=60, deadline=None)
@given(days())
def test_a_plan_keeps_as_many_wishes_as_any_and_breaks_no_rule(day):
    marks, most, hall = day
    plan = planned_day(marks=marks, most=most, hall=hall, seed=1)
    assert plan.is_best
    assert plan.worth == best_by_trying(marks, most, hall)
    places = [(firm, one.slot) for one in plan.meetings for firm in (one.first, one.second)]
    assert len(places) == len(set(places)), "somebody in two places"
    assert all(count <= most[firm] for firm, count in Counter(firm for firm, _slot in places).items())
    seats = [(one.slot, one.table) for one in plan.meetings]
    assert len(seats) == len(set(seats))
    assert all(1 <= slot <= hall.slots and 1 <= table <= hall.tables for slot, table in seats)
    assert all(Wish.NO not in (marks.get((a, b)), marks.get((b, a))) for a, b in pairs_of(plan))


@settings(max_examples=40, deadline=None)
@given(days(), st.integers(0, 2**40))
def test_the_same_marks_and_seed_give_the_same_plan_in_whatever_order_they_come(day, seed):
    marks, most, hall = day
    turned = dict(reversed(marks.items()))
    assert planned_day(marks=marks, most=most, hall=hall, seed=seed) == planned_day(
        marks=turned, most=dict(reversed(most.items())), hall=hall, seed=seed
    )


@settings(max_examples=60, deadline=None)
@given(days())
def test_every_pair_that_does_not_meet_is_left_by_a_rule_that_holds(day):
    marks, most, hall = day
    plan = planned_day(marks=marks, most=most, hall=hall)
    wished = {tuple(sorted(pair)) for pair, wish in marks.items() if wish != Wish.NO}
    assert pairs_of(plan) | {(one.first, one.second) for one in plan.left} == wished
    busy = Counter(firm for one in plan.meetings for firm in (one.first, one.second))
    for one in plan.left:
        said = (marks.get((one.first, one.second)), marks.get((one.second, one.first)))
        assert (one.rule == Rule.NO) == (Wish.NO in said)
        if one.rule == Rule.MOST:
            assert any(busy[firm] >= most[firm] for firm in (one.first, one.second))
        assert one.rule != Rule.SEARCH
    assert [one.worth for one in plan.left] == sorted((one.worth for one in plan.left), reverse=True)


def pairs_of(plan: DayPlan) -> set[tuple[str, str]]:
    return {(one.first, one.second) for one in plan.meetings}


def marks_of_all(firms: str, wish: Wish) -> dict[tuple[str, str], Wish]:
    return dict.fromkeys(combinations(firms, 2), wish)


@pytest.mark.parametrize(
    ("hall", "most", "rule"),
    [
        (Hall(slots=3, tables=3), {"a": 1, "b": 3, "c": 3}, Rule.MOST),
        (Hall(slots=2, tables=3), {"a": 3, "b": 3, "c": 3}, Rule.CLASH),
    ],
)
def test_a_refusal_names_its_rule(hall, most, rule):
    plan = planned_day(marks=marks_of_all("abc", Wish.MEET), most=most, hall=hall)
    assert {one.rule for one in plan.left} == {rule}


def test_full_tables_are_a_rule_of_their_own():
    marks = {("a", "b"): Wish.MUST, ("c", "d"): Wish.MEET}
    plan = planned_day(marks=marks, most=dict.fromkeys("abcd", 2), hall=Hall(slots=1, tables=1))
    assert (pairs_of(plan), [one.rule for one in plan.left]) == ({("a", "b")}, [Rule.TABLES])
    assert plan.reserve == plan.left


def test_a_must_outweighs_two_that_would_be_nice():
    marks = {("a", "b"): Wish.MUST, ("a", "c"): Wish.MEET, ("b", "d"): Wish.MEET}
    plan = planned_day(marks=marks, most=dict.fromkeys("abcd", 1), hall=Hall(slots=1, tables=9))
    assert pairs_of(plan) == {("a", "b")}


def test_marks_about_oneself_or_strangers_are_left_aside():
    marks = {("a", "a"): Wish.MUST, ("a", "z"): Wish.MUST, ("z", "a"): Wish.MUST}
    assert planned_day(marks=marks, most={"a": 3}, hall=Hall(3, 3)) == DayPlan((), (), True)


def test_a_day_of_a_town_is_planned_to_its_end():
    """Thirty firms, each marking eight others, in ten slots: proven to be the best within the branches allowed."""
    firms = [f"f{place:02d}" for place in range(30)]
    steps = (1, 2, 3, 5, 7, 11, 13, 17)
    marks = {
        (who, firms[(place + step) % 30]): Wish.MUST if step < 3 else Wish.MEET
        for place, who in enumerate(firms)
        for step in steps
    }
    plan = planned_day(marks=marks, most=dict.fromkeys(firms, 8), hall=Hall(slots=10, tables=12), seed=7)
    assert plan.is_best
    assert len(plan.meetings) == 120


@settings(max_examples=60, deadline=None)
@given(days(), st.integers(0, 10))
def test_a_mended_plan_moves_no_meeting_and_breaks_no_rule(day, drawn):
    marks, most, hall = day
    plan = planned_day(marks=marks, most=most, hall=hall, seed=1)
    gone = FIRMS[drawn % len(most)]
    left = {firm: limit for firm, limit in most.items() if firm != gone}
    kept = tuple(one for one in plan.meetings if gone not in (one.first, one.second))
    mended = planned_day(marks=marks, most=left, hall=hall, seed=1, kept=kept)
    assert mended.is_best
    assert set(kept) <= set(mended.meetings)
    places = [(firm, one.slot) for one in mended.meetings for firm in (one.first, one.second)]
    assert len(places) == len(set(places)), "somebody in two places"
    assert gone not in {firm for firm, _slot in places}
    assert all(count <= most[firm] for firm, count in Counter(firm for firm, _slot in places).items())
    seats = [(one.slot, one.table) for one in mended.meetings]
    assert len(seats) == len(set(seats))
    assert all(1 <= slot <= hall.slots and 1 <= table <= hall.tables for slot, table in seats)
    assert planned_day(marks=marks, most=left, hall=hall, seed=1, kept=mended.meetings).meetings == mended.meetings
