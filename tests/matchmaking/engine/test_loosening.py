"""What loosening would gain is what it gains: the count told is the count after the change."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.reasons import Reason
from matchmaking.engine.explanation.answers import Question
from matchmaking.engine.explanation.loosening import TOLD, loosenings
from matchmaking.engine.market import generated_rows
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.rows import CertificateDemand, ParameterDemand
from tests.factories.matching import TODAY, capacity_row, need_row, reference_taxonomy, small_taxonomy
from tests.matchmaking.engine.strategies import markets

TAXONOMY = small_taxonomy()


def told(asker, *others, **asked):
    market = build_market([asker, *others], TAXONOMY)
    return [(one.hint.reason, one.shown) for one in loosenings(Question(asker, TODAY, **asked), market)]


def firms(count, first=2, **changes):
    return [capacity_row(key=f"CAPA{n:06d}", enterprise=n, **changes) for n in range(first, first + count)]


OWN_CHANGES = {
    Reason.HINT_QUANTITY_SPLIT: ({}, {"quantity": 600_000}),
    Reason.HINT_WINDOW_SHIFT: ({}, {"start": date(2027, 2, 1)}),
    Reason.HINT_CERTIFICATE_WISH: ({"certificates_asked": (CertificateDemand("C1"),)}, {}),
    Reason.HINT_PRICE_RAISE: ({"price_max": 18_000_000}, {"price_min": 20_000_000}),
    Reason.HINT_PARAMETER_RELAX: ({"parameters_asked": (ParameterDemand("p", ">=", "9"),)}, {}),
    Reason.HINT_REGION_ALLOW: ({"region_rule": "list", "regions_allowed": ("5001",)}, {}),
    Reason.HINT_RADIUS_WIDEN: ({"region_rule": "radius", "radius_km": 10}, {}),
    Reason.HINT_QUANTITY_RAISE: ({}, {"minimum_order": 1_500_000}),
}
"""A change that a need's owner can make, with the need and the capacities that it brings together."""


@pytest.mark.parametrize("reason", OWN_CHANGES, ids=str)
def test_a_need_learns_what_loosening_would_gain(reason):
    asked, offered = OWN_CHANGES[reason]
    assert (reason, "3") in told(need_row(**asked), *firms(3, **offered))


MIRRORED = {
    Reason.HINT_CERTIFICATE_ADD: ({"certificates_asked": (CertificateDemand("C1"),)}, {}),
    Reason.HINT_WINDOW_EXTEND: ({}, {"end": date(2027, 6, 1)}),
    Reason.HINT_MINIMUM_ORDER_LOWER: ({}, {"minimum_order": 1_500_000}),
    Reason.HINT_PRICE_LOWER: ({"price_max": 18_000_000}, {"price_min": 20_000_000}),
    Reason.HINT_UNIT_CHANGE: ({}, {"dimension": "mass", "unit": "KG"}),
    Reason.HINT_CAPACITY_CONFIRM: ({}, {"confirmed": TODAY - timedelta(days=61)}),
}
"""The same for a capacity: what would bring it more needs."""


@pytest.mark.parametrize("reason", MIRRORED, ids=str)
def test_a_capacity_learns_what_would_bring_it_more_needs(reason):
    asked, offered = MIRRORED[reason]
    needs = [need_row(key=f"NEED{n:06d}", enterprise=10 + n, **asked) for n in range(3)]
    assert (reason, "3") in told(capacity_row(**offered), *needs)


def test_nobody_is_told_what_only_the_other_side_can_change():
    changes = told(need_row(certificates_asked=(CertificateDemand("C1"),)), *firms(3))
    assert [reason for reason, _ in changes] == [Reason.HINT_CERTIFICATE_WISH]


def test_fewer_than_three_firms_are_not_counted_apart():
    asker = need_row(certificates_asked=(CertificateDemand("C1"),))
    assert told(asker, *firms(1)) == told(asker, *firms(2)) == [(Reason.HINT_CERTIFICATE_WISH, "<3")]


def test_firms_that_fit_already_hidden_ones_and_those_put_aside_are_no_gain():
    asker = need_row(certificates_asked=(CertificateDemand("C1"),))
    served = capacity_row(key="SERVED0001", certificates_held=(("C1", date(2029, 1, 1)),))
    again = capacity_row(key="SERVED0002")
    hidden = capacity_row(key="HIDDEN0001", enterprise=7, hidden_from=frozenset({1}))
    aside = capacity_row(key="ASIDE00001", enterprise=8)
    assert told(asker, served, again, hidden, aside, excluded={"ASIDE00001"}) == []


def test_a_larger_step_is_told_only_where_it_gains_more():
    near = firms(3, start=date(2027, 1, 11))
    far = firms(4, first=20, start=date(2027, 3, 1))
    market = build_market([need_row(), *near, *far], TAXONOMY)
    shown = loosenings(Question(need_row(), TODAY), market)
    shifts = [(one.hint.facts["days"], one.shown) for one in shown if one.hint.reason == Reason.HINT_WINDOW_SHIFT]
    assert shifts == [("59", "7"), ("10", "3")]


@given(markets(), st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_gain_told_does_not_tell_hidden_bookings_apart(rows, data):
    """Two markets that differ only in bookings of one class answer alike."""
    from_class = [
        replace(row, booked=row.quantity) if row.booked >= row.quantity else replace(row, booked=0) for row in rows
    ]
    nudged = [replace(row, booked=row.booked + (row.quantity > 8 and not row.booked)) for row in from_class]
    one, two = (loosenings(Question(some[0], TODAY), build_market(some, TAXONOMY)) for some in (from_class, nudged))
    assert one == two


def test_few_changes_are_told_and_most_needs_of_a_market_get_some():
    rows = generated_rows(reference_taxonomy(), needs=30, capacities=1500, seed=4, today=TODAY)
    market = build_market(rows, reference_taxonomy())
    answers = [loosenings(Question(asker, TODAY), market) for asker in rows[:30]]
    assert max(map(len, answers)) <= TOLD
    assert sum(map(bool, answers)) > 20
    assert any(one.firms >= 3 for answer in answers for one in answer)
