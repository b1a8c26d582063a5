"""Partnerships as a table, to be taken away: states and numbers, no contact, no note, no price; lines of a package as
a table, brought in and taken away.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from import_export.instance_loaders import BaseInstanceLoader

from accounts.imports.columns import Amounts, Choices, Column, Days, Texts
from accounts.imports.reading import LONGEST_CELL, Sheetful, Unfit, read_file, refused
from accounts.imports.sheets import Exchange, Outcome, Sheet
from accounts.models import User
from common.errors import Invalid
from common.values import normalise_code, normalise_text
from matchmaking.partnerships.choices import Side, State
from matchmaking.partnerships.models import Partnership, Rfq
from matchmaking.partnerships.queries.packages import MOST_LINES, Offer, PackageLine, lines_of
from matchmaking.partnerships.services.packages import add_line, check_line, usual_line
from matchmaking.postings.choices import Direction, Period, Subject
from matchmaking.postings.models import Posting
from reference.models import Region, Unit
from reference.queries.measures import unit_from_text
from reference.queries.nodes import node_by_code
from reference.queries.picker import matches_named, nodes_matching
from reference.queries.regions import regions_in_use

OFFERED = 3
"""Nodes that are offered in the place of one that is not known."""
CALLED = {"quantity": "quantity_amount"}
"""What a service calls a field, and the column that it stands in."""


class PartnershipSheet(Sheet):
    """What joins which postings, and where it stands."""

    key = Column("key", _("key"))
    need = Column("need__number", _("need"))
    capacity = Column("capacity__number", _("capacity"))
    state = Column("state", _("state"), Choices(State.choices))
    opened_by = Column("opened_by", _("opened by"), Choices(Side.choices))
    answer_by = Column("answer_by", _("answer by"), Days())
    end_reason = Column("end_reason", _("why it ended"))
    created_at = Column("created_at", _("made at"))
    changed_at = Column("changed_at", _("changed at"))

    class Meta(Exchange):
        model = Partnership


class Meant(Texts):
    """Another row, by any name that ``find`` knows it by; each text of a file is looked up once."""

    def __init__(self, find: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.find = find
        self.known: dict[str, Any] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The row, None for an empty cell. Raises Unfit."""
        text = normalise_text(str(value))
        if text not in self.known:
            self.known[text] = self.find(text) if text else None
        return self.known[text]


def meant_node(text: str) -> Any:
    """The chain node with this code or name. Raises Unfit, naming those that come near."""
    code = matches_named([normalise_code(text)])
    found = code or [match for match in nodes_matching(text) if match.is_exact]
    if len(found) == 1:
        return node_by_code(found[0].code)
    near = (found or nodes_matching(text))[:OFFERED]
    offered = "; ".join(f"{match.name} ({match.code})" for match in near)
    way_out = gettext("Write the code of one of these: {nodes}").format(nodes=offered) if near else ""
    told = gettext("Several chain nodes have this name.") if found else gettext("No chain node with this name or code.")
    raise Unfit(told, way_out or gettext("Look it up in the chain maps and write its name or code."))


def meant_unit(text: str) -> Unit:
    """The unit with this code or name. Raises Unfit."""
    unit = unit_from_text(text)
    if unit is None:
        raise Unfit(gettext("No unit with this name is known."), gettext("Write a unit such as pcs, t or m²."))
    return unit


def meant_region(text: str) -> Region:
    """The region in use with this code or name. Raises Unfit where there is none, or several."""
    wanted = text.casefold()
    rows = regions_in_use(timezone.localdate())
    names = ("code", "name_zh", "name_en", "short_zh", "short_en")
    found = [row for row in rows if wanted in {str(getattr(row, name)).casefold() for name in names}]
    if len(found) == 1:
        return found[0]
    if found:
        codes = ", ".join(row.code for row in found)
        raise Unfit(
            gettext("Several regions have this name."), gettext("Write one of these codes: {codes}").format(codes=codes)
        )
    raise Unfit(
        gettext("No region with this name or code is in use."), gettext("Six digits of GB/T 2260, such as 510100.")
    )


class NewRows(BaseInstanceLoader):
    """Every row is a new line."""

    def get_instance(self, row: Mapping[str, Any]) -> Any:
        """None: nothing that is there already is meant."""
        return None


