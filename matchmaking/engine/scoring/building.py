"""Plain rows to columns: the one place where arrays are made, and where hidden figures are turned into classes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaking.engine.chains import closeness_table
from matchmaking.engine.constraints import (
    LONGEST_LEAD,
    OPERATORS,
    PERIODS,
    clamped,
    day_number,
    left_amount,
    left_by_days,
    masked,
    outcomes_band,
    parameter_columns,
)
from matchmaking.engine.encoding import vector_columns
from matchmaking.engine.geography import RULES, WIDEST_KM, point_of, span_of
from matchmaking.engine.scoring.indexing import index_of_terms, signatures_of, with_titles
from matchmaking.engine.scoring.layout import laid_out
from matchmaking.engine.text.lexical import impacts_of, vocabulary_of, weight_of
from matchmaking.engine.text.reading import Reading, reading_of
from matchmaking.engine.text.taxonomy import concepts_for
from matchmaking.engine.text.variants import WORDS, words_of_marks
from matchmaking.engine.text.words import term_number
from matchmaking.engine.types.columns import (
    OPEN_END,
    OPEN_START,
    UNKNOWN,
    Block,
    Ints,
    Market,
    Ragged,
    Vocabulary,
    read_only,
)
from matchmaking.engine.types.rows import PRICE_LIMIT, PostingRow, Taxonomy, code_number, packed, unpacked

KEY = "S16"
"""Public keys are at most sixteen ASCII characters."""
NEED, CAPACITY = 0, 1
DIRECTIONS = {"need": NEED, "capacity": CAPACITY}
LISTS: Mapping[str, tuple[str, ...]] = {
    "further": ("node",),
    "asked_certificates": ("code", "must"),
    "held_certificates": ("code", "until"),
    "asked_parameters": ("code", "operator", "kind", "value", "must"),
    "offered_parameters": ("code", "kind", "value"),
    "regions": ("low", "high"),
    "hidden": ("enterprise",),
    "early": ("enterprise", "opens"),
    "calendar": ("first", "last", "left"),
}
"""Lists of each row and the columns of their entries; what its text says makes further ones."""


@lru_cache(maxsize=4)
def closeness_for(taxonomy: Taxonomy) -> Ints:
    """Closeness table of a taxonomy, made once per taxonomy."""
    return closeness_table(taxonomy)


def build_market(rows: Sequence[PostingRow], taxonomy: Taxonomy, *, exact: bool = False) -> Market:
    """A market of ``rows`` (any order, keys distinct). ``exact`` leaves the bands out; only their test asks for it."""
    concepts = concepts_for(taxonomy)
    readings = [reading_of(row.text, concepts) for row in rows]
    vocabulary = vocabulary_of(readings, taxonomy)
    base = build_block(rows, readings, taxonomy, vocabulary, exact=exact)
    base = replace(base, tables={**base.tables, **index_of_terms(base.lists["terms"], vocabulary.size)})
    alive = np.ones(len(rows), dtype=np.bool_)
    nobody = build_block([], [], taxonomy, vocabulary, exact=exact)
    return Market(taxonomy, closeness_for(taxonomy), vocabulary, base, alive, nobody, exact=exact)


def with_changes(market: Market, *, rows: Iterable[PostingRow] = (), gone: Iterable[str] = ()) -> Market:
    """The market after ``rows`` were added or replaced and ``gone`` keys removed; the given market stays as it is."""
    fresh = {row.key: row if market.exact else masked(row) for row in rows}
    lost = set(gone) - fresh.keys()
    changed = {key: row for key, row in market.changed.items() if key not in lost} | fresh
    touched = np.array(sorted(fresh.keys() | lost), dtype=KEY)
    alive = read_only(market.alive & ~np.isin(market.base.columns["key"], touched))
    concepts = concepts_for(market.taxonomy)
    plain = list(changed.values())
    readings = [reading_of(row.text, concepts) for row in plain]
    vocabulary = vocabulary_with(market.vocabulary, readings, market.taxonomy)
    delta = build_block(plain, readings, market.taxonomy, vocabulary, exact=market.exact)
    return replace(market, alive=alive, delta=delta, changed=changed, vocabulary=vocabulary)


def vocabulary_with(vocabulary: Vocabulary, readings: Iterable[Reading], taxonomy: Taxonomy) -> Vocabulary:
    """The vocabulary with a place for each term of ``readings``; new ones weigh as if nobody used them before."""
    terms = sorted({term for reading in readings for term in reading.terms})
    numbers = np.array([term_number(term) for term in terms], dtype=np.int64)
    new = [terms[at] for at in np.flatnonzero(vocabulary.places(numbers) == UNKNOWN)]
    if not new:
        return vocabulary
    weights = [weight_of(term, vocabulary.documents, 0, taxonomy) for term in new]
    return vocabulary.extended([term_number(term) for term in new], weights)


def build_block(
    rows: Sequence[PostingRow],
    readings: Sequence[Reading],
    taxonomy: Taxonomy,
    vocabulary: Vocabulary,
    *,
    exact: bool,
) -> Block:
    """Columns of ``rows``, sorted by direction, node, region and key, so that what is asked together lies together."""
    index = taxonomy.node_index
    regions = [taxonomy.current_region(row.region) for row in rows]
    order = sorted(
        range(len(rows)),
        key=lambda at: (DIRECTIONS[rows[at].direction], index.get(rows[at].node, UNKNOWN), regions[at], rows[at].key),
    )
    rows, readings, regions = [rows[i] for i in order], [readings[i] for i in order], [regions[i] for i in order]
    keys = np.array([row.key for row in rows], dtype=KEY)
    told = np.array([_figures(row, index, exact) for row in rows], dtype=np.int64).reshape(len(rows), len(FIGURES))
    figures = {name: told[:, place] for place, name in enumerate(FIGURES)}
    figures["region"] = np.array([int(code) if code.isdigit() else 0 for code in regions], dtype=np.int64)
    distinct = sorted(set(regions))
    place_of = {code: place for place, code in enumerate(distinct)}
    figures["place"] = np.array([place_of[code] for code in regions], dtype=np.int64)
    entries = [_entries(row, taxonomy, exact) for row in rows]
    lists = {name: _ragged([entry[name] for entry in entries], names) for name, names in LISTS.items()}
    columns, tables = laid_out(figures, keys, lists, len(taxonomy.nodes))
    lists |= lists_of_texts(readings, vocabulary, index)
    lists["terms"] = with_titles(lists["terms"], rows, readings)
    lists["packed"] = _contents([packed(row if exact else masked(row)) for row in rows])
    points = np.array([point_of(code, taxonomy) for code in distinct], dtype=np.int64).reshape(len(distinct), 3)
    codes = np.array([int(code) if code.isdigit() else 0 for code in distinct], dtype=np.int64)
    vectors, inverses = vector_columns([row.vector for row in rows])
    columns = {**columns, **listed_columns(rows), **signatures_of(lists["terms"], lists["identifiers"])}
    columns |= {"vector": read_only(vectors), "inverse": read_only(inverses), **manner_columns(readings)}
    return Block(columns, lists, {**tables, "points": read_only(points), "codes": read_only(codes)})


def manner_columns(readings: Sequence[Reading]) -> dict[str, NDArray[Any]]:
    """How each text speaks, (n,), and the variants that it names, (n, words)."""
    manners = np.array([reading.manner.code for reading in readings], dtype=np.int32)
    marks = [words_of_marks(reading.manner.variants) for reading in readings]
    variants = np.array(marks, dtype=np.int64).reshape(len(readings), WORDS)
    return {"manner": read_only(manners), "variants": read_only(variants)}


def listed_columns(rows: Sequence[PostingRow]) -> dict[str, NDArray[Any]]:
    """What only lists ask for, (n,) each: category, unit, the amount in that unit, the region as stated."""
    stated = [int(row.region) if row.region.isdigit() else 0 for row in rows]
    told = [
        (code_number(row.subject), code_number(row.unit), clamped(row.amount), region)
        for row, region in zip(rows, stated, strict=True)
    ]
    figures = np.array(told, dtype=np.int64).reshape(len(rows), len(LISTED))
    return {name: read_only(figures[:, place].copy()) for place, name in enumerate(LISTED)}


LISTED = ("subject", "unit", "amount", "stated")
"""Columns of lists; ``stated`` is the region's code as the posting names it, closed or not."""


