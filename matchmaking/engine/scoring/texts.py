"""What the asker's text and those of many rows have in common, channel by channel, in columns."""

import numpy as np

from matchmaking.engine.scoring.questions import Asked
from matchmaking.engine.text.blending import cosines
from matchmaking.engine.text.lexical import FULL_IMPACT
from matchmaking.engine.text.manner import roles_lost
from matchmaking.engine.text.variants import MOST_COUNTED
from matchmaking.engine.types.columns import Block, Ints
from matchmaking.engine.types.results import SILENT

FULL = 10_000


def text_channels(question: Asked, block: Block, rows: Ints) -> Ints:
    """The four channels of the asker with each of ``rows`` (m,) of ``block`` → (m, 4), each 0 to 10,000 or SILENT."""
    channels = (lexical_column, meaning_column, taxonomy_column, identifier_column)
    return np.stack([channel(question, block, rows) for channel in channels], axis=1)


def text_fits(question: Asked, block: Block, rows: Ints) -> Ints:
    """Percent that role and variant leave of the text factor of the asker with each of ``rows``, (m,)."""
    others = np.zeros(len(rows), dtype=np.int64)
    for word, axis, named in question.axes:
        theirs = block.columns["variants"][rows, word] & axis
        others += (theirs != 0) & (theirs & named == 0)
    differences = question.weights.differences
    lost = roles_lost(question.manner, block.columns["manner"][rows], differences, needs=question.needs)
    return (100 - lost) * (100 - differences[-1] * np.minimum(others, MOST_COUNTED)) // 100


def lexical_column(question: Asked, block: Block, rows: Ints) -> Ints:
    """Shares of the need's weighted terms that the capacity says, (m,)."""
    mine, vocabulary = question.mine.lists["terms"].columns, question.vocabulary
    ragged = block.lists["terms"]
    owners, theirs = ragged.entries(rows)
    places, weights = mine["place"], vocabulary.all_weights()
    table = np.zeros(vocabulary.size, dtype=np.int64)
    table[places] = weights[places] if question.needs else mine["impact"]
    other_places = ragged.columns["place"][theirs]
    values = ragged.columns["impact"][theirs] if question.needs else weights[other_places]
    hits = np.bincount(owners, weights=table[other_places] * values, minlength=len(rows)).astype(np.int64)
    if question.needs:
        bounds = np.full(len(rows), FULL_IMPACT * int(weights[places].sum()), dtype=np.int64)
    else:
        bounds = FULL_IMPACT * np.bincount(owners, weights=values, minlength=len(rows)).astype(np.int64)
    return np.where(bounds > 0, np.minimum(hits * FULL // np.maximum(bounds, 1), FULL), SILENT)


def meaning_column(question: Asked, block: Block, rows: Ints) -> Ints:
    """Clipped cosines of the two meanings, (m,)."""
    mine, inverse = question.mine.columns["vector"][0], int(question.mine.columns["inverse"][0])
    vectors, inverses = block.columns["vector"], block.columns["inverse"][rows]
    if not inverse or vectors.shape[1] != len(mine):
        return np.full(len(rows), SILENT, dtype=np.int64)
    return np.where(inverses > 0, cosines(mine, inverse, vectors[rows], inverses), SILENT)


def taxonomy_column(question: Asked, block: Block, rows: Ints) -> Ints:
    """Shares of the need's weighted nodes that the capacity names closely, (m,)."""
    mine, weights = question.mine.lists["named"].columns["node"], question.vocabulary.nodes
    owners, theirs = block.lists["named"].entries(rows)
    nodes = block.lists["named"].columns["node"][theirs]
    near = np.zeros(len(rows), dtype=np.int64)
    if question.needs:
        for node in mine:
            best = np.zeros(len(rows), dtype=np.int64)
            np.maximum.at(best, owners, question.kinship[node, nodes])
            near += weights[node] * best
        totals = np.full(len(rows), weights[mine].sum(), dtype=np.int64)
    else:
        best = question.kinship[mine].max(axis=0, initial=0)[nodes]
        near += np.bincount(owners, weights=weights[nodes] * best, minlength=len(rows)).astype(np.int64)
        totals = np.bincount(owners, weights=weights[nodes], minlength=len(rows)).astype(np.int64)
    return np.where(totals > 0, near * 100 // np.maximum(totals, 1), SILENT)


def identifier_column(question: Asked, block: Block, rows: Ints) -> Ints:
    """Shares of the need's identifiers that the capacity names, (m,)."""
    mine = question.mine.lists["identifiers"].columns["number"]
    owners, theirs = block.lists["identifiers"].entries(rows)
    hits = np.bincount(owners[np.isin(block.lists["identifiers"].columns["number"][theirs], mine)], minlength=len(rows))
    asked = np.full(len(rows), len(mine)) if question.needs else np.bincount(owners, minlength=len(rows))
    return np.where(asked > 0, hits * FULL // np.maximum(asked, 1), SILENT)
