"""Spreadsheets and CSV files turned into rows of cells, within limits that keep the server well."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from common.errors import Invalid

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 12 * 1024 * 1024
MOST_MEMBERS = 200
MOST_ROWS = 5_000
MOST_COLUMNS = 60
LONGEST_CELL = 4_000
LARGEST_EXACT = 10**15
"""From here on spreadsheets round whole numbers, so that a code kept as a number has lost its last digits."""
SEPARATORS = ",;\uff1b"
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
EXPONENT = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets take for the start of a formula, full-width forms included."""
ZIP_MARK = b"PK\x03\x04"


class Unfit(ValueError):
    """A cell that cannot be taken: why, and what its author can do."""

    def __init__(self, reason: str, way_out: str = "") -> None:
        super().__init__(reason)
        self.reason, self.way_out = reason, way_out


class Formula(str):
    """The text of a cell that holds a formula; its result is somebody's guess and never read."""


@dataclass(frozen=True)
class Sheetful:
    """The cells of a file: its head, and its rows that are not blank, each with its number as Excel counts.

    ``sheet`` is the name of the sheet that was read, ``unread`` are those beside it; a text has none.
    """

    head: list[str]
    rows: list[tuple[int, list[Any]]]
    sheet: str = ""
    unread: tuple[str, ...] = ()


def refused(text: str) -> Invalid:
    """A file that cannot be taken, told at its field."""
    return Invalid({"file": text})


def read_file(content: bytes) -> Sheetful:
    """The rows of an .xlsx or CSV file. Refuses (Invalid) what is too large, cannot be read or holds no rows."""
    if len(content) > MOST_BYTES:
        raise refused(_("The file is larger than {limit} MB. Split it.").format(limit=MOST_BYTES // 1024**2))
    is_workbook = content.startswith(ZIP_MARK)
    records, sheets = records_of_workbook(content) if is_workbook else (records_of_text(content), [""])
    rows = [(number, cells) for number, cells in enumerate(records, 1) if any(cell != "" for cell in cells)]
    if len(rows) < 2:
        raise refused(_("The file holds no rows below its head."))
    (head_row, head), *body = rows
    if head_row != 1:
        raise refused(_("The first row must hold the names of the columns."))
    if len(body) > MOST_ROWS:
        raise refused(_("The file holds more than {limit} rows. Split it.").format(limit=MOST_ROWS))
    if max(len(cells) for _number, cells in rows) > MOST_COLUMNS:
        raise refused(_("The file has more than {limit} columns.").format(limit=MOST_COLUMNS))
    return Sheetful([str(cell).strip() for cell in head], body, sheets[0], tuple(sheets[1:]))


def records_of_text(content: bytes) -> list[list[Any]]:
    """Records of a CSV text, separated by commas, semicolons or tabs; a blank line is a record too, as in Excel."""
    text = decoded(content)
    separator = separator_of(text.split("\n", 1)[0])
    try:
        records: list[list[Any]] = []
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            records.append([cell_of_text(cell) for cell in cells])
            if len(records) > 2 * MOST_ROWS:
                raise refused(_("The file holds more than {limit} rows. Split it.").format(limit=MOST_ROWS))
    except csv.Error as error:
        told = _("The file is no CSV table from row {row} on. Save it again as .xlsx or CSV.")
        raise refused(told.format(row=len(records) + 1)) from error
    return records


def separator_of(row: str) -> str:
    """What separates the cells of the first ``row``: tabs where there are any, as in what a spreadsheet copies."""
    return "\t" if "\t" in row else max(SEPARATORS, key=row.count)


def cell_of_text(cell: str) -> str:
    """A cell of a CSV file as its author meant it: the mark that our own export put before a formula's sign is gone."""
    cell = cell.strip(" \r\n")
    if cell.startswith("="):
        return Formula(cell)
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(BEGINS_A_FORMULA) else cell


def decoded(content: bytes) -> str:
    """The text of a file: byte order marks first, then strict UTF-8, then GB18030, which Chinese Excel writes."""
    marked = next((encoding for mark, encoding in MARKS if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refused(_("This is neither an .xlsx workbook nor a CSV text in UTF-8 or GB18030."))


def records_of_workbook(content: bytes) -> tuple[list[list[Any]], list[str]]:
    """Records of the first sheet of a workbook that is not larger than it says, and the names of all its sheets."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as members:
            infos = members.infolist()
        if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_UNPACKED:
            raise refused(_("The workbook is too large once unpacked. Split it."))
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        records: list[list[Any]] = []
        for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1):
            records.append([cell_of_workbook(cell) for cell in row])
            if len(records) > 2 * MOST_ROWS:
                raise refused(_("The file holds more than {limit} rows. Split it.").format(limit=MOST_ROWS))
    except Invalid:
        raise
    except Exception as error:  # the library raises whatever its parsers do on a broken workbook
        raise refused(_("The workbook cannot be read. Save it again as .xlsx.")) from error
    return [trimmed(cells) for cells in records], [str(one.title) for one in workbook.worksheets]


def trimmed(cells: list[Any]) -> list[Any]:
    """``cells`` without the blank ones at the end."""
    while cells and cells[-1] == "":
        cells = cells[:-1]
    return cells


def cell_of_workbook(cell: Any) -> Any:
    """The value of a workbook's cell: text and numbers as they are, days as text, a formula as such."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Formula(value)
    if cell.data_type == "e":
        return Formula(f"={value}")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return value
    return str(value).strip()


def text_of_cell(cell: Any, *, is_code: bool) -> str:
    """A cell as text. Raises Unfit for a formula, a text too long and a code that was lost."""
    if isinstance(cell, Formula):
        raise Unfit(_("This cell holds a formula."), _("Put the value itself into the cell."))
    if is_code and has_lost_digits(cell):
        told = _("The spreadsheet turned this code into a number and lost digits.")
        raise Unfit(told, _("Format the column as text and type the code again."))
    if isinstance(cell, int | float):
        return str(int(cell)) if cell == int(cell) else f"{Decimal(repr(cell)):f}"
    text = str(cell)
    if len(text) > LONGEST_CELL:
        raise Unfit(_("The text is longer than {limit} characters.").format(limit=LONGEST_CELL), _("Shorten it."))
    return text


def has_lost_digits(cell: Any) -> bool:
    """Whether a code went through a spreadsheet's numbers: an exponent, a fraction, or more digits than it keeps."""
    if isinstance(cell, int | float):
        return abs(cell) >= LARGEST_EXACT or cell != int(cell)
    return bool(EXPONENT.fullmatch(str(cell)))