def rows_of(market: Market, keys: Iterable[str]) -> dict[str, PostingRow]:
    """Plain rows of ``keys``, booked amounts masked; keys that the market does not hold (any more) are left out."""
    found = {}
    contents = market.base.lists["packed"]
    for key in keys:
        if key in market.changed:
            found[key] = market.changed[key]
            continue
        at = place_in(market.base, key)
        if at is not None and market.alive[at]:
            content = contents.columns["byte"][contents.starts[at] : contents.starts[at + 1]]
            is_read = market.base.columns["inverse"][at] > 0
            vector = market.base.columns["vector"][at].tobytes() if is_read else b""
            found[key] = unpacked(content.astype(np.uint8).tobytes(), vector)
    return found


def place_in(block: Block, key: str) -> int | None:
    """The row of ``block`` that has this key."""
    names, by_key = block.columns["key"], block.columns["by_key"]
    wanted = np.array(key.encode("ascii", "replace"), dtype=KEY)
    place = int(np.searchsorted(names, wanted, sorter=by_key)) if len(names) else 0
    return int(by_key[place]) if place < len(names) and names[by_key[place]] == wanted else None


FIGURES = (
    "direction", "enterprise", "node", "dimension", "quantity", "left", "period", "start", "end", "lead",
    "minimum_order", "split", "share", "price_min", "price_max", "rule", "radius", "confirmed", "verified",
    "outcomes", "load", "firm",
)  # fmt: skip
"""Single figures of a row, in the order in which ``_figures`` gives them; ``firm`` is odd for an alias."""


