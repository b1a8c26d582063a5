"""A market of any size for measuring: the same seed makes the same firms and postings, and goes on where it stopped."""

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

from accounts.choices import CheckState, Verification
from accounts.models import Enterprise, EnterpriseCertificate, EnterpriseContact
from common.models import CROCKFORD
from config.demo.invention import POSTINGS_A_FIRM, Inventor, Plan
from config.demo.rows import Book, open_book, sample_credit_code
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting, PostingCertificate, PostingParameter

CHUNK = 500 * POSTINGS_A_FIRM
"""Postings of one transaction; whole firms, so that a run that was stopped goes on at a firm's first posting."""
SERIES = "BCDEFGHJKL"
"""Signs of the credit codes of markets, apart from the demo's own; each counts so many firms:"""
FIRM_NUMBERS = 100_000
KEY_LENGTH = 10


@dataclass
class MarketFigures:
    """What a run made."""

    seed: int
    postings: int = 0
    firms: int = 0
    nodes: int = 0
    distinct_percent: float = 100.0
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"market {self.seed}: {self.postings} postings of {self.firms} firms at {self.nodes} nodes, "
            f"{self.distinct_percent:.1f}% of texts distinct, {self.seconds:.1f} s"
        )


def grow_market(*, postings: int, seed: int) -> MarketFigures:
    """Grow the market of ``seed`` to ``postings`` rows, written in bulk; shows a bar where there is a terminal.

    No change is recorded for these rows: rebuild the match snapshot afterwards.
    """
    started, book, day = time.perf_counter(), open_book(), timezone.localdate()
    inventor = Inventor(book, seed)
    figures = MarketFigures(seed)
    texts: set[int] = set()
    nodes: set[str] = set()
    first = _next_number(seed)
    with Progress(
        "[progress.description]{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TimeRemainingColumn(), transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("postings", total=postings, completed=min(first, postings))
        while first < postings:
            last = min(first - first % CHUNK + CHUNK, postings)
            plans = [inventor.posting(number) for number in range(first, last)]
            figures.firms += _write(plans, inventor, book, day)
            texts.update(hash((plan.title, plan.text)) for plan in plans)
            nodes.update(plan.node for plan in plans)
            figures.postings += len(plans)
            bar.update(task, completed=last)
            first = last
    figures.nodes = len(nodes)
    figures.distinct_percent = 100 * len(texts) / max(figures.postings, 1)
    figures.seconds = time.perf_counter() - started
    return figures


def _next_number(seed: int) -> int:
    newest = Posting.objects.filter(external_key__startswith=_key(seed, "")).aggregate(newest=Max("external_key"))
    return int(newest["newest"].rpartition("-")[2]) + 1 if newest["newest"] else 0


def _key(seed: int, number: int | str) -> str:
    return f"market-{seed}-{number:08d}" if isinstance(number, int) else f"market-{seed}-{number}"


@transaction.atomic
def _write(plans: Sequence[Plan], inventor: Inventor, book: Book, day: date) -> int:
    firms, made = _firms(sorted({plan.number // POSTINGS_A_FIRM for plan in plans}), inventor, book, day)
    rows = [_posting(plan, firms[plan.number // POSTINGS_A_FIRM], inventor, book, day) for plan in plans]
    Posting.objects.bulk_create(rows)
    PostingCertificate.objects.bulk_create(
        PostingCertificate(posting=row, certification=book.certifications[code], is_must=must)
        for row, plan in zip(rows, plans, strict=True)
        for code, must in plan.certificates
    )
    PostingParameter.objects.bulk_create(
        PostingParameter(posting=row, parameter=book.parameters[one.pop("code")], **one)
        for row, plan in zip(rows, plans, strict=True)
        for one in plan.parameters
    )
    return made


def _firms(numbers: Iterable[int], inventor: Inventor, book: Book, day: date) -> tuple[dict[int, Enterprise], int]:
    codes = {number: _credit_code(inventor, number) for number in numbers}
    known = {firm.uscc: firm for firm in Enterprise.objects.filter(uscc__in=codes.values())}
    new = [number for number, code in codes.items() if code not in known]
    now = timezone.now()
    rows = []
    for number in new:
        told = inventor.firm(number)
        rows.append(
            Enterprise(
                uscc=codes[number],
                key=drawn_key(f"{inventor.seed}:firm-key:{number}"),
                name=told.name,
                name_en=told.name_en,
                alias=told.alias,
                introduction=told.introduction,
                region=book.regions[told.region],
                verification=Verification.VERIFIED if told.is_verified else Verification.UNVERIFIED,
                verified_at=now if told.is_verified else None,
                is_sample=True,
            )
        )
    made = Enterprise.objects.bulk_create(rows)
    contacts, papers = [], []
    for number, firm in zip(new, made, strict=True):
        told = inventor.firm(number)
        contacts.append(EnterpriseContact(enterprise=firm, person=told.contact, email=f"market{number}@example.com"))
        papers += [
            EnterpriseCertificate(
                enterprise=firm,
                certification=book.certifications[code],
                number=f"SAMPLE-{firm.uscc[-8:]}-{code}",
                expires_on=day + timedelta(days=days),
                state=CheckState.CHECKED,
            )
            for code, days in told.certificates
        ]
    EnterpriseContact.objects.bulk_create(contacts)
    EnterpriseCertificate.objects.bulk_create(papers)
    known |= {firm.uscc: firm for firm in made}
    return {number: known[code] for number, code in codes.items()}, len(new)


def _credit_code(inventor: Inventor, number: int) -> str:
    region = inventor.market_region(inventor.seed)
    return sample_credit_code(region, SERIES[number // FIRM_NUMBERS], number % FIRM_NUMBERS)


def drawn_key(source: str) -> str:
    """A public key that the same ``source`` always gives."""
    bits = random.Random(source).getrandbits(5 * KEY_LENGTH)
    return "".join(CROCKFORD[bits >> 5 * place & 31] for place in range(KEY_LENGTH))


def _posting(plan: Plan, firm: Enterprise, inventor: Inventor, book: Book, day: date) -> Posting:
    columns: dict[str, Any] = {
        name: None if days is None else day + timedelta(days=days)
        for name, days in (("window_start", plan.starts_in), ("window_end", plan.ends_in))
    }
    return Posting(
        number=drawn_key(f"{inventor.seed}:key:{plan.number}"),
        direction=plan.direction,
        subject=plan.subject,
        title=plan.title,
        text=plan.text,
        language=plan.language,
        enterprise=firm,
        node=book.nodes[plan.node],
        region=firm.region,
        quantity_amount=plan.quantity,
        unit=book.units[plan.unit],
        period=plan.period,
        lead_time_days=plan.lead_time_days,
        minimum_order_amount=plan.minimum_order,
        region_preference=plan.region_preference,
        radius_km=plan.radius_km,
        price_kind=plan.price_kind,
        price_min=plan.price_min,
        price_max=plan.price_max,
        consortium_allowed=plan.consortium_allowed,
        visibility=plan.visibility,
        reserved_amount=plan.reserved or Decimal(0),
        status=Status.PUBLISHED,
        published_at=timezone.now() - timedelta(days=plan.published_ago, seconds=plan.number % 86_400),
        confirmed_on=day - timedelta(days=plan.confirmed_ago),
        external_key=_key(inventor.seed, plan.number),
        is_sample=True,
        **columns,
    )
