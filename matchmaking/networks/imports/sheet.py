"""A firm's suppliers and distributors as a table: brought in again and again, each doubt asked once, and taken away."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from import_export.instance_loaders import BaseInstanceLoader

from accounts.choices import Evidence, SupplyRole
from accounts.imports.columns import Choices, Column, Counts, Days
from accounts.imports.reading import Sheetful, read_file, refused
from accounts.imports.sheets import Exchange, Outcome, Problem, Sheet, padded
from accounts.models import Enterprise, ListedFirm, SupplyRelation, User
from common.errors import Invalid
from common.values import normalise_code
from matchmaking.networks.imports.columns import Codes, Names, Shares, meant_paper
from matchmaking.networks.queries.lists import PLACES, Supplied, decisions_of, known_firms, place_of
from matchmaking.networks.queries.sameness import Called, Known, folded
from matchmaking.networks.services.listing import OF_FIRM, list_supplier
from matchmaking.postings.imports import Meant, meant_node
from reference.queries.regions import region_in, regions_in_use

MOST_ROWS = 2_000
"""Rows of one file: each is compared with all that are known, and put through the service."""


@dataclass(frozen=True)
class Double:
    """A row that says again what an earlier one, or the list, says already."""

    row: int
    name: str
    first: int


@dataclass(frozen=True)
class Question:
    """Whether the firm of a row is one that is known already; ``key`` names the question in a form."""

    row: int
    name: str
    told: str
    other_name: str
    other_told: str
    other_row: int | None
    mark: str
    other: str

    @property
    def key(self) -> str:
        """The same for the same two names, in this file and in the next."""
        return sha256(f"{self.mark}\n{self.other}".encode()).hexdigest()[:16]


@dataclass
class Resolved:
    """What the rows of a file are, before anything is written."""

    doubles: list[Double] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    otherwise: list[tuple[int, str, str, int]] = field(default_factory=list)
    unknown: list[tuple[int, str, str]] = field(default_factory=list)
    firms: int = 0
    by_place: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class InFile:
    """A firm that an earlier row of the file names for the first time."""

    row: int


class RowsOfList(BaseInstanceLoader):
    """Finds what a row of a file says of a firm that is on the list already."""

    def get_instance(self, row: Mapping[str, Any]) -> Any:
        """The relation that the row means; None for a new one."""
        return self.resource.relation_of(row)


class SupplierSheet(Sheet):
    """Whom a firm lists, and what each brings; a row for each firm and node. Only the name must be there."""

    external_key = Column(
        "listed__external_key",
        _("own number"),
        is_code=True,
        way_out=_("Your own number of the firm; with it a later file finds the firm again whatever else has changed."),
        also=(
            pgettext_lazy("head of a column", "supplier number"),
            pgettext_lazy("head of a column", "supplier code"),
            pgettext_lazy("head of a column", "vendor code"),
        ),
    )
    name = Column(
        "listed__name",
        _("registered name"),
        Names(),
        is_required=True,
        also=(
            pgettext_lazy("head of a column", "firm"),
            pgettext_lazy("head of a column", "firm name"),
            pgettext_lazy("head of a column", "supplier"),
            pgettext_lazy("head of a column", "supplier name"),
            pgettext_lazy("head of a column", "name"),
        ),
    )
    uscc = Column(
        "listed__uscc",
        _("unified social credit code"),
        Codes(),
        is_code=True,
        way_out=_("18 characters; may be left empty."),
        also=(pgettext_lazy("head of a column", "credit code"),),
    )
    place = Column(
        "listed__place",
        _("place"),
        is_code=True,
        way_out=_("A province, city or district by name or code; empty where it is not known."),
        also=(pgettext_lazy("head of a column", "region"), pgettext_lazy("head of a column", "province")),
    )
    role = Column(
        "role", _("role"), Choices(SupplyRole.choices), way_out=_("Supplier, where it is empty and the firm is new.")
    )
    tier = Column(
        "tier", _("tier"), Counts(), way_out=_("1 for who delivers to you, 2 for who delivers to them; 1 if empty.")
    )
    node = Column(
        "node",
        _("chain node"),
        Meant(meant_node),
        way_out=_("Its name or code in the chain maps; a row for each."),
        also=(pgettext_lazy("head of a column", "node"), pgettext_lazy("head of a column", "chain link")),
    )
    since = Column("since", _("since"), Days())
    share_percent = Column(
        "share_percent", _("share of purchases, %"), Shares(), way_out=_("Of what you buy at this node.")
    )
    certification = Column(
        "listed__certification", _("certificate"), Meant(meant_paper), way_out=_("Its code, such as IATF16949.")
    )
    certificate_expires_on = Column("listed__certificate_expires_on", _("certificate valid until"), Days())

    blank_keeps = True

    class Meta(Exchange):
        model = SupplyRelation
        import_id_fields = ("external_key",)
        instance_loader_class = RowsOfList

    def __init__(self, *, actor: User, buyer: Enterprise) -> None:
        super().__init__(actor=actor)
        self.buyer = buyer
        self.decisions = decisions_of(buyer)
        self.known = Known(self.decisions)
        self.resolved = Resolved()
        self.regions = list(regions_in_use(timezone.localdate()))

    def read(self, content: bytes) -> Sheetful:
        """The rows of a file, empty columns in the place of those that it may lack; what stands beyond its head is not
        read. Refuses (Invalid) what cannot be read or is too long.
        """
        file = read_file(content)
        if len(file.rows) > MOST_ROWS:
            raise refused(gettext("The file holds more than {limit} rows. Split it.").format(limit=MOST_ROWS))
        names = {head.strip().casefold() for head in file.head}
        missing = [one for one in self.import_columns() if not one.is_required and not one.names() & names]
        rows = [(number, cells[: len(file.head)]) for number, cells in file.rows]
        return Sheetful([*file.head, *(str(one.label) for one in missing)], rows, file.sheet, file.unread)

    def twice(self, file: Sheetful, places: Sequence[Column | None]) -> Iterator[Problem]:
        """Rows that say what another says already or otherwise, and those about which somebody has to decide first."""
        self.resolved = self.resolve(file, places)
        label = str(self.fields["name"].label)
        for double in self.resolved.doubles:
            told = gettext("Row {row} of the file says the same of this firm.").format(row=double.first)
            yield Problem(double.row, label, double.name, told, gettext("Nothing is lost: this row is left out."))
        for one in self.resolved.questions:
            told = gettext("Perhaps the same firm as {name}.").format(name=one.other_name)
            yield Problem(one.row, label, one.name, told, gettext("Decide whether the two are one firm."))
        for number, column, value, first in self.resolved.otherwise:
            told = gettext("Row {row} of the file says otherwise of this firm.").format(row=first)
            yield Problem(number, column, value, told, gettext("Let both rows say the same."))

    def resolve(self, file: Sheetful, places: Sequence[Column | None]) -> Resolved:
        """Which firm each row means: known, new, told already, or to be decided on."""
        found, known = Resolved(), known_firms(self.buyer, self.decisions)
        told: dict[int, dict[str, tuple[Any, int]]] = {}
        placed: dict[tuple[int, str], Supplied] = {}
        for number, cells in file.rows:
            given = {column.column_name: cell for cell, column in padded(cells, places) if column is not None}
            row = self.called_in(given)
            if row is None or not self.is_readable(given):
                continue
            thing, doubtful = known.find(row)
            if doubtful:
                found.questions += [question_of(number, row, *one) for one in doubtful[:1]]
                continue
            thing = thing or InFile(number)
            known.add(row, thing)
            who = id(thing) if isinstance(thing, InFile) else -thing.pk
            values = self.told_in(given)
            role, node = str(values.get("role") or ""), values.get("node")
            at = f"{role}:{node.code if node else ''}"
            of_firm = told.setdefault(who, {})
            news = {name: value for name, value in values.items() if name not in ("role", "node")}
            keyed = {name if name.startswith("listed__") else f"{at}:{name}": value for name, value in news.items()}
            keyed[at] = True
            other = next((name for name in keyed if name in of_firm and of_firm[name][0] != keyed[name]), None)
            if other is not None:
                column = self.column_called(other.rpartition(":")[2])
                found.otherwise.append((number, str(column.label), str(keyed[other]), of_firm[other][1]))
                continue
            fresh = {name for name in keyed if name not in of_firm}
            is_loose = not node and (not role or any(name.startswith(f"{role}:") for name in of_firm))
            if of_firm and (not fresh or (fresh == {at} and is_loose)):
                found.doubles.append(Double(number, row.name, min(first for _value, first in of_firm.values())))
                continue
            of_firm.update({name: (value, number) for name, value in keyed.items() if name in fresh})
            self.locate(placed, (who, role or SupplyRole.SUPPLIER), number, row.name, values)
        found.unknown = [(number, one.name, one.place) for number, one in self.unread(placed)]
        found.firms = len({key[0] for key in placed})
        counts = Counter((place_of(one), one.role) for one in placed.values())
        found.by_place = [
            (place, counts[place, SupplyRole.SUPPLIER], counts[place, SupplyRole.DISTRIBUTOR]) for place in PLACES
        ]
        return found

    def locate(
        self,
        placed: dict[tuple[int, str], Supplied],
        key: tuple[int, str],
        number: int,
        name: str,
        values: Mapping[str, Any],
    ) -> None:
        """Remember where the firm of a row lies; a later row may tell what an earlier one does not."""
        place = str(values.get("listed__place") or "")
        region = region_in(place, self.regions) if place else None
        before = placed.get(key)
        if before is not None and (before.place or not place):
            return
        placed[key] = Supplied(
            who=("row", before.who[1] if before else number), firm=None, role=key[1], tier=1, node=None, share=None,
            evidence="", region=region.code if region else "", place=place, name=name,
        )  # fmt: skip

    def unread(self, placed: Mapping[tuple[int, str], Supplied]) -> Iterator[tuple[int, Supplied]]:
        """Firms whose place could not be read, by the row that names them first."""
        for one in sorted(placed.values(), key=lambda one: one.who[1]):
            if not one.region:
                yield one.who[1], one

    def told_in(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a row tells beside whom it means, by attribute; empty cells tell nothing."""
        named = {column.attribute: self.cleaned(name, given) for name, column in self.fields.items()}
        for name in ("listed__external_key", "listed__name"):
            named.pop(name)
        return {name: value for name, value in named.items() if value not in (None, "")}

    def column_called(self, attribute: str) -> Column:
        """The column of an attribute."""
        found: Column = next(column for column in self.fields.values() if column.attribute == attribute)
        return found

    def called_in(self, given: Mapping[str, Any]) -> Called | None:
        """What a row of the file calls its firm; None where a cell of it cannot be read, which is told apart."""
        name, number, code = (self.cleaned(one, given) for one in ("name", "external_key", "uscc"))
        return Called(name, number, code) if name and number is not None and code is not None else None

    def is_readable(self, given: Mapping[str, Any]) -> bool:
        """Whether every cell of a row can be read; one that has an error is no row that another one doubles."""
        filled = [name for name, column in self.fields.items() if given.get(column.column_name, "") != ""]
        return all(self.cleaned(name, given) is not None for name in filled)

    def cleaned(self, name: str, given: Mapping[str, Any]) -> Any:
        """The value of a cell by the name of its column; None where it cannot be read or there is none."""
        column = self.fields[name]
        try:
            return column.clean({column.column_name: given.get(column.column_name, "")}, user=self.actor)
        except ValueError:
            return None

    def run(self, rows: Any, places: Any, outcome: Outcome, *, is_rehearsal: bool) -> None:
        """Put ``rows`` through the services; what is known begins anew, since a rehearsal was taken back."""
        self.known = known_firms(self.buyer, self.decisions)
        super().run(rows, places, outcome, is_rehearsal=is_rehearsal)

    def relation_of(self, row: Mapping[str, Any]) -> SupplyRelation | None:
        """What is kept of the firm and node that a row names; None for what is new. Without a role any will do."""
        listed = self.listed_of(row)
        if listed is None:
            return None
        role, node = self.cleaned("role", row), self.cleaned("node", row)
        rows = [one for one in listed.relations.all() if not role or one.role == role]
        exact = [one for one in rows if one.node_id == (node.pk if node else None)]
        running = [one for one in rows if one.ended_on is None]
        loose = running if node is None else [one for one in running if one.node_id is None]
        relation: SupplyRelation | None = next(iter([*exact, *loose, *([] if node else rows)]), None)
        if relation is not None:
            relation.listed = listed
        return relation

    def listed_of(self, row: Mapping[str, Any]) -> ListedFirm | None:
        """The firm of the list that a row means."""
        name = self.called_in(row)
        return self.known.find(name)[0] if name is not None else None

    def init_instance(self, row: Any = None) -> Any:
        """What a row says that the list does not: of a listed firm, in the role that it has, or of a new one."""
        listed = self.listed_of(row) or ListedFirm(buyer=self.buyer)
        roles = [one.role for one in listed.relations.all()] if listed.pk else []
        role = next(iter(roles), SupplyRole.SUPPLIER)
        return SupplyRelation(buyer=self.buyer, listed=listed, role=role, evidence=Evidence.IMPORTED)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Set the values of the file. A number stays as it was first written, and only by its number a firm gets
        another name: a row that was decided to be the same firm does not rename it.
        """
        listed = instance.listed
        before = (listed.external_key, listed.name)
        super().import_instance(instance, row, **kwargs)
        if listed.pk is None:
            return
        number, name = before
        is_by_number = bool(number) and normalise_code(number) == normalise_code(listed.external_key)
        listed.external_key = number or listed.external_key
        listed.name = listed.name if is_by_number or folded(listed.name) == folded(name) else name

    def write(self, row: Any, values: dict[str, Any], *, is_new: bool) -> None:
        """Put the firm on the list, or say more of it, and remember it for the rows below."""
        told = {name.removeprefix("listed__"): value for name, value in values.items()}
        listed = row.listed if row.listed.pk else None
        try:
            made = list_supplier(
                buyer=self.buyer,
                actor=self.actor,
                values=told,
                listed=listed,
                evidence=Evidence.IMPORTED,
                regions=self.regions,
            )
        except Invalid as error:
            raise Invalid(
                {f"listed__{name}" if name in OF_FIRM else name: reason for name, reason in error.fields.items()},
                {f"listed__{name}" if name in OF_FIRM else name: facts for name, facts in error.facts.items()},
            ) from error
        assert made.listed is not None
        self.known.add(Called(made.listed.name, made.listed.external_key, made.listed.uscc), made.listed)


def question_of(number: int, row: Called, other: Called, thing: Any) -> Question:
    """What has to be decided of a row and what it may be."""
    return Question(
        row=number,
        name=row.name,
        told=told_of(row),
        other_name=other.name,
        other_told=told_of(other),
        other_row=thing.row if isinstance(thing, InFile) else None,
        mark=row.marks[0],
        other=other.marks[0],
    )


def told_of(name: Called) -> str:
    """Number and code of a firm, as far as they are told."""
    return " · ".join(part for part in (name.external_key, name.uscc) if part)
