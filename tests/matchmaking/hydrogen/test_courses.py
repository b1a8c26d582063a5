"""Stations along the lines and the stretches without one; lines and bases as the files tell them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from matchmaking.hydrogen.choices import FacilityKind, FacilityState, LineKind
from matchmaking.hydrogen.models import CorridorLine, Facility
from matchmaking.hydrogen.queries.courses import Idea, courses
from matchmaking.hydrogen.queries.records import facilities, lines
from matchmaking.hydrogen.services.loading import load_corridor
from reference.models import Region
from tests.factories.hydrogen import CorridorLineFactory, FacilityFactory

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
CHENGDU, NEIJIANG, RONGCHANG, JIULONGPO = "510100", "511000", "500153", "500107"


def along(**told):
    (course,) = courses(lines(user=NOBODY), facilities(user=NOBODY), **told)
    return course


@pytest.fixture
def trunk():
    return CorridorLineFactory(stops=(CHENGDU, NEIJIANG, JIULONGPO))


def at(code, **told):
    return FacilityFactory(region=Region.objects.get(code=code), **told)


def test_without_a_station_the_whole_line_is_one_gap(trunk):
    course = along()

    assert [(gap.from_km, gap.to_km) for gap in course.gaps] == [(0, course.km)]


def test_running_stations_part_the_line_and_the_gaps_add_up(trunk):
    at(NEIJIANG)
    course = along()

    assert len(course.gaps) == 2
    assert sum(gap.km for gap in course.gaps) == course.km
    assert course.gaps[0].km == {region.code: km for region, km in course.stops}[NEIJIANG]


@pytest.mark.parametrize("state", [FacilityState.PLANNED, FacilityState.BUILDING])
def test_a_station_that_does_not_run_yet_parts_nothing(trunk, state):
    at(NEIJIANG, state=state, state_on=timezone.localdate() - timedelta(days=100))
    course = along()

    assert len(course.gaps) == 1
    assert [one.is_running for one in course.stations] == [False]


def test_a_closed_station_and_a_base_stand_on_no_line(trunk):
    at(NEIJIANG, state=FacilityState.CLOSED, state_on=None)
    at(NEIJIANG, kind=FacilityKind.BASE)

    assert along().stations == []


def test_a_station_far_from_the_line_is_none_of_it(trunk):
    at("510400")

    assert along().stations == []


def test_a_station_that_somebody_thinks_of_shortens_the_longest_gap(trunk):
    before = along().longest
    after = along(idea=Idea(Region.objects.get(code=NEIJIANG), 500))

    assert after.longest.km < before.km
    assert Facility.objects.count() == 0


def test_the_files_tell_two_intercity_lines_a_trunk_and_four_planned_bases_each_with_its_source():
    load_corridor()

    kinds = list(CorridorLine.objects.values_list("kind", flat=True))
    assert sorted(kinds) == [LineKind.INTERCITY, LineKind.INTERCITY, LineKind.TRUNK]
    bases = Facility.objects.filter(kind=FacilityKind.BASE)
    assert {row.region.code for row in bases} == {"500152", "500115", "513400", "510400"}
    assert {row.state for row in bases} == {FacilityState.PLANNED}
    assert all(row.source for row in [*bases, *CorridorLine.objects.all()])


def test_loading_again_changes_nothing_and_leaves_what_people_wrote():
    load_corridor()
    row = Facility.objects.get(region__code="500115")
    row.state, row.state_on, row.version = FacilityState.RUNNING, timezone.localdate(), 2
    row.save()
    figures = load_corridor()

    assert [(one.created, one.updated) for one in figures] == [(0, 0), (0, 0)]
    assert Facility.objects.get(pk=row.pk).state == FacilityState.RUNNING
