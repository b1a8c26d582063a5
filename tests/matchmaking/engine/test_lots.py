"""Lots by window are those that trying everything out finds: members, windows and rates."""

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine.lots import Carrier, Run, WindowLot, lots_by_window, sets_by_window

KEYS = tuple("ABCDE")
MONTHS = (31, 28, 31)


@st.composite
def questions(draw, top=6):
    """A rate over up to three months, and up to five capacities with what is free of each month by month."""
    lengths = MONTHS[: draw(st.integers(1, 3))]
    volume = draw(st.integers(1, top))
    carriers = []
    for key in KEYS[: draw(st.integers(0, len(KEYS)))]:
        free = [draw(st.integers(0, top)) for _month in lengths]
        least, apart = draw(st.integers(1, 3)), draw(st.frozensets(st.sampled_from(KEYS), max_size=1)) - {key}
        spans = [(first, last) for first in range(len(lengths)) for last in range(first, len(lengths))]
        runs = [Run(first, last, least, min(volume, *free[first : last + 1], 99)) for first, last in spans]
        firm = (draw(st.integers(1, 4)), False)
        score = draw(st.sampled_from([0, 5000, 5001, 10_000]))
        carriers.append(Carrier(key, firm, score, tuple(run for run in runs if run.least <= run.most), apart))
    return volume, lengths, carriers


def ways(volume, lengths, members):
    """Every choice of a run and a rate for each member that gives the whole in every month."""
    for runs in product(*[one.runs for one in members]):
        for rates in product(*[range(run.least, run.most + 1) for run in runs]):
            sums = [
                sum(rate for run, rate in zip(runs, rates, strict=True) if run.first <= month <= run.last)
                for month in range(len(lengths))
            ]
            if sums == [volume] * len(lengths):
                yield runs, rates


def best_way(volume, lengths, members):
    def rank(way):
        runs, rates = way
        changes = len({run.first for run in runs} - {0})
        days = [-sum(lengths[run.first : run.last + 1]) for run in runs]
        return changes, days, [run.first for run in runs], [-rate for rate in rates]

    found = min(ways(volume, lengths, members), key=rank, default=None)
    if found is None:
        return ()
    lots = zip(members, *found, strict=True)
    return tuple(WindowLot(one.key, rate, run.first, run.last) for one, run, rate in lots)


def may_meet(members):
    return all(
        one.firm != other.firm and other.key not in one.apart and one.key not in other.apart
        for one, other in combinations(members, 2)
    )


def by_trying(volume, lengths, carriers, *, count=3, fewest=2, most=4):
    ordered = sorted((one for one in carriers if one.runs), key=lambda one: (-one.score, one.key))
    places = {one.key: place for place, one in enumerate(ordered, 1)}

    def rank(members):
        spots = [places[one.key] for one in members]
        return -sum(one.score for one in members), [sum(spot**power for spot in spots) for power in (1, 2, 3, 4)]

    found = []
    for size in range(fewest, most + 1):
        for members in sorted(combinations(ordered, size), key=rank):
            keys = {one.key for one in members}
            is_new = not any({lot.key for lot in lots} <= keys for lots in found)
            if len(found) < count and is_new and may_meet(members):
                lots = best_way(volume, lengths, members)
                found += [lots] if lots else []
    return found


@given(questions())
@settings(max_examples=120, deadline=None)
def test_sets_windows_and_rates_are_those_that_trying_out_finds(question):
    volume, lengths, carriers = question
    assert sets_by_window(volume, lengths, carriers) == by_trying(volume, lengths, carriers)


@given(questions(), st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_any_bounds_of_members_hold(question, fewest, most):
    volume, lengths, carriers = question
    found = sets_by_window(volume, lengths, carriers, fewest=fewest, most=most)
    expected = by_trying(volume, lengths, carriers, fewest=fewest, most=most) if fewest <= most else []
    assert found == expected


def test_one_until_march_and_the_next_from_april():
    volume, lengths = 1000, (90, 91)
    first = Carrier("A", (1, False), 9000, (Run(0, 0, 200, 1000),))
    then = Carrier("B", (2, False), 8000, (Run(1, 1, 200, 1000),))
    (lots,) = sets_by_window(volume, lengths, [first, then])
    assert lots == (WindowLot("A", 1000, 0, 0), WindowLot("B", 1000, 1, 1))


def test_the_largest_rates_are_exact():
    """One step short in one month is no set, however large the rates."""
    volume = 899_999_999_999_990
    runs = (Run(0, 0, 1, volume), Run(1, 1, 1, volume - 1))
    short = [Carrier(key, (place, False), 1, (run,)) for place, (key, run) in enumerate(zip("AB", runs, strict=True))]
    assert lots_by_window(volume, (30, 30), short) == ()
    assert sets_by_window(volume, (30, 30), short) == []


def test_who_fits_best_carries_most_and_longest():
    whole = (Run(0, 0, 2, 10), Run(0, 1, 2, 6), Run(1, 1, 2, 10))
    best, next_best = Carrier("A", (1, False), 9000, whole), Carrier("B", (2, False), 8000, whole)
    assert sets_by_window(10, (30, 31), [next_best, best]) == [(WindowLot("A", 6, 0, 1), WindowLot("B", 4, 0, 1))]
