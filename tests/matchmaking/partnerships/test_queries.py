"""Lists, counts and who may see which partnerships."""

import pytest

from matchmaking.partnerships.choices import Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.interests import interest_count_shown
from matchmaking.partnerships.queries.partnerships import (
    PartnershipCounts,
    line_of,
    partnership_between,
    partnership_counts,
    partnerships_of,
    partnerships_with,
    waiting_for,
    waiting_for_others,
)
from tests.factories.accounts import CoordinatorGrantFactory, EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def test_lists_and_counts_tell_whose_turn_it_is(django_assert_num_queries):
    firm = EnterpriseFactory()
    need, capacity = PostingFactory(enterprise=firm), PostingFactory(capacity=True, enterprise=firm)
    ours = PartnershipFactory(capacity=capacity)
    ours_too = PartnershipFactory(need=need, opened_by=Side.CAPACITY)
    theirs = PartnershipFactory(need=need)
    introduced = PartnershipFactory(need=need, introduced=True)
    ended = PartnershipFactory(need=need, failed=True)
    PartnershipFactory()

    assert set(waiting_for(firm)) == {ours, ours_too}
    assert list(waiting_for_others(firm)) == [theirs]
    assert set(partnerships_of(firm)) == {ours, ours_too, theirs, introduced, ended}
    with django_assert_num_queries(1):
        assert partnership_counts(firm) == PartnershipCounts(2, 1, 1, 1)
    assert [line_of(row, firm).is_our_turn for row in (ours, ours_too, theirs, introduced, ended)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert line_of(ours, EnterpriseFactory()) is None


def test_visible_to_shows_both_sides_and_who_looks_after_them():
    partnership = PartnershipFactory()
    suggested = PartnershipFactory(suggested=True)
    seen = {
        name: set(Partnership.objects.visible_to(user))
        for name, user in {
            "need": MembershipFactory(enterprise=partnership.need.enterprise).user,
            "capacity": MembershipFactory(enterprise=partnership.capacity.enterprise, viewer=True).user,
            "former": MembershipFactory(enterprise=partnership.need.enterprise, former=True).user,
            "other": MembershipFactory().user,
            "nobody": UserFactory(),
            "coordinator": CoordinatorGrantFactory().user,
            "platform": UserFactory(platform_admin=True),
        }.items()
    }
    assert seen == {
        "need": {partnership},
        "capacity": {partnership},
        "former": set(),
        "other": set(),
        "nobody": set(),
        "coordinator": {partnership},
        "platform": {partnership, suggested},
    }


@pytest.mark.parametrize(("firms", "shown"), [(0, "0"), (3, "3"), (10, "10"), (12, "10+")])
def test_interest_count_is_capped(firms, shown):
    capacity = PostingFactory(capacity=True)
    for _ in range(firms):
        PartnershipFactory(capacity=capacity)
    PartnershipFactory(capacity=capacity, failed=True)
    PartnershipFactory(capacity=capacity, opened_by=Side.CAPACITY)

    assert interest_count_shown(posting=capacity) == shown


def test_a_firm_that_asks_twice_counts_once():
    capacity = PostingFactory(capacity=True)
    first = PartnershipFactory(capacity=capacity)
    PartnershipFactory(capacity=capacity, need=PostingFactory(enterprise=first.need.enterprise))

    assert interest_count_shown(posting=capacity) == "1"


def test_a_firm_that_asks_under_its_alias_too_counts_as_two():
    capacity = PostingFactory(capacity=True)
    first = PartnershipFactory(capacity=capacity)
    alias = PostingFactory(enterprise=first.need.enterprise, visibility="alias")
    PartnershipFactory(capacity=capacity, need=alias)

    assert interest_count_shown(posting=capacity) == "2"


def test_partnerships_with_gives_the_newest_of_each_pair(django_assert_num_queries):
    need = PostingFactory()
    one, two = PostingFactory(capacity=True), PostingFactory(capacity=True)
    PartnershipFactory(need=need, capacity=one, failed=True)
    newest = PartnershipFactory(need=need, capacity=one)
    PartnershipFactory(capacity=two)

    with django_assert_num_queries(1):
        found = partnerships_with(posting=need, counterparts=[one, two])

    assert found == {one.pk: newest}


def test_partnership_between_prefers_one_that_is_open():
    capacity = PostingFactory(capacity=True)
    firm = EnterpriseFactory()
    still_open = PartnershipFactory(need=PostingFactory(enterprise=firm), capacity=capacity)
    PartnershipFactory(need=PostingFactory(enterprise=firm), capacity=capacity, failed=True)

    assert partnership_between(enterprise=firm, posting=capacity) == still_open
    assert partnership_between(enterprise=EnterpriseFactory(), posting=capacity) is None
    Partnership.objects.filter(pk=still_open.pk).update(state=State.FAILED, end_reason="end.partnership.price")
    assert partnership_between(enterprise=firm, posting=capacity).state == State.FAILED
