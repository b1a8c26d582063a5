"""Figures that parks report by quarter: which quarters are due, what was submitted, and what corrections changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from matchmaking.parks.choices import IndicatorKind
from matchmaking.parks.models import Park, ParkIndicator
from matchmaking.parks.queries.parks import Reader
from matchmaking.parks.querysets import ParkIndicatorQuerySet

MONTHS = 3
QUARTERS_ASKED = 4
"""Past quarters that a park is asked for."""


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year by its first day."""

    start: date

    def __str__(self) -> str:
        """The quarter in the reader's language."""
        return _("Q%(number)s %(year)s") % {"number": (self.start.month - 1) // MONTHS + 1, "year": self.start.year}

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter in which ``day`` lies."""
        return cls(date(day.year, day.month - (day.month - 1) % MONTHS, 1))

    def back(self, quarters: int) -> "Quarter":
        """The quarter that lies so many quarters before."""
        months = self.start.year * 12 + self.start.month - 1 - MONTHS * quarters
        return Quarter(date(months // 12, months % 12 + 1, 1))


class Earlier(NamedTuple):
    """What stood before a correction, and when it was corrected."""

    value: Decimal | None
    source: str
    corrected_at: datetime
    words: str


@dataclass(frozen=True)
class Reported:
    """A figure of a quarter, None where it is not reported yet, with what earlier stood in its place."""

    kind: IndicatorKind
    figure: ParkIndicator | None = None
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True)
class QuarterLines:
    """A quarter with its figures, one of each kind."""

    quarter: Quarter
    lines: list[Reported] = field(default_factory=list)

    @property
    def is_missing(self) -> bool:
        """Whether nothing of it is reported yet, as far as the reader may know."""
        return all(line.figure is None for line in self.lines)

    @property
    def is_draft(self) -> bool:
        """Whether it holds figures and was not submitted yet."""
        figures = [line.figure for line in self.lines if line.figure is not None]
        return bool(figures) and not any(figure.is_locked for figure in figures)

    @property
    def state(self) -> str:
        """How far it is, in the reader's language."""
        if self.is_missing:
            return _("not reported yet")
        return _("not submitted yet") if self.is_draft else _("submitted")

    @property
    def count(self) -> int:
        """Kinds of figures that are reported."""
        return sum(line.figure is not None for line in self.lines)


def indicators_of(*, user: Reader, park: Park, day: date) -> ParkIndicatorQuerySet:
    """Figures of ``park`` that ``user`` may see, of quarters that had begun on ``day``, the newest quarter first, each
    with its author."""
    rows: ParkIndicatorQuerySet = ParkIndicator.objects.visible_to(user).filter(park=park, period_start__lte=day)
    return rows.select_related("author").order_by("-period_start", "kind")


def quarters_due(park: Park, day: date) -> list[Quarter]:
    """The last quarters that were over on ``day``, the newest first; none from before the park was announced."""
    running = Quarter.of(day)
    past = [running.back(step) for step in range(1, QUARTERS_ASKED + 1)]
    begun = Quarter.of(park.listed_from) if park.listed_from else None
    return [quarter for quarter in past if begun is None or quarter >= begun]


def quarters_of(*, user: Reader, park: Park, day: date) -> list[QuarterLines]:
    """Each quarter that was due on ``day`` or is reported up to then, the newest first, with one line a kind."""
    rows = list(indicators_of(user=user, park=park, day=day))
    earlier = earlier_values(rows)
    known = {(row.period_start, row.kind): row for row in rows}
    quarters = {*quarters_due(park, day), *(Quarter(row.period_start) for row in rows)}
    return [
        QuarterLines(quarter, [reported(kind, known.get((quarter.start, kind)), earlier) for kind in IndicatorKind])
        for quarter in sorted(quarters, reverse=True)
    ]


def reported(kind: IndicatorKind, figure: ParkIndicator | None, earlier: dict[int, tuple[Earlier, ...]]) -> Reported:
    """One line of a quarter."""
    return Reported(kind, figure, earlier.get(figure.pk, ()) if figure else ())


def quarters_missing(*, user: Reader, park: Park, day: date) -> list[Quarter]:
    """The quarters due on ``day`` of which nothing is reported, the newest first."""
    return [one.quarter for one in quarters_of(user=user, park=park, day=day) if one.is_missing]


def earlier_values(rows: Iterable[ParkIndicator]) -> dict[int, tuple[Earlier, ...]]:
    """What submitted figures said before each of their corrections, by row number, the latest first; one query."""
    corrected = [row.pk for row in rows if row.is_locked and row.version > 1]
    versions: dict[int, list[Any]] = {}
    if corrected:
        for version in ParkIndicator.history.filter(id__in=corrected, is_locked=True).order_by("-history_id"):
            versions.setdefault(version.id, []).append(version)
    return {
        key: tuple(
            Earlier(before.value, before.source, after.history_date, before.words)
            for after, before in zip(found, found[1:], strict=False)
            if (after.value, after.words, after.source) != (before.value, before.words, before.source)
        )
        for key, found in versions.items()
    }
