"""Sets of suppliers are those that trying every set out finds, in the same order, and their shares keep every limit."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine.consortium import FEWEST, MOST, SETS, Offer, complete_sets

KEYS = tuple("ABCDEFGH")
SMALL = st.integers(1, 30)
HUGE = st.integers(0, 12).map(lambda step: 899_999_999_999_990 + step)
SCORES = st.one_of(st.sampled_from([0, 5000, 10_000]), st.integers(0, 10_000))


@st.composite
def questions(draw, volumes=SMALL, least=0):
    """A volume and up to eight offers, some of one firm, some that must not meet, many with equal scores."""
    volume = draw(volumes)
    offers = []
    for key in KEYS[: draw(st.integers(least, len(KEYS)))]:
        most = draw(st.integers(1, volume + 5))
        low = draw(st.integers(1, max(most, 1)))
        firm = (draw(st.integers(1, 6)), draw(st.booleans()))
        apart = draw(st.frozensets(st.sampled_from(KEYS), max_size=1)) - {key}
        offers.append(Offer(key, firm, draw(SCORES), low if draw(st.booleans()) else 1, most, apart))
    return volume, offers


def may_meet(members):
    """Whether no two are of one firm or kept apart."""
    return all(
        one.firm != other.firm and other.key not in one.apart and one.key not in other.apart
        for one, other in combinations(members, 2)
    )


def by_trying(volume, offers, *, count=SETS, fewest=FEWEST, most=MOST):
    """Keys of the sets by the plain definition: every set, in order, those that hold an earlier one left out."""
    ordered = sorted(
        (one for one in offers if one.least <= min(one.most, volume)), key=lambda one: (-one.score, one.key)
    )
    places = {one.key: place for place, one in enumerate(ordered, 1)}
    complete = [
        members
        for size in range(fewest, most + 1)
        for members in combinations(ordered, size)
        if may_meet(members)
        and sum(one.least for one in members) <= volume <= sum(min(one.most, volume) for one in members)
    ]

    def rank(members):
        spots = [places[one.key] for one in members]
        powers = [sum(spot**power for spot in spots) for power in range(1, len(spots) + 1)]
        return (len(members), -sum(one.score for one in members), powers)

    found = []
    for members in sorted(complete, key=rank):
        keys = {one.key for one in members}
        if len(found) < count and not any(earlier <= keys for earlier in found):
            found.append(keys)
    return found


def keys_of(sets):
    return [{lot.key for lot in members} for members in sets]


@given(questions())
@settings(max_examples=150, deadline=None)
def test_sets_are_those_that_trying_out_finds(question):
    volume, offers = question
    assert keys_of(complete_sets(volume, offers)) == by_trying(volume, offers)


@given(questions(volumes=HUGE, least=4))
@settings(max_examples=60, deadline=None)
def test_one_step_short_of_the_largest_volumes_is_not_complete(question):
    volume, offers = question
    half, rest = volume // 2, volume - volume // 2
    near = [Offer("X", (90, False), 9_000, 1, half), Offer("Y", (91, False), 9_000, 1, rest - 1)]
    assert keys_of(complete_sets(volume, offers + near)) == by_trying(volume, offers + near)


@given(questions(), st.integers(1, 3), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_any_bounds_of_members_hold(question, fewest, most):
    """A replacement may be one firm, and not more than the places that are free."""
    volume, offers = question
    found = complete_sets(volume, offers, fewest=fewest, most=most)
    assert keys_of(found) == (by_trying(volume, offers, fewest=fewest, most=most) if fewest <= most else [])


@given(questions())
@settings(max_examples=80, deadline=None)
def test_shares_sum_to_the_need_and_keep_every_limit(question):
    volume, offers = question
    told = {one.key: one for one in offers}
    for lots in complete_sets(volume, offers):
        assert sum(lot.volume for lot in lots) == volume
        assert all(told[lot.key].least <= lot.volume <= told[lot.key].most for lot in lots)
        assert [lot.score for lot in lots] == sorted((lot.score for lot in lots), reverse=True)


@given(questions(), st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_offers_does_not_matter(question, dice):
    volume, offers = question
    mixed = list(offers)
    dice.shuffle(mixed)
    assert complete_sets(volume, mixed) == complete_sets(volume, offers)


def test_what_fits_best_carries_most():
    offers = [Offer("A", (1, False), 9000, 3, 9), Offer("B", (2, False), 7000, 3, 6)]
    ((first, second),) = complete_sets(12, offers)
    assert [(first.key, first.volume), (second.key, second.volume)] == [("A", 9), ("B", 3)]


def test_nothing_to_choose_from_gives_nothing():
    assert complete_sets(10, []) == []
    assert complete_sets(0, [Offer("A", (1, False), 1, 1, 1)]) == []