class LineSheet(Sheet):
    """Lines of a draft package, each a need of its own; a column that may be left empty may be missing."""

    external_key = Column(
        "external_key",
        _("own number"),
        is_code=True,
        way_out=_("May be left empty."),
        also=(
            pgettext_lazy("head of a column", "part number"),
            pgettext_lazy("head of a column", "item code"),
            pgettext_lazy("head of a column", "drawing number"),
        ),
    )
    title = Column(
        "title",
        _("title"),
        is_required=True,
        way_out=_("The product, the material and the state."),
        also=(
            pgettext_lazy("head of a column", "name"),
            pgettext_lazy("head of a column", "product"),
            pgettext_lazy("head of a column", "item"),
        ),
    )
    node = Column(
        "node",
        _("chain node"),
        Meant(meant_node),
        is_required=True,
        way_out=_("Its name or code in the chain maps."),
        also=(pgettext_lazy("head of a column", "node"),),
    )
    quantity_amount = Column(
        "quantity_amount",
        _("quantity"),
        Amounts(),
        is_required=True,
        way_out=_("Digits, such as 1200 or 0.5."),
        also=(pgettext_lazy("head of a column", "qty"),),
    )
    unit = Column(
        "unit",
        _("unit"),
        Meant(meant_unit),
        is_required=True,
        way_out=_("Such as pcs, t or m²."),
        also=(pgettext_lazy("head of a column", "unit"),),
    )
    period = Column("period", _("counted"), Choices(Period.choices), way_out=_("Once, where it is left empty."))
    region = Column(
        "region",
        _("region"),
        Meant(meant_region),
        way_out=_("Its name or code; that of your firm, where it is empty."),
        also=(pgettext_lazy("head of a column", "place of delivery"),),
    )
    subject = Column(
        "subject", _("category"), Choices(Subject.choices), way_out=_("What is usual for the node, where it is empty.")
    )
    text = Column(
        "text",
        _("description"),
        way_out=_("No telephone numbers or mail addresses."),
        also=(pgettext_lazy("head of a column", "remarks"),),
    )

    class Meta(Exchange):
        model = Posting
        import_id_fields = ("external_key",)
        instance_loader_class = NewRows

    def __init__(self, *, actor: User, rfq: Rfq) -> None:
        super().__init__(actor=actor)
        self.rfq = rfq
        self.put: Callable[..., object] = add_line

    def require_room(self, file: Sheetful) -> None:
        """Refuses (Invalid) more lines than a package takes."""
        held = lines_of(self.rfq).count()
        if held + len(file.rows) > MOST_LINES:
            told = gettext(
                "A package takes {limit} lines at most. It holds {held}, the file has {rows}: leave some out."
            )
            raise refused(told.format(limit=MOST_LINES, held=held, rows=len(file.rows)))

    def rehearse(self, file: Sheetful) -> Outcome:
        """What the file would do, checked and not written."""
        self.put = check_line
        try:
            return super().rehearse(file)
        finally:
            self.put = add_line

    def read(self, content: bytes, *, is_headless: bool = False) -> Sheetful:
        """The rows of a file, empty columns in the place of those that it may lack; where the head ``is_headless``,
        added by ``pasted``, rows count without it. Refuses (Invalid) what cannot be read.
        """
        file = read_file(content)
        names = {head.strip().casefold() for head in file.head}
        missing = [one for one in self.import_columns() if not one.is_required and not one.names() & names]
        rows = [(number - is_headless, cells) for number, cells in file.rows]
        return Sheetful([*file.head, *(str(one.label) for one in missing)], rows, file.sheet, file.unread)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Set the values of the file, and what is usual where it says nothing."""
        instance.direction = Direction.NEED
        try:
            super().import_instance(instance, row, **kwargs)
        finally:
            usual = usual_line(self.rfq, instance.node.code if instance.node else "")
            for name in usual:
                setattr(instance, name, getattr(instance, name) or usual[name])

    def write(self, row: Any, values: dict[str, Any], *, is_new: bool) -> None:
        """Make the need and its line, or find out what would stop them."""
        told = {name: values[name] for name in ("external_key", "title", "text", "period", "subject")}
        told |= {name: values[name].code for name in ("node", "unit", "region")}
        try:
            self.put(rfq=self.rfq, actor=self.actor, values={**told, "quantity": values["quantity_amount"]})
        except Invalid as error:
            facts = {CALLED.get(name, name): facts for name, facts in error.facts.items()}
            raise Invalid({CALLED.get(name, name): told for name, told in error.fields.items()}, facts) from error


def pasted(text: str) -> tuple[bytes, bool]:
    """Lines that were pasted from a spreadsheet as a file, and whether the head of ``LineSheet`` was put before them.

    Refuses (Invalid) a text that is too long.
    """
    if len(text) > LONGEST_CELL * MOST_LINES:
        raise refused(gettext("The text is longer than {limit} characters.").format(limit=LONGEST_CELL * MOST_LINES))
    lines = text.strip("\r\n")
    first = lines.split("\n", 1)[0]
    mark = max("\t,;", key=first.count)
    columns = LineSheet.base_columns()
    names = {name for column in columns for name in column.names()}
    is_headless = not names & {cell.strip().strip('"').casefold() for cell in first.split(mark)}
    head = f"{mark.join(column.column_name for column in columns)}\n" if is_headless else ""
    return f"{head}{lines}".encode(), is_headless


def comparison_head() -> list[str]:
    """The heads of ``comparison_rows`` in the reader's language."""
    heads = (
        _("line"), _("own number"), _("number"), _("title"), _("quantity"), _("unit"), _("state"), _("supplier"),
        _("price a unit"), _("currency"), _("quoted quantity"), _("in all"), _("tax included"), _("tax rate, %"),
        _("lead time, days"), _("minimum order"), _("tooling cost"), _("freight paid by"), _("place of delivery"),
        _("payment, days after delivery"), _("quote valid until"), _("note"), _("best price"), _("awarded"),
    )  # fmt: skip
    return [str(head) for head in heads]


def comparison_rows(lines: Sequence[PackageLine]) -> list[list[Any]]:
    """Each quote that can be read as a row, and a row for each line without one; amounts in the need's unit."""
    return [
        [*_line_cells(line), *(_offer_cells(offer) if offer else [])]
        for line in lines
        for offer in (line.offers or (None,))
    ]


def _line_cells(line: PackageLine) -> list[Any]:
    need = line.need
    unit = need.unit.name if need.unit else ""
    told = [need.external_key, need.number, need.title, need.quantity_amount, unit, str(line.state.label)]
    return [line.line.position, *told]


def _offer_cells(offer: Offer) -> list[Any]:
    quote = offer.quote
    return [
        offer.supplier.name,
        offer.price,
        quote.currency,
        offer.amount,
        quote.total,
        gettext("yes") if quote.is_tax_included else gettext("no"),
        quote.tax_rate,
        quote.lead_time_days,
        quote.minimum_order_amount,
        quote.tooling_cost,
        quote.get_freight_payer_display(),
        quote.delivery_place,
        quote.payment_days,
        quote.valid_until,
        quote.note,
        gettext("yes") if offer.is_best else "",
        offer.awarded,
    ]
