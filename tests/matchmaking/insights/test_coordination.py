"""What a coordinator's scope holds, how it is counted, and what is told together only."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from matchmaking.insights.filters import AGE_CHOICES, CoordinatedPostingFilter
from matchmaking.insights.queries.coordination import (
    figures_of,
    interests_due,
    last_reminder,
    oldest_unanswered,
    partnerships_in,
    postings_in,
    scope_of,
    told_to_both,
    waited_for,
)
from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.services.coordination import remind_of_interest
from matchmaking.postings.models import Posting
from reference.models import IndustryChain, Region
from tests.factories.accounts import CoordinatorGrantFactory, EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant():
    made = CoordinatorGrantFactory()
    made.regions.add(Region.objects.get(code="510104"))
    return made


@pytest.fixture
def region():
    return Region.objects.get(code="510104")


def numbers(grant):
    return set(postings_in(scope_of(grant.user)).values_list("number", flat=True))


def aged(posting, days):
    Posting.objects.filter(pk=posting.pk).update(published_at=timezone.now() - timedelta(days=days))
    return posting


def test_a_scope_is_the_regions_and_the_chains_of_each_right(grant, region):
    grant.chains.add(IndustryChain.objects.get(code="AUTO"))
    here, other_chain = PostingFactory(region=region, node__code="AUTO.BODY"), PostingFactory(region=region)
    elsewhere = PostingFactory(node__code="AUTO.BODY")

    assert numbers(grant) == {here.number}
    second = CoordinatorGrantFactory(user=grant.user)
    second.chains.add(other_chain.node.chain)
    second.regions.add(region)
    assert numbers(grant) == {here.number, other_chain.number}
    assert elsewhere.number not in numbers(grant)


def test_a_province_holds_its_districts_and_an_empty_right_everything(region):
    wide, province = CoordinatorGrantFactory(), CoordinatorGrantFactory()
    province.regions.add(Region.objects.get(code="510000"))
    inside, outside = PostingFactory(region=region), PostingFactory(region=Region.objects.get(code="500153"))

    assert numbers(province) == {inside.number}
    assert numbers(wide) == {inside.number, outside.number}


def test_who_has_no_right_has_an_empty_scope(region):
    PartnershipFactory(need=PostingFactory(region=region))

    for nobody in (AnonymousUser(), UserFactory(), MembershipFactory().user):
        scope = scope_of(nobody)
        assert (postings_in(scope).count(), partnerships_in(scope).count()) == (0, 0)


def test_mere_suggestions_are_not_looked_after(grant, region):
    PartnershipFactory(need=PostingFactory(region=region), suggested=True)

    assert partnerships_in(scope_of(grant.user)).count() == 0


def test_a_need_is_answered_once_a_capacity_came_forward_or_accepted(grant, region):
    alone, asking, ended = (PostingFactory(region=region) for _ in range(3))
    asked, met = PostingFactory(region=region), PostingFactory(region=region)
    PartnershipFactory(need=asking)
    PartnershipFactory(need=ended, failed=True)
    PartnershipFactory(need=asked, opened_by=Side.CAPACITY)
    PartnershipFactory(need=met, introduced=True)
    for row in (PostingFactory(region=region, paused=True), PostingFactory(region=region, capacity=True)):
        assert row.pk

    assert oldest_unanswered(scope_of(grant.user)) == [alone, asking, ended]
    assert figures_of(scope_of(grant.user)).unanswered == 3


def test_the_oldest_need_comes_first_by_the_day_it_was_published(grant, region):
    young, old, older = (aged(PostingFactory(region=region), days) for days in (2, 40, 70))

    assert oldest_unanswered(scope_of(grant.user)) == [older, old, young]
    figures = figures_of(scope_of(grant.user))
    assert (figures.unanswered, figures.unanswered_over_30, figures.unanswered_over_60) == (3, 2, 1)


@pytest.mark.parametrize(
    ("days", "step"), [(0, "week"), (7, "week"), (8, "month"), (30, "month"), (31, "two_months"), (61, "older")]
)
def test_every_age_falls_into_one_step(grant, region, days, step):
    aged(PostingFactory(region=region), days)
    rows = postings_in(scope_of(grant.user))

    found = [name for name, _word in AGE_CHOICES if CoordinatedPostingFilter({"age": name}, queryset=rows).qs.exists()]

    assert found == [step]


@pytest.mark.parametrize("days", [0, 30, 31, 60, 61])
def test_a_sum_of_ages_holds_what_its_steps_hold(grant, region, days):
    aged(PostingFactory(region=region), days)
    rows = postings_in(scope_of(grant.user))

    def has(age):
        return CoordinatedPostingFilter({"age": age}, queryset=rows).qs.exists()

    assert has("over_30") == (has("two_months") or has("older"))


def test_interests_come_by_their_day_of_answer_with_who_is_waited_for(grant, region):
    today = timezone.localdate()
    late, soon = (
        PartnershipFactory(need=PostingFactory(region=region), answer_by=today + timedelta(days=days))
        for days in (-2, 1)
    )
    theirs = PartnershipFactory(need=PostingFactory(region=region), opened_by=Side.CAPACITY, answer_by=None)
    done = PartnershipFactory(need=PostingFactory(region=region), introduced=True)

    assert interests_due(scope_of(grant.user)) == [late, soon, theirs]
    assert [waited_for(row) for row in (late, theirs, done)] == [late.capacity, theirs.need, None]
    figures = figures_of(scope_of(grant.user))
    assert (figures.interests, figures.overdue, figures.introduced) == (3, 1, 1)


@pytest.mark.parametrize(("firms", "told"), [(2, []), (3, [(3, Decimal(36000), Decimal(1000))])])
def test_capacities_are_told_together_from_three_firms_on(grant, region, firms, told):
    for count in range(firms):
        PostingFactory(region=region, capacity=True, enterprise=EnterpriseFactory(), reserved_amount=500 * (count < 2))
    PostingFactory(region=region)

    left = figures_of(scope_of(grant.user)).capacity_left

    assert [(one.firms, one.offered, one.agreed) for one in left] == told


def test_two_postings_of_one_firm_are_one_firm(grant, region):
    firm = EnterpriseFactory()
    for _ in range(4):
        PostingFactory(region=region, capacity=True, enterprise=firm)

    assert figures_of(scope_of(grant.user)).capacity_left == []


def test_a_match_that_nobody_was_shown_is_told_so(grant, region):
    pair = PartnershipFactory(need=PostingFactory(region=region))

    assert [(one.side, one.suggestion) for one in told_to_both(pair)] == [(Side.NEED, None), (Side.CAPACITY, None)]


def test_the_last_reminder_is_known_by_its_day(grant, region):
    pair = PartnershipFactory(need=PostingFactory(region=region))
    assert last_reminder("partnership", pair.key) is None

    remind_of_interest(partnership=pair, actor=grant.user)

    assert last_reminder("partnership", pair.key) == timezone.localdate()


def test_figures_are_kept_for_a_reach_and_counted_anew_once_the_right_reaches_elsewhere(
    grant, region, django_assert_num_queries
):
    PostingFactory(region=region)
    first, scope = figures_of(scope_of(grant.user)), scope_of(grant.user)
    with django_assert_num_queries(0):
        assert figures_of(scope) == first

    grant.regions.set([Region.objects.get(code="500153")])

    assert (first.needs, figures_of(scope_of(grant.user)).needs) == (1, 0)
