"""What is open in and around a park: counts equal to the lists behind them, and what stays unsaid."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.choices import EnterpriseKind
from matchmaking.parks.queries.nearby import (
    introductions_of,
    newest_there,
    open_nearby,
    partners_in,
    places_of,
)
from matchmaking.postings.choices import Direction, Visibility
from reference.models import Region
from tests.factories.accounts import EnterpriseFactory
from tests.factories.parks import ParkFactory, ParkPartnershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def region(code):
    return Region.objects.get(code=code)


def park_in(*codes):
    return ParkFactory(regions=[region(code) for code in codes])


def moments(count):
    return [timezone.now() - timedelta(hours=count - step) for step in range(count)]


def listed(park, direction=Direction.NEED, is_exact=False):
    places = places_of(park, is_exact=is_exact)
    found = newest_there(user=VISITOR, own=(), partners=places, each=20)
    return {row.number for row in found if row.direction == direction}


@pytest.mark.parametrize(("is_exact", "place", "count"), [(False, "510500", 2), (True, "510522", 1)])
def test_who_sees_prefectures_only_counts_by_them_and_finds_as_many_rows(is_exact, place, count):
    park = park_in("510522")
    for code in ("510522", "510521", "510600"):
        PostingFactory(region=region(code))

    nearby = open_nearby(parks=[park], is_exact=is_exact)[park.pk]

    assert [one.code for one in places_of(park, is_exact=is_exact)] == [place]
    assert (nearby.needs, len(listed(park, is_exact=is_exact))) == (count, count)


def test_postings_of_a_closed_region_stand_under_the_one_that_followed():
    park = park_in("500157")
    posting = PostingFactory(region=region("500112"))

    assert open_nearby(parks=[park], is_exact=True)[park.pk].needs == 1
    assert listed(park, is_exact=True) == {posting.number}


def test_premises_of_the_operator_stand_apart_unless_an_alias_would_tell_who_it_is():
    park, operator = park_in("500152"), EnterpriseFactory(kind=EnterpriseKind.PARK_OPERATOR)
    place = {"capacity": True, "subject": "premises", "region": region("500152")}
    named = PostingFactory(**place, enterprise=operator, visibility=Visibility.NAMED)
    hidden = PostingFactory(**place, enterprise=operator, visibility=Visibility.ALIAS)
    other = PostingFactory(**place)
    PostingFactory(capacity=True, region=region("500152"))
    places = places_of(park, is_exact=False)

    found = newest_there(user=VISITOR, own=places, partners=(), each=20)

    assert {row.number for row in found if row.is_operator} == {named.number}
    premises = [row for row in found if row.is_premises()]
    assert {row.number for row in premises if not row.is_operator} == {hidden.number, other.number}
    assert (len(found), len(premises)) == (4, 3)


def test_partners_are_those_that_both_parks_stand_behind_each_once():
    park = park_in("500116")
    pairs = [
        ParkPartnershipFactory(from_park=park),
        ParkPartnershipFactory(to_park=park, state="confirmed"),
        ParkPartnershipFactory(from_park=park, state="proposed"),
    ]
    pairs.append(ParkPartnershipFactory(from_park=park, to_park=pairs[0].to_park, cooperation_type="enclave-economy"))

    assert partners_in(pairs, park) == [pairs[0].to_park, pairs[1].from_park]


@pytest.mark.parametrize(("firms", "is_small"), [(0, False), (2, True), (3, False)])
def test_introductions_are_counted_from_three_firms_of_the_park_on(firms, is_small):
    park = park_in("500116")
    for _firm in range(firms):
        PartnershipFactory(introduced=True, need__region=region("500116"))
    PartnershipFactory(introduced=True)
    PartnershipFactory(need__region=region("500116"))

    found = introductions_of(park)

    assert (found.count, found.firms, found.is_small) == (firms, firms, is_small)


def test_the_newest_of_each_direction_in_a_place_are_found_and_no_more():
    place = region("500116")
    rows = [PostingFactory(region=place, published_at=at) for at in moments(3)]
    capacity = PostingFactory(capacity=True, region=place)

    found = newest_there(user=VISITOR, own=(), partners=[place], each=2)

    assert {row.number for row in found} == {rows[1].number, rows[2].number, capacity.number}
