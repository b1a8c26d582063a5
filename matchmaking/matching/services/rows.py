"""Database rows to the engine's plain rows: live postings, and the taxonomy that gives their codes meaning."""

import hashlib
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, QuerySet, Value
from django.utils import timezone

from accounts.choices import CheckState, NetworkState, Verification
from accounts.models import EnterpriseCertificate, NetworkMembership
from matchmaking.engine.constraints import LOW, PLENTY, SOME, left_class
from matchmaking.engine.encoding import encoder_named
from matchmaking.engine.text.meaning import version_of
from matchmaking.engine.types.rows import (
    LEVEL_MARK,
    BookedDays,
    CertificateDemand,
    Node,
    ParameterDemand,
    PostingRow,
    Region,
    Taxonomy,
)
from matchmaking.postings.choices import Operator, PriceKind, Visibility
from matchmaking.postings.models import CapacityMonth, Posting, PostingCertificate, PostingParameter
from reference.models import ChainLink, ChainNode, GlossaryTerm
from reference.models import Region as RegionRecord

THOUSANDTHS = Decimal(1000)
MOST_OPEN = {PLENTY: Decimal(1), SOME: Decimal("0.75"), LOW: Decimal("0.25")}
"""The most of a need that can still be open, by its class."""
MILLIONTHS = Decimal(1_000_000)
NO_EXPIRY = date(2099, 12, 31)
"""A certificate without a last day is taken to hold until then."""
DEFAULT_SHARE_PERCENT = 20
"""Least share of a need that one of several suppliers brings when the need names none."""
OPERATORS: Mapping[str, Any] = {Operator.AT_LEAST: ">=", Operator.AT_MOST: "<=", Operator.EQUAL: "="}
COLUMNS = (
    "pk", "number", "direction", "enterprise", "enterprise__verification", "enterprise__confirmed_outcomes",
    "node__code", "region__code", "unit__code", "unit__dimension", "unit__factor_to_base", "quantity_amount",
    "reserved_amount", "minimum_order_amount", "minimum_share_percent", "period", "window_start", "window_end",
    "lead_time_days", "consortium_allowed", "price_kind", "price_min", "price_max", "price_currency",
    "region_preference", "radius_km", "confirmed_on", "published_at", "busy_level", "title", "text",
    "visibility", "subject", "opens_on", "vector__text_hash", "vector__encoder", "vector__version", "vector__vector",
)  # fmt: skip
"""What the engine may know of a posting; contact data and sealed prices are not read at all further on."""


def taxonomy_mark() -> tuple[Any, ...]:
    """Counts and newest change of the reference tables, in one query; equal marks mean the same taxonomy."""
    tables = (ChainNode.objects, ChainLink.objects, GlossaryTerm.objects, RegionRecord.objects)
    parts = [
        table.order_by()
        .values(table=Value(place))
        .annotate(count=Count("pk"), newest=Max("changed_at"))
        .values_list("table", "count", "newest")
        for place, table in enumerate(tables)
    ]
    return tuple(sorted(parts[0].union(*parts[1:], all=True)))


def load_taxonomy() -> Taxonomy:
    """Chains, links, regions and glossary as they stand now, retired and closed ones included."""
    nodes = ChainNode.objects.order_by("code").values_list("code", "name_zh", "name_en", "aliases_zh", "aliases_en")
    regions = RegionRecord.objects.order_by("code").values_list(
        "code", "lat", "lon", "successor__code", "name_zh", "name_en", "short_zh", "short_en"
    )
    columns = ("node__code", "term_zh", "term_en", "aliases_zh", "aliases_en")
    terms = GlossaryTerm.objects.filter(node__isnull=False).order_by("pk").values_list(*columns)
    return Taxonomy(
        nodes=tuple(
            Node(code, code.rpartition(".")[0], (zh, en, *aliases_zh, *aliases_en))
            for code, zh, en, aliases_zh, aliases_en in nodes
        ),
        links=tuple(ChainLink.objects.order_by("pk").values_list("supplier__code", "consumer__code")),
        regions=tuple(Region(code, lat, lon, after or "", tuple(names)) for code, lat, lon, after, *names in regions),
        glossary=tuple(
            (word, node) for node, zh, en, more_zh, more_en in terms for word in (zh, en, *more_zh, *more_en)
        ),
    )


def text_of(title: str, text: str) -> str:
    """What is read of a posting, by words and by meaning."""
    return f"{title} {text}"


