"""What the platform proposes where no supplier carries a need alone: complete sets, the single supplier beside them."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Refused
from matchmaking.matching.services.limits import firm_of, limits_for_all
from matchmaking.matching.services.sets import supplier_sets
from tests.factories.accounts import EnterpriseCertificateFactory, MembershipFactory
from tests.factories.consortia import together
from tests.factories.postings import PostingCertificateFactory, PostingFactory, days_from_today

pytestmark = pytest.mark.django_db


def told(sets):
    return [[(int(one.posting.quantity_amount), int(one.amount)) for one in members] for members in sets]


def found_for(world, **options):
    return supplier_sets(posting=world.need, viewer=world.owner, **options)


def test_the_shares_of_a_set_sum_to_the_need():
    world = together(9000, 4000, 4000)
    found = found_for(world)
    assert found.singles == ()
    assert [sum(share for _posted, share in members) for members in told(found.sets)] == [15_000]
    assert all(one.limits.least <= one.amount <= one.limits.most for members in found.sets for one in members)


def test_what_the_firm_makes_itself_comes_off_first():
    """C5: 9,000 + 4,000 + 2,000 of its own; nothing remains."""
    world = together(9000, 4000)
    assert found_for(world).sets == ()
    (members,) = found_for(world, amount=Decimal(13_000)).sets
    assert sorted(int(one.amount) for one in members) == [4000, 9000]


def test_a_single_supplier_is_told_beside_and_is_in_no_set():
    world = together(9000, 8000, 20_000)
    found = found_for(world)
    assert [one.posting.pk for one in found.singles] == [world.capacities[2].pk]
    assert [sorted(posted for posted, _share in members) for members in told(found.sets)] == [[8000, 9000]]


def test_no_more_than_three_sets_of_two_to_four():
    world = together(*[5000] * 7)
    found = found_for(world)
    assert len(found.sets) == 3
    assert {len(members) for members in found.sets} == {3}
    assert len({frozenset(one.posting.pk for one in members) for members in found.sets}) == 3


def test_the_least_share_is_the_one_that_the_poster_set():
    world = together(9000, 8000, minimum_share_percent=60)
    assert found_for(world).sets == ()
    limits = limits_for_all(need=together(9000, 8000, minimum_share_percent=30).need, capacities=world.capacities)
    assert {one.least for one in limits.values()} == {Decimal(4500)}


def test_every_member_meets_the_certificates_that_the_need_must_have():
    world = together(9000, 8000, 7000)
    asked = PostingCertificateFactory(posting=world.need)
    for capacity in world.capacities[:2]:
        EnterpriseCertificateFactory(
            enterprise=capacity.enterprise,
            certification=asked.certification,
            expires_on=days_from_today(800),
            state="checked",
        )
    (members,) = found_for(world).sets
    assert {one.posting.pk for one in members} == {one.pk for one in world.capacities[:2]}


def test_a_need_for_one_supplier_has_no_sets():
    assert found_for(together(9000, 8000, consortium_allowed=False)).sets == ()


def test_what_is_booked_counts_by_class_alone():
    """Two databases that differ inside a class give the same shares."""
    world = together(9000, 8000)
    limits = [limits_for_all(need=world.need, capacities=world.capacities)]
    world.capacities[0].reserved_amount = Decimal(2000)
    world.capacities[0].save()
    limits.append(limits_for_all(need=world.need, capacities=world.capacities))
    assert limits[0] == limits[1]


def test_firms_that_hide_from_each_other_are_in_no_set_together():
    world = together(9000, 8000, 7000)
    world.capacities[0].hidden_from.add(world.capacities[1].enterprise)
    sets = [{one.posting.pk for one in members} for members in found_for(world).sets]
    assert {world.capacities[0].pk, world.capacities[2].pk} in sets
    assert all(not {one.pk for one in world.capacities[:2]} <= members for members in sets)


def test_a_replacement_fills_what_is_open():
    world = together(9000, 4000, 4500)
    found = found_for(world, amount=Decimal(4000), kept=world.capacities[:1], fewest=1)
    assert world.capacities[1].pk in {one.posting.pk for members in found.sets for one in members}
    asked = {firm_of(one) for one in world.capacities[:2]}
    found = found_for(world, amount=Decimal(4000), kept=world.capacities[:1], without=asked, fewest=1)
    assert [[one.posting.pk for one in members] for members in found.sets] == [[world.capacities[2].pk]]


def test_strangers_read_no_sets():
    world = together(9000, 8000)
    with pytest.raises(Refused):
        supplier_sets(posting=world.need, viewer=MembershipFactory().user)


def test_as_many_queries_for_many_suppliers():
    counts = []
    worlds = [together(9000, 8000), together(9000, 8000, *[3000] * 10)]
    for world in worlds:
        found_for(world)
        with CaptureQueriesContext(connection) as queries:
            found_for(world)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_monthly_capacities_carry_by_the_days_of_the_need():
    need = PostingFactory(consortium_allowed=True, quantity_amount=Decimal(15_000))
    owner = MembershipFactory(enterprise=need.enterprise).user
    for amount in (9000, 8000):
        PostingFactory(capacity=True, quantity_amount=Decimal(amount))
    (members,) = supplier_sets(posting=need, viewer=owner).sets
    assert sum(one.amount for one in members) == 15_000
