"""A small simulated market: the platform's order fills more than relevance alone, and the seed decides everything."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import Enterprise
from config.clock import Clock
from config.management.commands.simulate_market import table, told
from config.simulation.installation import simulate
from config.simulation.people import Order
from config.simulation.world import FIRST_DAY, Size

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("compiled")]


def market(size, order):
    """The figures of one market; its rows are gone afterwards, so that the next one finds an empty database."""
    mark = transaction.savepoint()
    found = simulate(size, order)
    transaction.savepoint_rollback(mark)
    return found


def test_the_platform_fills_more_than_relevance_alone_and_stays_under_the_optimum():
    size = Size(needs=40, days=25, seed=1)
    figures = told({order: market(size, order) for order in Order})
    filled = figures["filled_share"]
    assert 0 < filled["relevance_only"] < filled["platform"] <= filled["optimum"] + 1e-6 <= 1 + 1e-6
    assert figures["filled_of_optimum"]["platform"] >= 0.85
    assert figures["gini_of_exposure"]["platform"] < 1
    assert figures["requests"]["platform"] >= figures["agreements"]["platform"] > 0
    assert "platform" in table(figures)
    json.dumps(figures)


def test_the_same_seed_gives_the_same_figures_and_another_one_others():
    size = Size(needs=4, days=8, seed=3)
    first = market(size, Order.PLATFORM)
    assert market(size, Order.PLATFORM) == first
    assert market(Size(needs=4, days=8, seed=4), Order.PLATFORM) != first
    assert not Enterprise.objects.exists()


def test_the_clock_is_given_back():
    before = timezone.now
    with Clock(FIRST_DAY) as clock:
        clock.turn_to(3, 9.0)
        assert (timezone.localdate() - FIRST_DAY).days == 3
        clock.turn_to(2, 9.0)
        assert (timezone.localdate() - FIRST_DAY).days == 3
    assert timezone.now is before


@pytest.mark.parametrize("asked", [{"needs": 0}, {"days": 60}, {"days": 1}, {"needs": 20_001}, {"inside": "platform"}])
def test_the_command_refuses_what_it_cannot_do_and_never_the_database_of_the_installation(asked):
    with pytest.raises(CommandError):
        call_command("simulate_market", stdout=StringIO(), **asked)
    assert not Enterprise.objects.exists()
