"""The demo's past: deals of every stage, each stamp where it belongs, figures that count them, empty inboxes."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.utils import timezone

from accounts.models import Change, Enterprise, Notice
from config.demo import past
from config.demo.rows import demo_object
from config.demo.seeding import load_demo
from matchmaking.insights.queries.flows import Asked, flows_of
from matchmaking.insights.services.flows.refreshing import refresh_flows
from matchmaking.partnerships.choices import Act, Answer, OutcomeState, Side, State
from matchmaking.partnerships.models import (
    Agreement,
    Milestone,
    Outcome,
    OutcomeStatement,
    Partnership,
    PartnershipEvent,
    Quote,
)
from matchmaking.partnerships.queries.rates import public_rates
from matchmaking.postings.models import Posting
from reference.queries.workdays import is_working_day

pytestmark = pytest.mark.django_db


def deals():
    return Partnership.objects.filter(need__external_key__startswith=past.KEY)


def day_of(moment: datetime):
    return timezone.localdate(moment)


def test_deals_stand_at_every_stage_mostly_across_the_border_and_both_ways(demo):
    assert demo.deals == deals().count() == 28
    assert Counter(deals().values_list("state", flat=True)) == {
        State.COMPLETED: 15, State.DELIVERING: 4, State.AGREED: 2, State.QUOTING: 2, State.SAMPLING: 1, State.FAILED: 4
    }  # fmt: skip
    outcomes = Outcome.objects.filter(partnership__in=deals())
    found = Counter(outcomes.values_list("state", flat=True))
    told = (OutcomeState.CONFIRMED, OutcomeState.DISPUTED, OutcomeState.FAILED, OutcomeState.UNCONFIRMED)
    assert [found[state] for state in told] == [15, 1, 1, 1]
    ways = Counter(
        (need[:2], supply[:2]) for need, supply in deals().values_list("need__region__code", "capacity__region__code")
    )
    assert set(ways) == {("50", "51"), ("51", "50")}
    assert min(ways.values()) >= 10
    chains = set(deals().values_list("need__node__chain__code", flat=True))
    assert chains == {"AUTO", "EINFO", "EQUIP", "H2", "CONS", "SVC"}
    ended = deals().filter(state=State.FAILED)
    assert all(ended.values_list("end_reason", flat=True))


def test_a_satellite_plant_monthly_hydrogen_and_an_exchange_of_engineers_are_among_them(demo):
    plant = Agreement.objects.get(partnership__in=deals(), floor_area__isnull=False)
    assert (plant.floor_area, plant.workers, plant.opens_on > timezone.localdate()) == (3000, 120, True)
    hydrogen = Agreement.objects.get(partnership__in=deals(), unit__code="TH2")
    delivered = hydrogen.milestones.filter(accepted_on__isnull=False).count()
    assert (hydrogen.period, hydrogen.milestones.count(), 3 <= delivered < 12) == ("month", 12, True)
    engineers = Agreement.objects.get(partnership__in=deals(), people__isnull=False)
    assert (engineers.people, engineers.months, bool(engineers.mode)) == (2, 6, True)


def test_what_was_delivered_was_confirmed_within_eight_months_at_the_lower_amount(demo):
    today = timezone.localdate()
    for outcome in Outcome.objects.filter(state=OutcomeState.CONFIRMED).select_related("partnership"):
        said = OutcomeStatement.objects.filter(partnership=outcome.partnership, answer=Answer.YES)
        assert outcome.confirmed_amount == min(said.values_list("delivered_amount", flat=True)) > 0
        assert today - timedelta(days=245) < outcome.confirmed_on < today
        finished = outcome.partnership.events.get(act=Act.COMPLETE)
        assert outcome.confirmed_on == day_of(finished.happened_at) == day_of(outcome.changed_at)
        assert day_of(outcome.partnership.changed_at) == outcome.confirmed_on
    months = {row.confirmed_on.replace(day=1) for row in Outcome.objects.filter(state=OutcomeState.CONFIRMED)}
    assert len(months) >= 5


def test_every_stamp_lies_where_its_step_was_taken(demo):
    for row in deals().select_related("need", "capacity"):
        moments = list(row.events.order_by("pk").values_list("happened_at", flat=True))
        assert moments == sorted(moments)
        assert moments[-1] < timezone.now()
        assert row.need.published_at < row.created_at < moments[0]
        assert row.capacity.published_at < row.created_at
        assert max(row.need.enterprise.created_at, row.capacity.enterprise.created_at) < row.need.published_at
        assert row.introduced_at.date() == row.events.get(act=Act.INTRODUCE).happened_at.date()
    quoted = Counter(Quote.objects.filter(partnership__in=deals()).values_list("partnership", "created_at__date"))
    assert quoted == Counter(
        PartnershipEvent.objects.filter(partnership__in=deals(), act=Act.QUOTE).values_list(
            "partnership", "happened_at__date"
        )
    )
    for lot in Milestone.objects.filter(agreement__partnership__in=deals(), delivered_on__isnull=False):
        days = [
            day_of(event.happened_at)
            for event in PartnershipEvent.objects.filter(
                partnership=lot.agreement.partnership, act=Act.DELIVER, note=lot.title
            )
        ]
        assert days == [lot.delivered_on]
        assert lot.delivered_on <= lot.accepted_on <= timezone.localdate()


def test_whatever_the_day_of_loading_firms_act_on_working_days_one_after_another():
    told = demo_object("past")
    deals = [past.Deal(one, {}) for one in told["deals"]]
    for ago in range(0, 400, 3):
        day = date(2026, 11, 30) - timedelta(days=ago)
        taken = list(past.moments(deals, day))
        assert len(taken) == sum(len(one["steps"]) for one in told["deals"])
        assert day + timedelta(days=told["opens"]) < min(on for on, *_rest in taken)
        assert max(on for on, *_rest in taken) < day
        assert all(is_working_day(on) for on, _hour, _deal, step in taken if step["side"] != Side.PLATFORM)
        for deal in deals:
            mine = {deal.told["steps"].index(step): (on, hour) for on, hour, one, step in taken if one is deal}
            days = [step["day"] for step in deal.told["steps"]]
            for place in range(1, len(days)):
                assert mine[place - 1] < mine[place]
                assert (mine[place - 1][0] < mine[place][0]) == (days[place - 1] < days[place])


def test_what_is_recorded_comes_in_the_order_in_which_it_happened(demo):
    moments = list(Change.objects.order_by("seq").values_list("happened_at", flat=True))
    assert moments == sorted(moments)
    assert (moments[-1] - moments[0]).days >= 300
    assert list(Change.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, len(moments) + 1))
    assert not Notice.objects.filter(created_at__gt=timezone.now()).exists()


def test_nobody_finds_a_years_notices_nor_is_mailed_them(demo):
    told_until = timezone.now() - timedelta(days=-demo_object("past")["read_until"] + 4)
    old = Notice.objects.filter(created_at__lt=told_until)
    assert old.count() > 100
    assert not old.filter(read_at=None).exists()
    assert not old.exclude(pace="never").exists()
    assert not Notice.objects.filter(read_at__lt=F("created_at")).exists()
    for address in ("buyer@example.com", "editor@example.com", "supplier@example.com"):
        unread = Notice.objects.filter(reader__email=address, read_at=None)
        assert 0 < unread.count() <= 8


def test_flows_tell_regions_apart_in_both_directions_and_by_chain(demo):
    refresh_flows(whole=True)
    found = flows_of(user=AnonymousUser(), asked=Asked())
    assert (found.total, found.unplaced, found.across, found.across_percent) == (15, 0, 15, 100)
    lines = {(line.need.short_zh, line.supply.short_zh): line.cases for line in found.told}
    assert len(lines) == 4
    assert {(need, supply) for need, supply in lines if "荣昌" in (need, supply)} == {
        ("荣昌", "内江"),
        ("内江", "荣昌"),
    }
    assert flows_of(user=AnonymousUser(), asked=Asked(chain="AUTO")).total >= 3


def test_firms_of_the_past_show_their_rates_and_confirmed_outcomes(demo):
    buyer = Enterprise.objects.get(memberships__user__email="buyer@example.com")
    supplier = Enterprise.objects.get(memberships__user__email="supplier@example.com")
    bought, sold = public_rates(buyer), public_rates(supplier)
    assert (bought.answered_percent, bought.bought_percent) == (100, 80)
    assert (sold.answered_percent, sold.sold_percent) == (100, 80)
    assert min(bought.answer_hours, sold.answer_hours) >= 20
    assert (buyer.confirmed_outcomes, supplier.confirmed_outcomes) == (2, 3)


def test_the_past_is_played_once_and_stays_where_it_was(demo):
    def rows():
        models = (Partnership, PartnershipEvent, Quote, Agreement, Milestone, Outcome, OutcomeStatement, Notice)
        return [list(model.objects.order_by("pk").values_list()) for model in models]

    before, later = rows(), timezone.localdate() + timedelta(days=40)
    published = list(Posting.objects.filter(external_key__startswith=past.KEY).values_list("pk", "published_at"))
    assert load_demo(day=later).deals == 0
    assert rows() == before
    own = Posting.objects.filter(external_key__startswith=past.KEY)
    assert list(own.values_list("pk", "published_at")) == published
    assert set(own.live().values_list("confirmed_on", flat=True)) == {later}
    assert Posting.objects.live().filter(external_key__startswith=past.KEY).count() == 19
