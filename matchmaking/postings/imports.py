"""Postings as a table, to be taken away: no price, and nothing that its owner keeps to itself; and how the columns of a
need are read that people keep in spreadsheets of their own.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.imports.columns import Amounts, Choices, Column, Days, Named, Texts
from accounts.imports.pasting import with_head
from accounts.imports.reading import LONGEST_CELL, Unfit, read_file, refused
from accounts.imports.sheets import Exchange, Problem, Sheet, padded
from common.values import normalise_code, normalise_text, plain_amount
from matchmaking.postings.choices import Direction, Period, Status, Subject
from matchmaking.postings.models import Posting
from reference.models import ChainNode, Region, Unit
from reference.queries.measures import unit_from_text
from reference.queries.nodes import node_by_code
from reference.queries.picker import matches_named, nodes_matching
from reference.queries.regions import regions_in_use

OFFERED = 3
"""Nodes that are offered in the place of one that is not known."""
PERIOD_WORDS = {
    Period.ONCE: ("once", "\u4e00\u6b21\u6027", "\u4e00\u6b21", "\u6b21"),
    Period.MONTH: ("month", "monthly", "mo", "\u6708", "\u4e2a\u6708"),
    Period.YEAR: ("year", "yearly", "yr", "a", "\u5e74"),
}
"""How people write what a quantity is counted over, in small letters, without what joins it to a unit."""
AMOUNT_FIRST = re.compile(
    r"([+-]?\d[\d.,\s]*(?:[\u4e07\u4ebf]|\u5343(?![\u514b\u74e6\u7c73])|k(?![a-zA-Z]))?)\s*(\D.*)?$"
)
"""A number with what multiplies it, and the unit behind it; thousands and kilo- are one sign in Chinese."""
COUNTED = re.compile(r"(.*?)\s*(?:/|\uff0f|\bper\b|\u6bcf)\s*(.+)")
"""A unit, if any, and the period behind it."""


class PostingSheet(Sheet):
    """Needs and capacities."""

    number = Column("number", _("number"))
    direction = Column("direction", _("direction"), Choices(Direction.choices))
    subject = Column("subject", _("subject"), Choices(Subject.choices))
    title = Column("title", _("title"))
    status = Column("status", _("status"), Choices(Status.choices))
    enterprise = Column("enterprise__name", _("enterprise"))
    node = Column("node", _("node"), Named(lambda actor: ChainNode.objects.all()))
    region = Column("region", _("region"), Named(lambda actor: Region.objects.all()))
    quantity_amount = Column("quantity_amount", _("quantity"), Amounts())
    unit = Column("unit", _("unit"), Named(lambda actor: Unit.objects.all()))
    window_start = Column("window_start", _("first day"), Days())
    window_end = Column("window_end", _("last day"), Days())
    created_at = Column("created_at", _("made at"))
    changed_at = Column("changed_at", _("changed at"))

    class Meta(Exchange):
        model = Posting


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


class Periods(Choices):
    """What a quantity is counted over, by its label or as people write it behind a unit."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The code. Raises Unfit, naming what there is to choose."""
        return period_named(str(value)) or super().clean(value, row, **kwargs)


def period_named(text: str) -> str:
    """The period that ``text`` means in either language, such as month or per month; empty for none."""
    word = normalise_text(text).casefold().removeprefix("per ").lstrip("/\u6bcf").strip()
    return next((str(period) for period, words in PERIOD_WORDS.items() if word in words), "")


