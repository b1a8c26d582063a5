"""Leaving booked firms out and putting busy ones lower fills more needs than relevance alone."""

from io import StringIO

import pytest
from django.core.management import call_command

from matchmaking.matching.services.simulating import simulate_load
from tests.factories.matching import TODAY

pytestmark = pytest.mark.django_db


def test_load_in_the_order_fills_nine_needs_in_ten_and_relevance_alone_does_not():
    found = simulate_load(needs=150, capacities=50, seed=1, today=TODAY)
    assert found == simulate_load(needs=150, capacities=50, seed=1, today=TODAY)
    assert found.by_relevance < 0.9 * found.needs <= found.by_load


def test_the_command_prints_both_shares_and_an_empty_market_in_words():
    out = StringIO()
    call_command("simulate_load", needs=60, capacities=30, stdout=out)
    call_command("simulate_load", needs=1, capacities=0, stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["by relevance alone", "with load"]
    assert lines[2] == "No need of this market has a supplier."
