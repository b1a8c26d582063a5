"""The load of busy firms over whole markets: capped, said wherever it moved a row, and gone with fit alone (B5)."""

from dataclasses import replace

from hypothesis import given, settings

from common.reasons import Reason
from matchmaking.engine.explanation.answers import Question, answer
from matchmaking.engine.scoring.building import build_market
from matchmaking.engine.types.results import WEIGHTS
from tests.factories.matching import TODAY, small_taxonomy
from tests.matchmaking.engine.strategies import markets

TAXONOMY = small_taxonomy()
CAP = max(WEIGHTS.load)


def matches_of(asker, rows, **asked):
    by_key = {row.key: row for row in rows}
    market = build_market(rows, TAXONOMY)
    question = Question(asker, TODAY, limit=len(rows), **asked)
    return answer(question, market, lambda keys: {key: by_key[key] for key in keys}).matches


@given(markets())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_fit_alone_ranks_as_if_nobody_were_busy(rows):
    idle = [replace(row, load=0) for row in rows]
    for asker in rows[:2]:
        by_fit = matches_of(asker, rows, fit_only=True)
        pure = matches_of(replace(asker, load=0), idle)
        assert [(match.key, match.score) for match in by_fit] == [(match.key, match.score) for match in pure]
        assert not any(note.reason == Reason.GAP_BUSY for match in by_fit for note in match.gaps)


@given(markets())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_what_load_takes_is_capped_and_said_of_every_row_that_it_took_from(rows):
    for asker in rows[:2]:
        by_fit = {match.key: match.score for match in matches_of(asker, rows, fit_only=True)}
        for match in matches_of(asker, rows):
            taken = by_fit.get(match.key, match.score) - match.score
            assert 0 <= taken <= CAP
            assert (taken > 0) == any(note.reason == Reason.GAP_BUSY for note in match.gaps)
