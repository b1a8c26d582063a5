"""Units, certificates and technical parameters: what is usual for a node, and units as people write them."""

import unicodedata
from collections.abc import Iterable
from typing import TypeVar

from reference.models import Certification, ChainNode, Parameter, Unit
from reference.querysets import ReferenceQuerySet
from reference.rows import ANY_NODE, Scoped

ScopedRow = TypeVar("ScopedRow", bound=Scoped)


def units_in_use() -> ReferenceQuerySet:
    """All units that may be chosen, in their order, bases filled."""
    return Unit.objects.in_use().select_related("base")


def certifications_in_use() -> ReferenceQuerySet:
    """All certificates that may be asked for, in their order."""
    return Certification.objects.in_use()


def certification_by_code(code: str) -> Certification | None:
    """The certificate with this code, retired or not."""
    return Certification.objects.filter(code=code).first()


def parameters_in_use() -> ReferenceQuerySet:
    """All technical parameters that may be named, in their order, units filled."""
    return Parameter.objects.in_use().select_related("unit")


def units_for_node(node: ChainNode) -> list[Unit]:
    """Units in which the node's postings are usually counted, closest first; all units where none is named for it."""
    return closest_first(units_in_use(), node.code) or list(units_in_use())


def certifications_for_node(node: ChainNode) -> list[Certification]:
    """Certificates that the node may ask for: its own first, then its group's, then those for every node."""
    return closest_first(certifications_in_use(), node.code)


def parameters_for_node(node: ChainNode) -> list[Parameter]:
    """Technical parameters that can be named for the node, its own first."""
    return closest_first(parameters_in_use(), node.code)


def closest_first(rows: Iterable[ScopedRow], code: str) -> list[ScopedRow]:
    """Rows whose scope covers the node code, the narrowest scope first, otherwise in their order."""

    def closeness(row: ScopedRow) -> int:
        return max(0 if part == ANY_NODE else len(part) for part in row.scope if covers_one(part, code))

    return sorted((row for row in rows if row.covers(code)), key=closeness, reverse=True)


def covers_one(part: str, code: str) -> bool:
    """Whether one entry of a scope covers the node code."""
    return part == ANY_NODE or code == part or code.startswith(f"{part}.")


def unit_key(text: str) -> str:
    """``text`` as units are compared: half-width, small letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def unit_from_text(text: str) -> Unit | None:
    """The unit that ``text`` means: its code, a name or an alias, in any width or case; None when it is none.

    A code written as such goes before a name, and a name before an alias (SEAT is a workstation, seat a licence).
    """
    wanted = unit_key(text)
    if not wanted:
        return None
    units = list(units_in_use())
    written = text.strip()
    for names in (
        lambda unit: [unit.code] if unit.code == written else [],
        lambda unit: [unit.name_zh, unit.name_en, *unit.aliases],
        lambda unit: [unit.code],
    ):
        for unit in units:
            if wanted in map(unit_key, names(unit)):
                return unit
    return None


def unit_by_code(code: str) -> Unit | None:
    """The unit with this code, retired or not."""
    return Unit.objects.select_related("base").filter(code=code).first()
