"""What a row is dropped by is never less than what the row is worth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking.engine.kernels.bounding import LEVELS, bound, ladders, load_of
from matchmaking.engine.kernels.judging import LOAD
from matchmaking.engine.kernels.lists import (
    asked_arrays,
    desk_for,
    grounds_of,
    judge,
    room_for,
    side_of,
    words_of,
)
from matchmaking.engine.kernels.passes import (
    CHANNEL_SHARES,
    CLOSE,
    DIMENSIONS,
    FIGURES,
    LOADS,
    NODE_STARTS,
    NOWHERE,
    ROWS,
    SECOND_STARTS,
    SHARES,
    TOUCHED,
    nearby,
    told_of_firms,
)
from matchmaking.engine.kernels.selecting import NO_FLOOR, base_of, read_channels, tighten
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.scoring.questions import asked_of
from matchmaking.engine.types.results import MUSTS, WEIGHTS, Weights
from tests.factories.matching import TODAY, capacity_row, need_row, small_taxonomy
from tests.long import examples
from tests.matchmaking.engine.strategies import markets

pytestmark = pytest.mark.usefixtures("kernels")

TAXONOMY = small_taxonomy()
TEXT_ALONE = Weights("text", 0, 100, 0, 0, 0, 0, 0, 0, (0, 0, 0))


def worths(asker, market, weights):
    """For each row that a need finds: bound and worth without text, bound and worth with it."""
    question = asked_of(asker, market, today=TODAY, weights=weights)
    ground, mine, words = grounds_of(question, market)[0], side_of(question.mine), words_of(question)
    desk = desk_for(market, [nearby(ground.body[NODE_STARTS], ground.body[SECOND_STARTS], question.near, 1)])
    asked, one = asked_arrays(question, [ground.block])[0], room_for(ground, desk.found[0], 20)
    judge(one, mine, asked, desk, question)
    told_of_firms(desk.firms, desk.touched, one.counts[TOUCHED], np.zeros(len(MUSTS), dtype=np.int64))
    parts, levels = ladders(mine, asked, ground.tables, ground.body[DIMENSIONS]), np.zeros(LEVELS, dtype=np.int64)
    given, channels = np.empty(9, dtype=np.int64), np.empty(4, dtype=np.int64)
    for kind in range(NOWHERE):
        rows, count = one.found[ROWS][kind], int(one.counts[kind])
        bound(kind, parts, ground.body, asked, desk.firms, one.found, count, desk.bases, levels)
        bases = desk.bases[:count].tolist()
        tighten(desk.bases, count, NO_FLOOR, rows, ground.texts, asked, words, levels, 1)
        for at in range(count):
            row = int(rows[at])
            load = load_of(ground.side[0][row, LOAD], asked[FIGURES], asked[LOADS])
            worth = base_of(row, one.found[CLOSE][kind, at], mine, ground.side, asked, ground.tables, given) - load
            text = read_channels(row, 1, ground.texts, words, asked[CHANNEL_SHARES], channels)
            yield bases[at], worth, int(desk.bases[at]), worth + text * int(asked[SHARES][1]) // 100


@given(markets(14), st.sampled_from([WEIGHTS, TEXT_ALONE]))
@settings(max_examples=examples(60, many=500), deadline=None, derandomize=True)
def test_bounds_with_and_without_text_are_never_below_the_worth(told, weights):
    market = build_market(told, TAXONOMY)
    for asker in told:
        if asker.direction == "need":
            for without, worth, bound_of_all, in_all in worths(asker, market, weights):
                assert without >= worth
                assert bound_of_all >= in_all


def test_words_that_a_row_does_not_use_bring_its_bound_down():
    """Without this the test above would hold for a bound that says nothing."""
    offers = [capacity_row(text="gear blanks"), capacity_row(key="CAPA000002", text="zinc")]
    told = [need_row(text="gear blanks of forged steel"), *offers]
    market = build_market(told, TAXONOMY)
    bounds = sorted(bound_of_all for _, _, bound_of_all, _ in worths(told[0], market, TEXT_ALONE))
    assert bounds[0] < bounds[-1] < 10_000
