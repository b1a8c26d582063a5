"""Texts as an encoder reads them, and the mark that tells which encoder and which reading a vector comes from.

A text is read as a whole and clause by clause, and the vectors are added: one clause says one thing, so that a remark
beside it does not turn what it means, and the first clauses, which tell what is offered, weigh most.
"""

import re
from collections.abc import Sequence

import numpy as np

from matchmaking.engine.encoding import Floats, TextEncoder, quantised, unit_rows
from matchmaking.engine.text.decided import decided_for
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.text.words import told_of
from matchmaking.engine.types.rows import Taxonomy

READING = "5"
"""Changes whenever texts are prepared for the encoder in another way: vectors of another reading are made anew."""
MOST_CLAUSES = 6
"""So many clauses of a text are read by themselves."""
CLAUSE = re.compile("[,;:()|\u3002]|\\.(?!\\d)| [\u2013\u2014-] ")
"""What ends a clause of a normalised text, in which full width became half."""
SHORTEST_CLAUSE = 2


def version_of(encoder: TextEncoder) -> str:
    """What a vector is marked with beside the encoder's name: vectors of another version are never compared."""
    return f"{encoder.version}/{READING}"


def encoded(texts: Sequence[str], encoder: TextEncoder, taxonomy: Taxonomy) -> list[bytes]:
    """A quantised vector of each text as people wrote it; b"" for a text without a word, and where nothing encodes."""
    decided = decided_for(taxonomy)
    plain = [decided.cut_from(told_of(normalised(text))) for text in texts]
    readings = [[text, *clauses_of(text)] if text else [] for text in plain]
    distinct = list(dict.fromkeys(part for parts in readings for part in parts))
    vectors = dict(zip(distinct, encoder.encode(distinct), strict=True))
    told = [added([vectors[part] for part in parts]) for parts in readings if parts]
    packs = iter(quantised(unit_rows(np.stack(told)))) if told else iter(())
    return [next(packs) if text else b"" for text in plain]


def clauses_of(plain: str) -> list[str]:
    """The first clauses of a normalised text, without what is too short to say anything."""
    parts = (part.strip() for part in CLAUSE.split(plain))
    return [part for part in parts if len(part) >= SHORTEST_CLAUSE][:MOST_CLAUSES]


def added(vectors: Sequence[Floats]) -> Floats:
    """The vector of a whole text (d,) and the mean of its clauses, whose weights fall as 1, 2/3, 1/2, 2/5 and on."""
    whole, *clauses = vectors
    if not clauses:
        return whole
    weights = 2 / (2 + np.arange(len(clauses), dtype=np.float32))
    return np.asarray(whole + weights @ np.stack(clauses) / weights.sum(), dtype=np.float32)
