"""What one would pick instead of the engine, for the benchmark: search in a database, a text index, a data frame.

Each rival gets the same postings and the same needs and gives its best twenty. None of them knows every rule of the
engine: the two databases judge unit, amount, minimum order, window, price and freshness, and weigh node, region,
amount, freshness and trust beside their own text rank; the others do what their doc lines say.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from matchmaking.engine.chains import FITTING, closeness_of
from matchmaking.engine.constraints import left_amount
from matchmaking.engine.oracle import days_of, least_of, total_of
from matchmaking.engine.types.rows import PostingRow, Taxonomy

try:
    import polars
except ImportError:
    polars = None
try:
    import bm25s
except ImportError:
    bm25s = None

SHOWN = 20
WORD = re.compile(r"\w+")
OPEN, NEVER = "0000-00-00", "9999-99-99"
COLUMNS = (
    "key text", "node text", "region integer", "dimension text", "per_day real", "once integer",
    "minimum_order integer", "starts text", "ends text", "price integer", "confirmed text", "trust integer",
    "load integer", "body text",
)  # fmt: skip

Ask = Callable[[PostingRow, Mapping[int, tuple[int, int]]], Sequence[str]]
"""The best twenty keys for a need; the mapping gives nearness by region code."""


class Unavailable(Exception):
    """The rival is not on this machine; the message says what to install or set."""


@dataclass(frozen=True)
class Told:
    """What a rival is built from; ``database`` is the address of a PostgreSQL database that it may write into."""

    rows: Sequence[PostingRow]
    taxonomy: Taxonomy
    today: date
    database: str


def capacity_line(row: PostingRow) -> tuple[Any, ...]:
    """A capacity as a line of the rivals' table."""
    days = {"once": 1.0, "month": 30.4375, "year": 365.25}[row.period]
    trust = 5000 * row.verified + min(row.outcomes, 10) * 500
    return (
        row.key, row.node, int(row.region), row.dimension, left_amount(row, exact=False) / days,
        int(row.period == "once"), row.minimum_order, str(row.start or OPEN), str(row.end or NEVER),
        -1 if row.price_min is None else row.price_min, str(row.confirmed), trust, row.load, row.text,
    )  # fmt: skip


def need_facts(need: PostingRow, today: date) -> dict[str, Any]:
    """What a need asks, by the names that the statements use."""
    days = days_of(need)
    total = total_of(need.quantity, need, days)
    words = " OR ".join(f'"{word}"' for word in dict.fromkeys(WORD.findall(need.text.lower())))
    return {
        "dimension": need.dimension, "days": days, "total": max(total, 1), "least": least_of(need),
        "starts": str(need.start or NEVER), "ends": str(need.end or OPEN), "today": str(today),
        "price": 10**15 if need.price_max is None else need.price_max, "words": words,
    }  # fmt: skip


SCORE = """
    26 * n.closeness + 12 * r.fit + 10 * min(10000, 10000.0 * c.per_day * (case c.once when 1 then 1 else :days end)
    / :total) + 5 * c.trust - (case c.load when 2 then 80000 when 1 then 30000 else 0 end)
    + 5 * max(0, min(10000, (60 - (julianday(:today) - julianday(c.confirmed))) * 10000 / 53))
"""
MUSTS = """
    c.dimension = :dimension and c.per_day * (case c.once when 1 then 1 else :days end) >= :least
    and c.minimum_order <= :total and c.starts <= :starts and c.ends >= :ends and c.price <= :price
"""
LITE = f"""
    select c.key, {SCORE} + 20 * max(0, min(10000, -500 * coalesce(f.rank, 0))) as score
    from capacity c join near n on n.node = c.node join place r on r.region = c.region
    left join (select rowid, bm25(words) as rank from words where words match :words) f on f.rowid = c.rowid
    where {MUSTS} and julianday(:today) - julianday(c.confirmed) <= 60 order by score desc, c.key limit {SHOWN}
"""
POSTGRES = f"""
    select c.key, {SCORE} + 20 * least(10000, 100000 * ts_rank(c.words, q.query)) as score
    from capacity c join near n on n.node = c.node join place r on r.region = c.region,
    to_tsquery('simple', :words) as q(query)
    where {MUSTS} and :today::date - c.confirmed::date <= 60 order by score desc, c.key limit {SHOWN}
"""


def near_nodes(need: PostingRow, taxonomy: Taxonomy) -> list[tuple[str, int]]:
    """Nodes that answer a need, with their closeness."""
    told = ((node.code, closeness_of(need.node, node.code, taxonomy)) for node in taxonomy.nodes)
    return [(code, closeness) for code, closeness in told if closeness >= FITTING]


def sqlite_rival(told: Told) -> Ask:
    """SQLite with FTS5 for the text and the sum in SQL."""
    base = sqlite3.connect(":memory:")
    base.execute(f"create table capacity ({', '.join(COLUMNS)})")
    base.executemany(f"insert into capacity values ({','.join('?' * len(COLUMNS))})", map(capacity_line, told.rows))
    base.executescript(
        """
        create index capacity_node on capacity (node);
        create virtual table words using fts5 (body, content='capacity', content_rowid='rowid');
        insert into words (words) values ('rebuild');
        create temp table near (node text primary key, closeness integer);
        create temp table place (region integer primary key, fit integer);
        analyze;
        """
    )

    def ask(need: PostingRow, places: Mapping[int, tuple[int, int]]) -> Sequence[str]:
        base.executescript("delete from near; delete from place")
        base.executemany("insert into near values (?, ?)", near_nodes(need, told.taxonomy))
        base.executemany("insert into place values (?, ?)", fits(need, places))
        return [key for key, _ in base.execute(LITE, need_facts(need, told.today))]

    return ask