def _figures(row: PostingRow, index: Mapping[str, int], exact: bool) -> tuple[int, ...]:
    return (
        DIRECTIONS[row.direction],
        row.enterprise,
        index.get(row.node, UNKNOWN),
        code_number(row.dimension),
        clamped(row.quantity),
        left_amount(row, exact=exact),
        PERIODS[row.period],
        day_number(row.start, OPEN_START),
        day_number(row.end, OPEN_END),
        UNKNOWN if row.lead_days is None else min(max(row.lead_days, 0), LONGEST_LEAD),
        clamped(row.minimum_order),
        int(row.split_allowed),
        min(max(row.minimum_share, 1), 1000),
        UNKNOWN if row.price_min is None else min(max(row.price_min, 0), PRICE_LIMIT),
        UNKNOWN if row.price_max is None else min(max(row.price_max, 0), PRICE_LIMIT),
        RULES[row.region_rule],
        min(row.radius_km, WIDEST_KM),
        row.confirmed.toordinal(),
        int(row.verified),
        outcomes_band(row.outcomes),
        min(max(row.load, 0), 2),
        2 * row.enterprise + row.alias,
    )


def _entries(row: PostingRow, taxonomy: Taxonomy, exact: bool) -> dict[str, list[tuple[int, ...]]]:
    index = taxonomy.node_index
    spans = [span for stem in row.regions_allowed for span in span_of(stem, taxonomy)]
    return {
        "further": [(index[node],) for node in dict.fromkeys(row.further_nodes) if node in index],
        "asked_certificates": [(code_number(asked.code), int(asked.must)) for asked in row.certificates_asked],
        "held_certificates": [(code_number(code), until.toordinal()) for code, until in longest_held(row).items()],
        "asked_parameters": [
            (code_number(asked.key), OPERATORS[asked.operator], *parameter_columns(asked.value), int(asked.must))
            for asked in row.parameters_asked
        ],
        "offered_parameters": [
            (code_number(key), *parameter_columns(value)) for key, value in dict(row.parameters_offered).items()
        ],
        "regions": list(spans),
        "hidden": [(enterprise,) for enterprise in sorted(row.hidden_from)],
        "early": early_entries(row),
        "calendar": list(left_by_days(row, exact=exact)),
    }


def early_entries(row: PostingRow) -> list[tuple[int, ...]]:
    """The firms that may know of a posting before the day on which it opens, its own among them; none where it is open
    to everybody from the first.
    """
    if row.opens_on is None:
        return []
    return [(firm, row.opens_on.toordinal()) for firm in sorted({row.enterprise, *row.asked_first})]


def longest_held(row: PostingRow) -> dict[str, date]:
    """The last valid day of each certificate held; of two with the same code the longer one counts."""
    held: dict[str, date] = {}
    for code, until in row.certificates_held:
        held[code] = max(until, held.get(code, until))
    return held


def _ragged(lists: Sequence[Sequence[tuple[int, ...]]], names: tuple[str, ...]) -> Ragged:
    flat = np.array([entry for entries in lists for entry in entries], dtype=np.int64).reshape(-1, len(names))
    columns = {name: read_only(np.ascontiguousarray(flat[:, place])) for place, name in enumerate(names)}
    return Ragged(starts_of([len(entries) for entries in lists]), columns)


def _contents(packs: Sequence[bytes]) -> Ragged:
    content: NDArray[Any] = np.frombuffer(b"".join(packs), dtype=np.uint8)
    return Ragged(starts_of([len(pack) for pack in packs]), {"byte": content})


def lists_of_texts(readings: Sequence[Reading], vocabulary: Vocabulary, index: Mapping[str, int]) -> dict[str, Ragged]:
    """Terms with place and impact, nodes and identifiers of each text."""
    starts = starts_of([len(reading.terms) for reading in readings])
    count = int(starts[-1])
    numbers = np.fromiter(
        (term_number(term) for reading in readings for term in reading.terms), dtype=np.int64, count=count
    )
    counts = np.fromiter((used for reading in readings for used in reading.terms.values()), np.int64, count=count)
    lengths = np.repeat([reading.terms.total() for reading in readings], np.diff(starts)).astype(np.int64)
    impacts = impacts_of(counts, lengths, vocabulary.mean_length)
    places: Any = vocabulary.places(numbers).astype(np.int32)
    nodes: Any = np.array([index[code] for reading in readings for code in reading.codes], dtype=np.int32)
    tokens = np.array([code_number(token) for reading in readings for token in reading.identifiers], dtype=np.int64)
    terms: Any = {"place": read_only(places), "impact": read_only(impacts.astype(np.uint8))}
    return {
        "terms": Ragged(starts, terms),
        "named": Ragged(starts_of([len(reading.codes) for reading in readings]), {"node": read_only(nodes)}),
        "identifiers": Ragged(
            starts_of([len(reading.identifiers) for reading in readings]), {"number": read_only(tokens)}
        ),
    }


def starts_of(lengths: Sequence[int]) -> Ints:
    """Where lists of these lengths begin one after another, and where the last one ends."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    starts[1:] = np.cumsum(lengths)
    return read_only(starts)
