"""Plans stay in the scope that asked, keep every limit, tell why a need is left, and can be made twice."""

from decimal import Decimal

import pytest

from common.errors import Refused
from matchmaking.insights.choices import PlanState
from matchmaking.insights.models import MarketPlan
from matchmaking.insights.queries.coordination import scope_of
from matchmaking.insights.queries.plans import chains_to_plan, figures_of_plan, lines_of_plan
from matchmaking.insights.services import plans
from matchmaking.insights.services.plans import ask_plan, make_plan
from matchmaking.insights.tasks import make_market_plan
from matchmaking.partnerships.services.outcomes import state_outcome
from matchmaking.postings.choices import Period
from matchmaking.postings.models import Posting
from reference.models import IndustryChain, Region
from tests.factories.accounts import CoordinatorGrantFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return Region.objects.get(code="510104")


@pytest.fixture
def grant(region):
    made = CoordinatorGrantFactory()
    made.regions.add(region)
    return made


@pytest.fixture
def posted(region):
    """Makes a posting in the scope: pieces, once."""

    def make(amount, **fields):
        fields = {"region": region, "period": Period.ONCE} | fields
        return PostingFactory(quantity_amount=Decimal(amount), **fields)

    return make


def plan_for(user, chain):
    plan = ask_plan(chain=chain, actor=user)
    make_plan(key=plan.key)
    plan.refresh_from_db()
    return plan


def shares(plan):
    return {(line.need, line.capacity): line.amount for line in plan.lines.exclude(capacity=None)}


def rests(plan):
    return {line.need: (line.amount, line.reason) for line in plan.lines.filter(capacity=None)}


def test_a_need_that_may_be_split_is_filled_by_several_and_a_whole_one_by_one(grant, posted):
    split, whole = posted(100, consortium_allowed=True, minimum_share_percent=10), posted(70)
    one, two = posted(80, capacity=True), posted(60, capacity=True)
    plan = plan_for(grant.user, split.node.chain)
    assert plan.state == PlanState.READY
    assert shares(plan) == {(whole, one): 70, (split, one): 10, (split, two): 60}
    assert rests(plan) == {split: (30, "gap.plan.taken")}
    figures = figures_of_plan(plan)[0]
    assert (figures.asked, figures.placed, figures.filled, figures.partly, figures.open) == (170, 140, 1, 1, 0)
    assert figures.percent == Decimal("82.4")


def test_what_deals_came_to_stands_beside_what_the_plan_places(grant, posted):
    open_need, dealt = posted(100), posted(100)
    for amount, delivered in ((40, None), (30, 25)):
        pair = talks(PartnershipFactory(introduced=True, need=dealt, capacity=posted(60, capacity=True)))
        pair.agree(quantity_amount=Decimal(amount), period=Period.ONCE)
        for actor in (pair.buyer, pair.seller) if delivered else ():
            state_outcome(partnership=pair.now, actor=actor, answer="yes", delivered_amount=delivered)
    elsewhere = posted(50, node__code="AUTO.BODY")
    pair = talks(PartnershipFactory(introduced=True, need=elsewhere, capacity=posted(60, capacity=True)))
    pair.agree(quantity_amount=Decimal(50), period=Period.ONCE)
    figures = figures_of_plan(plan_for(grant.user, open_need.node.chain))[0]
    assert (figures.signed, figures.confirmed) == (65, 25)


def test_only_postings_in_the_scope_and_of_the_chain_take_part(grant, posted):
    need = posted(100)
    posted(100, capacity=True, region=Region.objects.get(code="500153"))
    posted(100, capacity=True, node__code="AUTO.BODY")
    plan = plan_for(grant.user, need.node.chain)
    assert shares(plan) == {}
    assert rests(plan)[need][1] == "gap.node.mismatch"
    assert set(plan.lines.values_list("need", flat=True)) == {need.pk}


def test_a_need_left_names_what_the_nearest_miss_fails(grant, posted):
    need = posted(100)
    posted(40, capacity=True)
    plan = plan_for(grant.user, need.node.chain)
    assert rests(plan) == {need: (100, "gap.quantity.short")}


def test_amounts_are_told_in_the_needs_own_unit_over_its_days(grant, posted):
    need = posted(10, period=Period.MONTH)
    posted(1000, capacity=True)
    plan = plan_for(grant.user, need.node.chain)
    line = plan.lines.get()
    assert line.amount == line.asked
    assert 119 < line.amount < 121


def test_what_is_left_of_a_capacity_counts_by_class_not_by_figure(grant, posted):
    need, capacity = posted(100, consortium_allowed=True, minimum_share_percent=1), posted(100, capacity=True)
    Posting.objects.filter(pk=capacity.pk).update(reserved_amount=Decimal(37))
    assert shares(plan_for(grant.user, need.node.chain)) == {(need, capacity): 50}


def test_a_plan_made_twice_has_the_same_lines_once(grant, posted):
    need = posted(100)
    posted(100, capacity=True)
    plan = plan_for(grant.user, need.node.chain)
    before = list(plan.lines.values_list("need", "capacity", "amount"))
    assert make_plan(key=plan.key) is None
    MarketPlan.objects.update(state=PlanState.RUNNING)
    assert make_market_plan.call(plan.key) == PlanState.READY
    assert list(plan.lines.values_list("need", "capacity", "amount")) == before


def test_an_open_plan_is_not_asked_for_twice_and_old_ones_go(grant, posted, monkeypatch):
    chain = posted(100).node.chain
    first = ask_plan(chain=chain, actor=grant.user)
    assert ask_plan(chain=chain, actor=grant.user) == first
    monkeypatch.setattr(plans, "KEPT", 2)
    for _ in range(3):
        plan_for(grant.user, chain)
    assert MarketPlan.objects.count() == 2


def test_a_chain_outside_ones_rights_is_refused(grant, posted):
    grant.chains.add(IndustryChain.objects.get(code="AUTO"))
    chain = posted(100).node.chain
    for user in (grant.user, UserFactory()):
        with pytest.raises(Refused):
            ask_plan(chain=chain, actor=user)
    assert [one.code for one in chains_to_plan(scope_of(grant.user))] == ["AUTO"]


def test_a_scope_that_was_changed_meanwhile_fails_the_plan_and_hides_its_lines(grant, posted):
    need, capacity = posted(100), posted(100, capacity=True)
    ready = plan_for(grant.user, need.node.chain)
    waiting = ask_plan(chain=need.node.chain, actor=grant.user)
    grant.regions.set([Region.objects.get(code="500153")])
    make_plan(key=waiting.key)
    waiting.refresh_from_db()
    assert waiting.state == PlanState.FAILED
    assert shares(ready) == {(need, capacity): 100}
    assert not lines_of_plan(scope_of(grant.user), ready, is_open=False).exists()


def test_a_plan_that_cannot_be_computed_is_told_as_failed(grant, posted, monkeypatch):
    plan = ask_plan(chain=posted(100).node.chain, actor=grant.user)

    def broken(asked):
        raise ArithmeticError("no plan")

    monkeypatch.setattr(plans, "assigned", broken)
    with pytest.raises(ArithmeticError):
        make_plan(key=plan.key)
    plan.refresh_from_db()
    assert plan.state == PlanState.FAILED