def text_hash(text: str) -> str:
    """Tells texts apart."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def encoder_marks() -> tuple[str, str]:
    """Name and version of the encoder in use: vectors of another one are not read."""
    encoder = encoder_named(settings.MATCH_ENCODER)
    return encoder.name, version_of(encoder)


def plain_rows(postings: "QuerySet[Posting]") -> Iterator[PostingRow]:
    """The engine's rows of complete ``postings``, by a fixed number of queries however many there are."""
    complete = postings.filter(
        node__isnull=False, region__isnull=False, unit__isnull=False, quantity_amount__isnull=False
    )
    inside = complete.order_by().values("pk")
    held = EnterpriseCertificate.objects.filter(
        state=CheckState.CHECKED, enterprise__in=complete.order_by().values("enterprise")
    )
    lists: dict[str, dict[int, list[Any]]] = {
        "further": _grouped(
            Posting.further_nodes.through.objects.filter(posting__in=inside).values_list("posting", "chainnode__code")
        ),
        "regions": _grouped(
            Posting.regions_allowed.through.objects.filter(posting__in=inside).values_list("posting", "region__code")
        ),
        "hidden": _grouped(
            Posting.hidden_from.through.objects.filter(posting__in=inside).values_list("posting", "enterprise")
        ),
        "asked_first": _grouped(asked_first(complete)),
        "certificates": _grouped(
            PostingCertificate.objects.filter(posting__in=inside)
            .order_by("pk")
            .values_list("posting", "certification__code", "is_must"),
            lambda code, must: CertificateDemand(code, must),
        ),
        "parameters": _grouped(
            PostingParameter.objects.filter(posting__in=inside)
            .order_by("pk")
            .values_list("posting", "parameter__code", "operator", "number", "level", "parameter__levels", "is_must"),
            lambda code, operator, *value: parameter_demand(code, OPERATORS[operator], *value),
        ),
        "months": _grouped(
            CapacityMonth.objects.filter(posting__in=inside, month__gt=timezone.localdate() - timedelta(days=31))
            .order_by("month")
            .values_list("posting", "month", "planned_amount", "booked_amount"),
            lambda *month: month,
        ),
        "held": _grouped(
            held.order_by("pk").values_list("enterprise", "certification__code", "expires_on"),
            lambda code, last: (code, last or NO_EXPIRY),
        ),
    }
    marks = encoder_marks()
    for told in complete.order_by("pk").values(*COLUMNS).iterator(chunk_size=5000):
        yield _row(told, lists, marks)


def asked_first(postings: "QuerySet[Posting]") -> Iterator[tuple[int, int]]:
    """Firms of those of ``postings`` that are not open to everybody yet, each with every firm that it asks first.

    Suspended ones too: being restored is no change of these postings, and nobody reads for a suspended firm.
    """
    waiting = postings.filter(opens_on__gt=timezone.localdate()).order_by().values("enterprise")
    members = NetworkMembership.objects.filter(state=NetworkState.MEMBER, buyer__in=waiting).order_by()
    return members.values_list("buyer", "supplier").iterator()


def _grouped(rows: Iterable[tuple[Any, ...]], make: Callable[..., Any] = lambda value: value) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for owner, *values in rows:
        groups[owner].append(make(*values))
    return groups


def parameter_demand(
    code: str, operator: Any, number: Decimal | None, level: str, levels: list[str], must: bool
) -> ParameterDemand:
    """A parameter with its value as the engine compares it; a known level counts by its place among ``levels``."""
    value = level if number is None else f"{number.normalize():f}"
    known = [name.casefold() for name in levels]
    if level and level.casefold() in known:
        value = f"{known.index(level.casefold())}{LEVEL_MARK}{level}"
    return ParameterDemand(code, operator, value, must)


