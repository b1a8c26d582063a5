"""Markets of any size: the same for the same seed, varied in their texts, and fit to be measured with."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Enterprise
from config.demo.invention import POSTINGS_A_FIRM, Inventor
from config.demo.rows import open_book
from config.demo.scale import grow_market
from matchmaking.matching.services.snapshots import snapshot_state
from matchmaking.postings.models import Posting

pytestmark = pytest.mark.django_db

COLUMNS = ("number", "title", "text", "node__code", "quantity_amount", "unit__code", "enterprise__uscc", "price_max")


def market(seed=1):
    rows = Posting.objects.filter(external_key__startswith=f"market-{seed}-")
    return list(rows.order_by("external_key").values_list(*COLUMNS))


def test_a_market_that_grows_is_the_same_as_one_made_at_once():
    grow_market(postings=20, seed=1)
    grow_market(postings=50, seed=1)
    grown = market()
    Enterprise.objects.all().delete()
    figures = grow_market(postings=50, seed=1)
    assert market() == grown
    assert len(grown) == 50
    assert (figures.postings, figures.firms) == (50, -(-50 // POSTINGS_A_FIRM))


def test_another_seed_makes_another_market_beside_it():
    grow_market(postings=24, seed=1)
    grow_market(postings=24, seed=2)
    assert len(market(1)) == len(market(2)) == 24
    assert set(market(1)).isdisjoint(market(2))
    assert Enterprise.objects.count() == 4


def test_a_market_of_the_asked_size_stays_as_it_is():
    grow_market(postings=24, seed=1)
    before = market()
    figures = grow_market(postings=24, seed=1)
    assert (figures.postings, figures.firms, market()) == (0, 0, before)


def test_every_row_is_a_valid_sample():
    grow_market(postings=240, seed=3)
    for row in (*Posting.objects.all(), *Enterprise.objects.all()):
        row.full_clean()
        assert row.is_sample
    assert not Enterprise.objects.exclude(name__startswith="示例").exists()
    assert Posting.objects.live().count() == 240


def test_texts_are_distinct_and_nodes_follow_a_zipf_law():
    inventor = Inventor(open_book(), 1)
    plans = [inventor.posting(number) for number in range(6000)]
    assert len({(plan.title, plan.text) for plan in plans}) >= 0.9 * len(plans)
    assert len({plan.title for plan in plans}) >= 0.9 * len(plans)
    expected = 1 / sum(1 / rank for rank in range(1, len(inventor.nodes) + 1))
    counts = Counter(plan.node for plan in plans)
    first, tenth = (counts[inventor.nodes[place]] / len(plans) for place in (0, 9))
    assert 0.6 * expected < first < 1.5 * expected
    assert first > 3 * tenth
    assert len(counts) > 200


def test_the_command_makes_the_market_and_its_snapshot():
    said = StringIO()
    call_command("seed_demo", postings=36, seed=4, stdout=said)
    assert said.getvalue().startswith("market 4: 36 postings of 3 firms")
    assert snapshot_state()["postings"] == 36


@pytest.mark.parametrize(("postings", "seed"), [(0, 1), (-5, 1), (3_000_000, 1), (10, -1), (10, 100)])
def test_sizes_and_seeds_out_of_bounds_are_refused(postings, seed):
    with pytest.raises(CommandError):
        call_command("seed_demo", postings=postings, seed=seed)
    assert not Posting.objects.exists()
