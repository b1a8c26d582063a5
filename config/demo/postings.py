"""Sample needs and capacities, known again by their own number, their days kept apart from the calendar."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.choices import Verb
from accounts.models import Enterprise
from accounts.services.changes import record_change, unit_of_work
from config.demo.rows import Book, Told, amount, day_after, demo_rows
from config.demo.scenarios import scenario_postings
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.models import Posting, PostingCertificate, PostingParameter
from reference.choices import RegionLevel

KEY_MARK = "demo-"
"""Begins the own number of every sample posting."""
FULL_CODE = 6
"""Digits of a region's code; a shorter one in a fixture means all regions that begin with it."""


def told_postings() -> list[Told]:
    """Every sample posting, those of the scenarios last."""
    return [
        *({**told, "direction": Direction.NEED} for told in demo_rows("needs")),
        *({**told, "direction": Direction.CAPACITY} for told in demo_rows("capacities")),
        *scenario_postings(),
    ]


@unit_of_work
def load_postings(
    *, told: list[Told], firms: Mapping[str, Enterprise], book: Book, day: date
) -> tuple[dict[str, Posting], int]:
    """All postings by key, and how many were new; their publication is recorded.

    Those that are there already stay as their people left them.
    """
    known = _known(told, firms)
    new = [posting for posting in told if posting["key"] not in known]
    made = bulk_create_with_history([_posting(one, firms, book, day) for one in new], Posting)
    postings = known | {one["key"]: posting for one, posting in zip(new, made, strict=True)}
    _make_parts(new, postings, book)
    for one in new:
        posting = postings[one["key"]]
        record_change(
            thing=posting,
            verb=Verb.PUBLISHED,
            actor=None,
            enterprise=posting.enterprise,
            facts={"from": str(Status.DRAFT), "to": str(Status.PUBLISHED)},
        )
    return postings, len(new)


def _known(told: Iterable[Told], firms: Mapping[str, Enterprise]) -> dict[str, Posting]:
    rows = Posting.objects.filter(enterprise__in=list(firms.values()), external_key__startswith=KEY_MARK)
    by_key = {row.external_key: row for row in rows.select_related("enterprise", "node", "region", "unit")}
    return {one["key"]: by_key[KEY_MARK + one["key"]] for one in told if KEY_MARK + one["key"] in by_key}


def _posting(told: Told, firms: Mapping[str, Enterprise], book: Book, day: date) -> Posting:
    return Posting(
        direction=told["direction"],
        subject=told["subject"],
        title=told["title"],
        text=told["text"],
        language=told["language"],
        enterprise=firms[told["firm"]],
        node=book.nodes[told["node"]],
        region=book.regions[told["region"]],
        quantity_amount=amount(told["quantity"]),
        unit=book.units[told["unit"]],
        period=told["period"],
        lead_time_days=told["lead_time_days"],
        minimum_order_amount=amount(told["minimum_order"]),
        region_preference=told["region_preference"],
        radius_km=told["radius_km"],
        price_kind=told["price"]["kind"],
        price_min=amount(told["price"]["min"]),
        price_max=amount(told["price"]["max"]),
        consortium_allowed=told["consortium_allowed"],
        visibility=told["visibility"],
        reserved_amount=amount(told["reserved"]) or Decimal(0),
        status=Status.PUBLISHED,
        external_key=KEY_MARK + told["key"],
        is_sample=True,
        **_days_of(told, day),
    )


def _days_of(told: Told, day: date) -> dict[str, Any]:
    return {
        "window_start": day_after(day, told["starts_in"]),
        "window_end": day_after(day, told["ends_in"]),
        "confirmed_on": day_after(day, -told["confirmed_ago"]),
        "published_at": _moment(day, told["published_ago"]),
    }


def _moment(day: date, days_ago: int) -> datetime:
    return timezone.now() - timedelta(days=(timezone.localdate() - day).days + max(days_ago, 0))


def _make_parts(new: Iterable[Told], postings: Mapping[str, Posting], book: Book) -> None:
    certificates, parameters, regions = [], [], []
    for told in new:
        posting = postings[told["key"]]
        certificates += [
            PostingCertificate(posting=posting, certification=book.certifications[paper["code"]], is_must=paper["must"])
            for paper in told["certificates"]
        ]
        parameters += [_parameter(posting, one, book) for one in told["parameters"]]
        regions += [
            Posting.regions_allowed.through(posting=posting, region=region)
            for code in told["regions_allowed"]
            for region in regions_of(code, book)
        ]
    PostingCertificate.objects.bulk_create(certificates)
    PostingParameter.objects.bulk_create(parameters)
    Posting.regions_allowed.through.objects.bulk_create(regions)


def _parameter(posting: Posting, told: Told, book: Book) -> PostingParameter:
    parameter = book.parameters[told["code"]]
    value: dict[str, Any] = {"level": told["value"]} if parameter.is_ordered else {"number": amount(told["value"])}
    return PostingParameter(
        posting=posting, parameter=parameter, operator=told["operator"], is_must=told["must"], **value
    )


def regions_of(prefix: str, book: Book) -> list[Any]:
    """The region with this code; for the beginning of a code, the province so named or all districts that share it."""
    whole = prefix.ljust(FULL_CODE, "0")
    if whole in book.regions and (len(prefix) == FULL_CODE or book.regions[whole].level == RegionLevel.PROVINCE):
        return [book.regions[whole]]
    return [region for code, region in book.regions.items() if code.startswith(prefix) and region.valid_to is None]


@unit_of_work
def renew_days(*, told: Iterable[Told], postings: Mapping[str, Posting], day: date) -> int:
    """Move the days of postings that nobody has edited to the day of loading. Returns how many moved.

    Who confirmed one keeps the later day. Not recorded as changes: nothing but the sample's calendar moved.
    """
    moved = []
    for one in told:
        posting = postings[one["key"]]
        wanted = _days_of(one, day)
        if posting.version > 1 or posting.status != Status.PUBLISHED or posting.window_end == wanted["window_end"]:
            continue
        for name, value in wanted.items():
            setattr(posting, name, max(value, posting.confirmed_on) if name == "confirmed_on" else value)
        moved.append(posting)
    Posting.objects.bulk_update(moved, ["window_start", "window_end", "confirmed_on", "published_at"], batch_size=200)
    return len(moved)
