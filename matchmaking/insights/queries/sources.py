"""Every quoted fact with its source, whichever table it stands in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from matchmaking.insights.choices import FACTS_OF_CLUSTER, FRONT_FACTS
from matchmaking.insights.models import (
    AgreementEntry,
    AgreementParty,
    ClusterTarget,
    Commitment,
    FrameworkAgreement,
    QuotedFact,
)
from matchmaking.parks.models import CooperationProject, Park, ParkBatch, ParkIndicator, ParkPartnership

NAMED = (FrameworkAgreement, AgreementParty, Commitment, AgreementEntry, ParkBatch, Park, ParkPartnership)
REPORTED = (CooperationProject, ParkIndicator)
"""What parks say themselves."""


@dataclass(frozen=True)
class Quotation:
    """One quoted statement: which table and row, what it says, and where that stands."""

    kind: str
    key: str
    said: str
    source: str

    @property
    def is_sourced(self) -> bool:
        """Whether somebody could look it up."""
        return bool(self.source.strip())


def quotations() -> Iterator[Quotation]:
    """Every quoted statement of the tables, in the order of kinds and rows."""
    for fact in QuotedFact.objects.all():
        yield Quotation(
            "fact", fact.code, " ".join(filter(None, (fact.claim_en, fact.value, fact.unit_en))), fact.source
        )
    for target in ClusterTarget.objects.all():
        yield Quotation("target", target.code, " ".join((target.claim_en, target.value, target.unit_en)), target.source)
        if target.actual_value:
            source = target.actual_source if target.actual_on else ""
            yield Quotation("actual", target.code, f"{target.actual_value} ({target.actual_on})", source)
    for model in (*NAMED, *REPORTED):
        rows: Iterable[Any] = model._default_manager.all()
        for row in rows:
            yield Quotation(model._meta.model_name or "", str(row.pk), str(row), row.source)


def quoted_but_unknown() -> list[str]:
    """Codes of facts that pages quote and that no row has."""
    wanted = {*FRONT_FACTS, *(code for codes in FACTS_OF_CLUSTER.values() for code in codes)}
    return sorted(wanted - set(QuotedFact.objects.filter(code__in=wanted).values_list("code", flat=True)))