def _row(told: Mapping[str, Any], lists: Mapping[str, Mapping[int, list[Any]]], marks: tuple[str, str]) -> PostingRow:
    text = text_of(told["title"], told["text"])
    key, size = told["pk"], told["unit__factor_to_base"] * THOUSANDTHS
    need = told["direction"] == "need"
    parameters = lists["parameters"].get(key, [])
    return PostingRow(
        key=told["number"],
        direction=told["direction"],
        enterprise=told["enterprise"],
        node=told["node__code"],
        region=told["region__code"],
        dimension=told["unit__dimension"],
        quantity=_steps(_told_amount(told), size),
        confirmed=told["confirmed_on"] or _day(told["published_at"]),
        further_nodes=tuple(sorted(lists["further"].get(key, []))),
        period=told["period"],
        booked=0 if need else _steps(told["reserved_amount"], size),
        calendar=() if need else calendar_of(told, lists["months"].get(key, []), size),
        unit=told["unit__code"],
        unit_size=max(int(size), 1),
        start=told["window_start"],
        end=told["window_end"],
        lead_days=told["lead_time_days"],
        minimum_order=0 if need else _steps(told["minimum_order_amount"], size),
        split_allowed=need and told["consortium_allowed"],
        minimum_share=10 * (told["minimum_share_percent"] or DEFAULT_SHARE_PERCENT),
        certificates_asked=tuple(lists["certificates"].get(key, [])) if need else (),
        certificates_held=() if need else tuple(lists["held"].get(told["enterprise"], [])),
        parameters_asked=tuple(parameters) if need else (),
        parameters_offered=() if need else tuple((one.key, one.value) for one in parameters),
        price_min=_micro(told, "price_min"),
        price_max=_micro(told, "price_max"),
        region_rule=told["region_preference"],
        regions_allowed=tuple(sorted(lists["regions"].get(key, []))),
        radius_km=told["radius_km"] or 0,
        verified=told["enterprise__verification"] == Verification.VERIFIED,
        outcomes=told["enterprise__confirmed_outcomes"],
        load=told["busy_level"],
        text=text,
        title=told["title"],
        subject=told["subject"],
        amount=_steps(told["quantity_amount"], THOUSANDTHS),
        vector=_vector(told, text, marks),
        hidden_from=frozenset(lists["hidden"].get(key, [])),
        alias=told["visibility"] == Visibility.ALIAS,
        **waiting_of(told, lists["asked_first"]),
    )


def _vector(told: Mapping[str, Any], text: str, marks: tuple[str, str]) -> bytes:
    is_current = (told["vector__encoder"], told["vector__version"]) == marks
    return bytes(told["vector__vector"]) if is_current and told["vector__text_hash"] == text_hash(text) else b""


def _told_amount(told: Mapping[str, Any]) -> Decimal:
    posted: Decimal = told["quantity_amount"]
    return open_band(posted, told["reserved_amount"]) if told["direction"] == "need" else posted


def open_band(posted: Decimal, signed: Decimal) -> Decimal:
    """What a need of which so much is ``signed`` asks for as far as others may know it: the most that the class of what
    is still open holds, all of it while that is plenty. Source: docs/decisions/0090-what-a-need-still-asks-for.md.
    """
    return posted * MOST_OPEN[left_class(int(posted * THOUSANDTHS), int(signed * THOUSANDTHS))]


def asking_exactly(row: PostingRow, need: Posting) -> PostingRow:
    """The row of ``need`` for its own firm, which knows what is still open; its unit is filled."""
    if not need.is_need or not need.reserved_amount:
        return row
    return _asking(row, need, (need.quantity_amount or Decimal(0)) - need.reserved_amount)


def asking_whole(row: PostingRow, need: Posting) -> PostingRow:
    """The row of ``need`` with all that it was posted with, of which sets of suppliers carry shares.

    The row may hold a class of what is open while ``need``, read before, knows of nothing signed.
    """
    return _asking(row, need, need.quantity_amount or Decimal(0))


def _asking(row: PostingRow, need: Posting, amount: Decimal) -> PostingRow:
    if need.unit is None:
        return row
    return replace(row, quantity=_steps(amount, need.unit.factor_to_base * THOUSANDTHS))


def waiting_of(told: Mapping[str, Any], networks: Mapping[int, list[int]]) -> dict[str, Any]:
    """The day on which a posting opens and the firms asked before, nothing for what is open already."""
    if told["opens_on"] is None or told["opens_on"] <= timezone.localdate():
        return {}
    return {"opens_on": told["opens_on"], "asked_first": frozenset(networks.get(told["enterprise"], []))}


def calendar_of(
    told: Mapping[str, Any], months: Sequence[tuple[date, Decimal | None, Decimal]], size: Decimal
) -> tuple[BookedDays, ...]:
    """What is booked in months of their own: all that was posted and is not free there."""
    days = []
    for first, planned, booked in months:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        short = Decimal(0) if planned is None else max(told["quantity_amount"] - planned, Decimal(0))
        days.append(BookedDays(first, last, _steps(told["reserved_amount"] + booked + short, size)))
    return tuple(days)


def _steps(amount: Decimal | None, size: Decimal) -> int:
    return 0 if amount is None else int(amount * size)


def _micro(told: Mapping[str, Any], name: str) -> int | None:
    """An open price in yuan; sealed ones, and those in other currencies, are not read."""
    if told[name] is None or told["price_kind"] != PriceKind.OPEN or told["price_currency"] != "CNY":
        return None
    return int(told[name] * MILLIONTHS / told["unit__factor_to_base"])


def _day(moment: datetime | None) -> date:
    return timezone.localdate(moment) if moment else timezone.localdate()