TITLE = Column(
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
NODE = Column(
    "node",
    _("chain node"),
    Meant(meant_node),
    is_required=True,
    way_out=_("Its name or code in the chain maps."),
    also=(pgettext_lazy("head of a column", "node"),),
)
QUANTITY = Column(
    "quantity_amount",
    _("quantity"),
    Amounts(),
    is_required=True,
    way_out=_("Digits, such as 1200 or 0.5."),
    also=(pgettext_lazy("head of a column", "qty"),),
)
UNIT = Column(
    "unit",
    _("unit"),
    Meant(meant_unit),
    is_required=True,
    way_out=_("Such as pcs, t or m²."),
    also=(pgettext_lazy("head of a column", "unit"),),
)
PERIOD = Column("period", _("counted"), Periods(Period.choices), way_out=_("Once, where it is left empty."))
FIRST_DAY = Column(
    "window_start",
    _("first day"),
    Days(),
    also=(pgettext_lazy("head of a column", "from"), pgettext_lazy("head of a column", "start")),
)
LAST_DAY = Column(
    "window_end",
    _("last day"),
    Days(),
    also=(
        pgettext_lazy("head of a column", "until"),
        pgettext_lazy("head of a column", "end"),
        pgettext_lazy("head of a column", "delivery date"),
    ),
)
REGION = Column(
    "region",
    _("region"),
    Meant(meant_region),
    way_out=_("Its name or code; that of your firm, where it is empty."),
    also=(pgettext_lazy("head of a column", "place of delivery"),),
)
SUBJECT = Column(
    "subject", _("category"), Choices(Subject.choices), way_out=_("What is usual for the node, where it is empty.")
)
TEXT = Column(
    "text",
    _("description"),
    way_out=_("No telephone numbers or mail addresses."),
    also=(pgettext_lazy("head of a column", "remarks"),),
)


@dataclass(frozen=True)
class Filled:
    """What a pasted row says, by the names of the posting's form; what could not be read, and heads that are none."""

    values: dict[str, str]
    problems: list[Problem]
    ignored: list[str]


class RowSheet(Sheet):
    """One row of somebody's own spreadsheet, to fill in the form of a posting; every column may be missing."""

    title, node, quantity_amount, unit, period = TITLE, NODE, QUANTITY, UNIT, PERIOD
    window_start, window_end = FIRST_DAY, LAST_DAY
    region, subject, text = REGION, SUBJECT, TEXT

    class Meta(Exchange):
        model = Posting

    def filled(self, pasted: str) -> Filled:
        """What the one row of ``pasted`` says. Refuses (Invalid) more rows than one, and what is no row."""
        if not pasted.strip():
            raise refused(gettext("Paste a row first."))
        if len(pasted) > LONGEST_CELL:
            raise refused(gettext("The text is longer than {limit} characters.").format(limit=LONGEST_CELL))
        file = read_file(with_head(pasted, self.columns())[0])
        if len(file.rows) > 1:
            told = gettext("These are {count} rows. Paste one; several become the lines of a package.")
            raise refused(told.format(count=len(file.rows)))
        places, ignored = self.placed(file.head)
        number, cells = file.rows[0]
        given = [(column, cell) for cell, column in padded(cells, places) if column is not None and cell != ""]
        cells_of = {column.attribute: cell for column, cell in given}
        apart(cells_of)
        values: dict[str, str] = {}
        problems: list[Problem] = []
        for column in self.columns():
            name = column.attribute
            if name not in cells_of:
                continue
            try:
                values |= written(name, column.clean({column.column_name: cells_of[name]}, user=self.actor))
            except Unfit as error:
                shown = str(cells_of[name])[:LONGEST_CELL]
                way_out = error.way_out or str(column.way_out)
                problems.append(Problem(number, str(column.label), shown, error.reason, way_out))
                values |= {AS_TYPED[name]: shown} if name in AS_TYPED else {}
        return Filled(values, problems, [head for head in ignored if head])


AS_TYPED = {
    "node": "node_words",
    "quantity_amount": "quantity",
    "window_start": "window_start",
    "window_end": "window_end",
}
"""Columns whose text stands in the form's field even when it cannot be read."""


def apart(cells: dict[str, Any]) -> None:
    """Move what stands in the cell of another column to its own: an amount may bring its unit, a unit its period."""
    found = AMOUNT_FIRST.match(unicodedata.normalize("NFKC", str(cells.get("quantity_amount", ""))))
    if found and found[2]:
        cells["quantity_amount"] = found[1]
        cells.setdefault("unit", found[2])
    unit = str(cells.get("unit", ""))
    if unit and unit_from_text(unit) is None:
        counted = COUNTED.fullmatch(unit)
        if counted and period_named(counted[2]):
            cells["unit"] = counted[1]
            cells.setdefault("period", counted[2])
            if not counted[1]:
                del cells["unit"]


def written(name: str, value: Any) -> dict[str, str]:
    """The fields of the form that a value fills in."""
    if name == "node":
        return {"node": value.code, "node_words": value.name}
    if name in ("unit", "region"):
        return {name: value.code}
    if name == "quantity_amount":
        return {"quantity": plain_amount(value)}
    return {name: str(value)}
