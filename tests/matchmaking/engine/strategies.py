"""Generated markets, small enough to meet often and rough enough to hit every rule."""

from datetime import timedelta

from hypothesis import strategies as st

from matchmaking.engine.types.rows import BookedDays, CertificateDemand, ParameterDemand, PostingRow
from tests.factories.matching import TODAY, small_taxonomy

CODES = ("C1", "C2", "C3")
NODES = tuple(node.code for node in small_taxonomy().nodes)
REGIONS = tuple(region.code for region in small_taxonomy().regions)
AMOUNTS = st.one_of(st.sampled_from([0, 1, 999, 1000, 10**15, 10**24]), st.integers(0, 5_000_000))
OFFSETS = st.integers(-40, 400).map(lambda days: TODAY + timedelta(days=days))
ENDS = st.one_of(st.none(), OFFSETS)
TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            "gear blank",
            "housing a.b.e part M200-7",
            "thing a.b.c.d",
            "\x00\U0001f600",
            "齿轮 M200-7",
            "gear housing 齿轮",
            "冷轧 gear 维修",
            "热轧 gear housing 生产、维修",
            "cold-rolled gear repair",
        ]
    ),
    st.text(alphabet="abc gear7-", max_size=30),
)
VALUES = st.sampled_from(["10", "20", "2.5", "B", "1|QM", "2|B", "nan", "1e400", ""])
HELD = st.lists(st.tuples(st.sampled_from(CODES), OFFSETS), max_size=4).map(tuple)
ASKED = st.lists(
    st.builds(CertificateDemand, st.sampled_from(CODES), st.booleans()), max_size=2, unique_by=lambda asked: asked.code
).map(tuple)
PARAMETERS = st.lists(
    st.builds(ParameterDemand, st.sampled_from(["p", "q"]), st.sampled_from(["=", ">=", "<="]), VALUES, st.booleans()),
    max_size=2,
    unique_by=lambda asked: asked.key,
).map(tuple)
OFFERED = st.dictionaries(st.sampled_from(["p", "q"]), VALUES, max_size=2).map(lambda told: tuple(told.items()))
VECTORS = st.one_of(
    st.just(b""),
    st.lists(st.integers(-127, 127), min_size=8, max_size=8).map(lambda steps: bytes(step % 256 for step in steps)),
)
"""Meanings of eight dimensions, some without a length, and texts that nobody has read yet."""
PRICES = st.one_of(st.none(), st.integers(0, 50_000_000))


@st.composite
def calendars(draw: st.DrawFn, quantity: int) -> tuple[BookedDays, ...]:
    """Up to three spans of days one after another, some side by side, with anything booked up to the quantity."""
    first, spans = TODAY + timedelta(days=draw(st.integers(-60, 200))), []
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2, 3]))):
        last = first + timedelta(days=draw(st.integers(0, 60)))
        spans.append(BookedDays(first, last, draw(st.integers(0, max(min(quantity, 10**15), 1)))))
        first = last + timedelta(days=draw(st.integers(1, 20)))
    return tuple(spans)


OPENINGS = st.one_of(st.none(), st.none(), st.integers(-2, 2).map(lambda days: TODAY + timedelta(days=days)))
"""Most postings are open from the first; of the others some open today, some have opened, some will."""


@st.composite
def rows(draw: st.DrawFn, number: int, direction: str | None = None) -> PostingRow:
    """One posting; its key follows from ``number``."""
    direction = direction or draw(st.sampled_from(["need", "capacity"]))
    need = direction == "need"
    start, end = draw(ENDS), draw(ENDS)
    if start and end and end < start:
        start, end = end, start
    quantity = draw(AMOUNTS)
    return PostingRow(
        key=f"K{number * 7919 % 100_003:09d}",
        direction=direction,
        enterprise=draw(st.integers(1, 6)),
        node=draw(st.sampled_from((*NODES[2:6], *NODES, "GONE"))),
        region=draw(st.sampled_from((*REGIONS, "999999"))),
        dimension=draw(st.sampled_from(["count", "count", "count", "mass"])),
        quantity=quantity,
        confirmed=TODAY - timedelta(days=draw(st.integers(0, 70))),
        further_nodes=tuple(draw(st.lists(st.sampled_from(NODES), max_size=2, unique=True))),
        period=draw(st.sampled_from(["once", "month", "year"])),
        booked=0 if need else draw(st.integers(0, max(min(quantity, 10**15), 1))),
        calendar=() if need else draw(calendars(quantity)),
        unit="PCS",
        unit_size=draw(st.sampled_from([1000, 12_000])),
        start=start,
        end=end,
        lead_days=draw(st.one_of(st.none(), st.integers(0, 200))),
        minimum_order=0 if need else draw(st.one_of(st.just(0), AMOUNTS)),
        split_allowed=need and draw(st.booleans()),
        minimum_share=draw(st.integers(1, 1000)),
        certificates_asked=draw(ASKED) if need else (),
        certificates_held=() if need else draw(HELD),
        parameters_asked=draw(PARAMETERS) if need else (),
        parameters_offered=() if need else draw(OFFERED),
        price_min=draw(PRICES),
        price_max=draw(PRICES),
        region_rule=draw(st.sampled_from(["any", "any", "other_province", "radius", "list"])),
        regions_allowed=tuple(draw(st.lists(st.sampled_from(["50", "5101", "511083", "500112", "x"]), max_size=2))),
        radius_km=draw(st.integers(0, 300)),
        verified=draw(st.booleans()),
        outcomes=draw(st.integers(0, 40)),
        load=draw(st.integers(0, 2)),
        text=draw(TEXTS),
        vector=draw(VECTORS),
        hidden_from=frozenset(draw(st.lists(st.integers(1, 6), max_size=1))),
        alias=draw(st.booleans()),
        opens_on=draw(OPENINGS),
        asked_first=frozenset(draw(st.lists(st.integers(1, 6), max_size=3))),
    )


@st.composite
def markets(draw: st.DrawFn, size: int = 12) -> list[PostingRow]:
    """Up to ``size`` postings with distinct keys, at least one of each direction."""
    count = draw(st.integers(2, size))
    return [
        draw(rows(number, "need" if number == 0 else "capacity" if number == 1 else None)) for number in range(count)
    ]
