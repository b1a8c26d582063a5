"""Partnerships as a table, to be taken away: states and numbers, no contact, no note, no price; lines of a package as
a table, brought in and taken away.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from import_export.instance_loaders import BaseInstanceLoader

from accounts.imports.columns import Choices, Column, Days
from accounts.imports.pasting import with_head
from accounts.imports.reading import LONGEST_CELL, Sheetful, read_file, refused
from accounts.imports.sheets import Exchange, Outcome, Sheet
from accounts.models import User
from common.errors import Invalid
from matchmaking.partnerships.choices import Side, State
from matchmaking.partnerships.models import Partnership, Rfq
from matchmaking.partnerships.queries.packages import MOST_LINES, Offer, PackageLine, lines_of
from matchmaking.partnerships.services.packages import add_line, check_line, usual_line
from matchmaking.postings.choices import Direction
from matchmaking.postings.imports import NODE, PERIOD, QUANTITY, REGION, SUBJECT, TEXT, TITLE, UNIT
from matchmaking.postings.models import Posting

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
    title, node, quantity_amount, unit, period = TITLE, NODE, QUANTITY, UNIT, PERIOD
    region, subject, text = REGION, SUBJECT, TEXT

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
    return with_head(text, LineSheet.base_columns())


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
