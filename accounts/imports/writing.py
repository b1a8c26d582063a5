"""Rows written to files that spreadsheets open as they are: text stays text, nothing computes."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from accounts.imports.reading import BEGINS_A_FORMULA

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
"""Kinds of file that are written, with their media types."""
TEXT_FORMAT = "@"


def harmless(value: Any) -> Any:
    """``value`` as a CSV cell: text that a spreadsheet would compute stands behind an apostrophe."""
    if isinstance(value, str) and value.lstrip("'").startswith(BEGINS_A_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV text in UTF-8 with its mark, by which Chinese Excel knows it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([harmless(name) for name in head])
    writer.writerows([harmless(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook with one sheet; numbers and days are cells of their kind, everything else is typed as text."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([text_cell(sheet, name) for name in head])
    for row in rows:
        sheet.append([value if is_plain(value) else text_cell(sheet, value) for value in row])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def is_plain(value: Any) -> bool:
    """Whether a workbook keeps ``value`` as what it is: a number short enough, a day, nothing."""
    return value is None or (isinstance(value, int | float | Decimal | date) and not isinstance(value, bool | datetime))


def text_cell(sheet: Any, value: Any) -> WriteOnlyCell:
    """A cell that is text and stays it, when it is edited too."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    cell.data_type, cell.number_format = "s", TEXT_FORMAT
    return cell


def as_file(kind: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The rows as a file of one of ``KINDS``."""
    return as_workbook(head, rows) if kind == "xlsx" else as_csv(head, rows)