def postgres_rival(told: Told) -> Ask:
    """PostgreSQL with a GIN index over the text and the sum in SQL. Raises Unavailable without a database."""
    if not told.database:
        raise Unavailable("set BENCHMARK_DATABASE to a PostgreSQL address")
    try:
        base = psycopg.connect(told.database, autocommit=True)
    except psycopg.Error as error:
        raise Unavailable(str(error).strip()) from error
    kinds = ", ".join(column.replace(" integer", " bigint").replace("real", "double precision") for column in COLUMNS)
    base.execute(f"create temp table capacity ({kinds}, words tsvector)")
    with base.cursor().copy(f"copy capacity ({', '.join(c.split()[0] for c in COLUMNS)}) from stdin") as copy:
        for row in told.rows:
            copy.write_row(capacity_line(row))
    base.execute("update capacity set words = to_tsvector('simple', body)")
    for line in (
        "create index on capacity using gin (words)",
        "create index on capacity (node)",
        "create temp table near (node text primary key, closeness bigint)",
        "create temp table place (region bigint primary key, fit bigint)",
        "analyze capacity",
    ):
        base.execute(line)
    statement = in_postgres(POSTGRES)

    def ask(need: PostingRow, places: Mapping[int, tuple[int, int]]) -> Sequence[str]:
        base.execute("truncate near, place")
        with base.cursor() as cursor:
            cursor.executemany("insert into near values (%s, %s)", near_nodes(need, told.taxonomy))
            cursor.executemany("insert into place values (%s, %s)", fits(need, places))
        facts = need_facts(need, told.today)
        facts["words"] = facts["words"].replace(" OR ", " | ").replace('"', "'")
        return [key for key, _ in base.execute(statement, facts).fetchall()]

    return ask


def in_postgres(statement: str) -> str:
    """The statement in the words of PostgreSQL."""
    told = statement.replace("min(", "least(").replace("max(", "greatest(")
    told = told.replace("(julianday(:today) - julianday(c.confirmed))", "(:today::date - c.confirmed::date)")
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", told)


def fits(need: PostingRow, places: Mapping[int, tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """Regions with how well they suit the need's rule."""
    preferring = need.region_rule == "other_province"
    return [(code, border if preferring else near) for code, (near, border) in places.items()]


def bm25s_rival(told: Told) -> Ask:
    """The package bm25s: text alone, without any must. Raises Unavailable where it is not installed."""
    if bm25s is None:
        raise Unavailable("pip install bm25s")
    keys = [row.key for row in told.rows]
    index = bm25s.BM25()
    index.index([WORD.findall(row.text.lower()) for row in told.rows], show_progress=False)

    def ask(need: PostingRow, places: Mapping[int, tuple[int, int]]) -> Sequence[str]:
        words = [WORD.findall(need.text.lower())]
        found, _ = index.retrieve(words, k=min(SHOWN, len(keys)), show_progress=False)
        return [keys[at] for at in found[0].tolist()]

    return ask


def polars_rival(told: Told) -> Ask:
    """The package polars: musts and structure as one lazy frame, without text. Raises Unavailable where it is not."""
    if polars is None:
        raise Unavailable("pip install polars")
    names = [column.split()[0] for column in COLUMNS]
    lines = [capacity_line(row) for row in told.rows]
    frame = polars.DataFrame(lines, schema=names, orient="row").drop("body")
    days = (told.today - polars.col("confirmed").str.to_date()).dt.total_days()
    frame = frame.with_columns(days.alias("age"))
    column = polars.col

    def ask(need: PostingRow, places: Mapping[int, tuple[int, int]]) -> Sequence[str]:
        facts = need_facts(need, told.today)
        near, fit = dict(near_nodes(need, told.taxonomy)), dict(fits(need, places))
        left = column("per_day") * polars.when(column("once") == 1).then(1).otherwise(facts["days"])
        score = (
            26 * column("node").replace_strict(near, default=0, return_dtype=polars.Int64)
            + 12 * column("region").replace_strict(fit, default=0, return_dtype=polars.Int64)
            + 10 * (10_000 * left / facts["total"]).clip(0, 10_000)
            + 5 * ((60 - column("age")) * 10_000 / 53).clip(0, 10_000)
            + 5 * column("trust")
        )
        kept = frame.lazy().filter(
            column("node").is_in(list(near)), column("dimension") == facts["dimension"], left >= facts["least"],
            column("minimum_order") <= facts["total"], column("starts") <= facts["starts"],
            column("ends") >= facts["ends"], column("price") <= facts["price"], column("age") <= 60,
        )  # fmt: skip
        told_keys = kept.select("key", score.alias("score")).top_k(SHOWN, by="score").collect()
        return list(told_keys["key"])

    return ask


RIVALS: Mapping[str, Callable[[Told], Ask]] = {
    "sqlite-fts5": sqlite_rival,
    "postgres-fts": postgres_rival,
    "bm25s": bm25s_rival,
    "polars": polars_rival,
}
"""Rivals by the name that ``--against`` takes; numpy is the engine's own plain form and needs no place here."""
