"""Certificates in a network that run out: those that the list declares, and those that listed firms keep here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.choices import CheckState
from accounts.models import Enterprise, EnterpriseCertificate, ListedFirm
from accounts.querysets import ListedFirmQuerySet
from reference.models import Certification

SOON = timedelta(days=60)


@dataclass(frozen=True)
class EndingPaper:
    """A certificate of a listed firm that ends soon; ``is_declared``: by the buyer's list, not by the firm itself."""

    buyer_id: int
    key: str
    name: str
    certification: Certification
    ends_on: date
    is_declared: bool

    @property
    def mark(self) -> str:
        """By what a paper is known again: whose, which and until when."""
        return f"{self.key}:{self.certification.code}:{self.ends_on.isoformat()}"


def ending_papers(*, on: date, listed: ListedFirmQuerySet | None = None) -> list[EndingPaper]:
    """Papers that end within sixty days of ``on``, or ended within the last sixty, the first to end on top; of all
    lists or of the rows ``listed``. Three queries.
    """
    rows = (ListedFirm.objects.all() if listed is None else listed).in_force()
    window = (on - SOON, on + SOON)
    declared = rows.filter(certificate_expires_on__range=window, certification__isnull=False)
    found = list(_declared(declared.select_related("certification")))
    found += _kept_here(rows.filter(firm__isnull=False).select_related(None), window)
    return sorted(found, key=lambda one: (one.ends_on, one.name, one.certification.code))


def _declared(rows: Iterable[ListedFirm]) -> Iterable[EndingPaper]:
    for row in rows:
        assert row.certification is not None
        assert row.certificate_expires_on is not None
        yield EndingPaper(row.buyer_id, row.key, row.name, row.certification, row.certificate_expires_on, True)


def _kept_here(rows: ListedFirmQuerySet, window: tuple[date, date]) -> list[EndingPaper]:
    """One line a certificate of each kind that a firm keeps, unless it holds a later one of the same kind."""
    firms: dict[int, list[ListedFirm]] = {}
    for row in rows.filter(firm__certificates__expires_on__range=window).distinct():
        firms.setdefault(row.firm_id or 0, []).append(row)
    papers = EnterpriseCertificate.objects.filter(enterprise__in=list(firms)).exclude(state=CheckState.REJECTED)
    last: dict[tuple[int, str], tuple[date | None, Certification]] = {}
    for paper in papers.select_related("certification"):
        key = (paper.enterprise_id, paper.certification.code)
        before = last.get(key, (date.min, paper.certification))[0]
        ends = None if before is None or paper.expires_on is None else max(before, paper.expires_on)
        last[key] = (ends, paper.certification)
    return [
        EndingPaper(row.buyer_id, row.key, row.name, certification, ends, False)
        for (firm, _code), (ends, certification) in last.items()
        if ends is not None and window[0] <= ends <= window[1]
        for row in firms[firm]
    ]


def papers_of(buyer: Enterprise, listed: ListedFirmQuerySet, on: date) -> list[EndingPaper]:
    """Papers in the list of ``buyer`` that end soon, as far as ``listed`` may be read."""
    return [one for one in ending_papers(on=on, listed=listed) if one.buyer_id == buyer.pk]
