"""Parks beside each other: nothing is ranked by a figure that is not there, and drafts compare with nothing."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from matchmaking.parks.choices import IndicatorKind
from matchmaking.parks.queries.comparing import compare, figures_ranked, ranking
from matchmaking.parks.queries.nearby import OpenNearby
from tests.factories.parks import (
    CooperationProjectFactory,
    ParkFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
LATE, EARLY = date(2026, 7, 1), date(2026, 4, 1)


@pytest.fixture
def four():
    return ParkFactory.create_batch(4)


def nearby_of(parks, *needs):
    return {park.pk: OpenNearby(needs=count) for park, count in zip(parks, needs, strict=True)}


def places(found):
    return [(row.park.pk, row.place) for row in found.rows]


def test_counts_rank_every_park_and_equal_ones_share_a_place(four):
    found = ranking(parks=four, figure="needs", nearby=nearby_of(four, 5, 9, 5, 0), day=TODAY)

    a, b, c, d = (park.pk for park in four)
    assert (places(found), found.without) == ([(b, 1), (a, 2), (c, 2), (d, 4)], 0)


def test_a_reported_figure_ranks_those_alone_that_submitted_the_newest_quarter(four):
    first, second, third, fourth = four
    ParkIndicatorFactory(park=first, period_start=LATE, value=10, is_locked=True)
    ParkIndicatorFactory(park=second, period_start=LATE, value=20, is_locked=True)
    ParkIndicatorFactory(park=third, period_start=LATE, value=999, is_locked=False)
    ParkIndicatorFactory(park=fourth, period_start=EARLY, value=999, is_locked=True)

    found = ranking(parks=four, figure="investment", nearby=nearby_of(four, 0, 0, 0, 0), day=TODAY)

    assert places(found) == [(second.pk, 1), (first.pk, 2), (third.pk, None), (fourth.pk, None)]
    assert (found.quarter.start, found.without) == (LATE, 2)


def test_nobody_is_ranked_by_what_nobody_reported_or_what_is_told_in_words(four):
    found = ranking(parks=four, figure="jobs", nearby=nearby_of(four, 0, 0, 0, 0), day=TODAY)

    assert (found.without, found.quarter) == (4, None)
    assert {"problems", "next_steps"}.isdisjoint(figures_ranked())


def test_parks_are_compared_by_partners_projects_and_the_newest_submitted_figures(four, django_assert_num_queries):
    first, second, *_rest = four
    ParkPartnershipFactory(from_park=first, to_park=second)
    ParkPartnershipFactory(from_park=second, to_park=first, cooperation_type="enclave-economy")
    CooperationProjectFactory(park=first, cooperation_type="enclave-economy")
    ParkIndicatorFactory(park=first, period_start=EARLY, value=10, is_locked=True)
    newest = ParkIndicatorFactory(park=first, period_start=LATE, value=20, is_locked=True)
    ParkIndicatorFactory(park=second, period_start=LATE, value=30)

    with django_assert_num_queries(3):
        found = compare(user=AnonymousUser(), parks=four, nearby=nearby_of(four, 1, 2, 3, 4), day=TODAY)

    assert [one.park for one in found] == four
    assert [[park.pk for park in one.partners] for one in found] == [[second.pk], [first.pk], [], []]
    assert dict(found[0].projects) == {"enclave-economy": 1}
    assert [one.reported.get(IndicatorKind.INVESTMENT) for one in found] == [newest, None, None, None]
