"""Generated markets: the same for the same seed, crowded at few nodes, and ranked as the definition says."""

from collections import Counter

from matchmaking.engine.market import generated_rows
from matchmaking.engine.oracle import World, rank_plainly
from matchmaking.engine.ranking import rank
from matchmaking.engine.scoring.building import build_market, with_changes
from tests.factories.matching import TODAY, reference_taxonomy

TAXONOMY = reference_taxonomy()


def test_a_seed_gives_the_same_market_again_and_another_seed_another():
    one, again, other = (
        generated_rows(TAXONOMY, needs=20, capacities=20, seed=seed, today=TODAY) for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other
    assert len({row.key for row in one}) == 40


def test_few_nodes_hold_much_and_texts_differ():
    rows = generated_rows(TAXONOMY, needs=500, capacities=1500, seed=3, today=TODAY)
    assert sum(count for _, count in Counter(row.node for row in rows).most_common(20)) > 0.4 * len(rows)
    assert len({row.text for row in rows}) > 0.9 * len(rows)


def test_columns_equal_the_definition_on_a_real_taxonomy():
    rows = generated_rows(TAXONOMY, needs=150, capacities=350, seed=4, today=TODAY)
    market = with_changes(build_market(rows[:400], TAXONOMY), rows=rows[400:])
    world = World(TAXONOMY, market.vocabulary, TODAY)
    for asker in (*rows[:12], *rows[-12:]):
        assert rank(asker, market, today=TODAY) == rank_plainly(asker, rows, world)
