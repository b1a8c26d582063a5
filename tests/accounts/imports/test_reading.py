"""The reader of files alone: marks and encodings, codes that a spreadsheet broke, formulas, blank rows, limits."""

import io
import zipfile
from datetime import date, datetime

import pytest
from django.utils import translation
from openpyxl import Workbook

from accounts.imports import reading
from accounts.imports.reading import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Formula,
    Unfit,
    read_file,
    text_of_cell,
)
from accounts.imports.writing import as_csv, as_workbook
from common.errors import Invalid

TABLE = "代码,名称\n510100,成都示例厂\n500116,江津示例厂\n"
ROWS = [(2, ["510100", "成都示例厂"]), (3, ["500116", "江津示例厂"])]


def workbook_of(*rows, head=("代码", "名称")):
    book = Workbook()
    for row in (head, *rows):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def told(content):
    with pytest.raises(Invalid) as problem, translation.override("en"):
        read_file(content)
    assert list(problem.value.fields) == ["file"]
    return str(problem.value.fields["file"])


def unfit(cell, *, is_code=False):
    with pytest.raises(Unfit) as problem, translation.override("en"):
        text_of_cell(cell, is_code=is_code)
    assert problem.value.way_out
    return problem.value.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_chinese_text_is_read_in_every_encoding_that_spreadsheets_write(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

    file = read_file(mark + TABLE.encode(encoding))

    assert (file.head, file.rows) == (["代码", "名称"], ROWS)


def test_rare_characters_that_only_gb18030_writes_in_four_bytes_are_kept():
    file = read_file("名称\n㐀𠀀示例厂\n".encode("gb18030"))

    assert file.rows == [(2, ["㐀𠀀示例厂"])]


def test_a_mark_decides_before_anything_is_guessed():
    assert "neither" in told(b"\xef\xbb\xbf" + TABLE.encode("gb18030"))


@pytest.mark.parametrize("content", [b"\xff\xff\xff\xff\x80", "名\0称\n1\n".encode()], ids=["no encoding", "zero sign"])
def test_bytes_that_are_no_text_are_refused(content):
    assert "neither an .xlsx workbook nor a CSV text" in told(content)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_separator_and_the_line_ends_are_those_of_the_file(separator, end):
    file = read_file(TABLE.replace(",", separator).replace("\n", end).encode())

    assert (file.head, file.rows) == (["代码", "名称"], ROWS)


def test_cells_in_quotes_keep_separators_line_ends_and_quotes():
    file = read_file('代码,名称\n510100,"甲,乙\n""丙"""\n500116,丁\n'.encode())

    assert file.rows == [(2, ["510100", '甲,乙\n"丙"']), (3, ["500116", "丁"])]


def test_a_workbook_is_read_with_numbers_days_and_truths_as_they_mean():
    file = read_file(workbook_of([510100, datetime(2026, 1, 31)], [0.5, True], [date(2026, 2, 1), " 示例 "]))

    assert file.rows == [(2, [510100, "2026-01-31"]), (3, [0.5, "yes"]), (4, ["2026-02-01", "示例"])]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_blank_rows_are_left_out_and_the_others_numbered_as_excel_counts(kind):
    rows = [["510100", "甲"], ["", ""], [None, None], ["500116", "乙"], ["", "  "]]
    text = "代码,名称\n510100,甲\n,\n\n500116,乙\n,  \n"

    file = read_file(text.encode() if kind == "csv" else workbook_of(*rows))

    assert file.rows == [(2, ["510100", "甲"]), (5, ["500116", "乙"])]


def test_a_workbook_with_a_size_that_lies_is_read_to_its_end():
    content = io.BytesIO()
    made = io.BytesIO(workbook_of(["510100", "甲"], ["500116", "乙"]))
    with zipfile.ZipFile(made) as book, zipfile.ZipFile(content, "w") as changed:
        for name in book.namelist():
            changed.writestr(name, book.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:A1"'))

    assert len(read_file(content.getvalue()).rows) == 2


def test_nothing_that_was_written_is_lost_on_the_way_back():
    head = ["代码", "名称", "说明"]
    rows = [["0012", "=1+1", "甲\n乙"], ["510100", "-5", "'@x"], ["9" * 18, "＝1", '说,"明"']]

    for content in (as_csv(head, rows), as_workbook(head, rows)):
        file = read_file(content)
        cells = [[text_of_cell(cell, is_code=False) for cell in row] for _number, row in file.rows]
        assert (file.head, cells) == (head, rows)


@pytest.mark.parametrize(
    "cell", ["9.15E+17", "9.15e17", "-1,5E+3", 9.15e17, 915000000000000000, 510100.5, 10**15], ids=str
)
def test_a_code_that_became_a_number_with_lost_digits_is_refused(cell):
    assert "lost digits" in unfit(cell, is_code=True)


@pytest.mark.parametrize(
    ("cell", "text"), [("0012", "0012"), (510100, "510100"), (510100.0, "510100"), ("91E0A", "91E0A"), ("1E", "1E")]
)
def test_a_code_that_is_whole_is_taken_as_it_is(cell, text):
    assert text_of_cell(cell, is_code=True) == text


@pytest.mark.parametrize(("cell", "text"), [(0.1, "0.1"), (1e-7, "0.0000001"), (1200, "1200"), ("1E+3", "1E+3")])
def test_an_amount_is_told_in_digits(cell, text):
    assert text_of_cell(cell, is_code=False) == text


def test_formulas_and_what_came_of_them_are_refused_cell_by_cell():
    book, text = workbook_of(["510100", "=1+1"], ["500116", "#REF!"]), "代码,名称\n510100,=1+1\n500116,乙\n".encode()
    cells = [row[1] for content in (book, text) for _number, row in read_file(content).rows]

    assert [isinstance(cell, Formula) for cell in cells] == [True, True, True, False]
    assert "formula" in unfit(cells[0])
    assert "formula" in unfit(cells[2], is_code=True)


def test_a_cell_that_is_too_long_is_refused():
    assert str(LONGEST_CELL) in unfit("长" * (LONGEST_CELL + 1))
    assert text_of_cell("长" * LONGEST_CELL, is_code=False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x" * (MOST_BYTES + 1), "larger than 2 MB"),
        (b"", "no rows below its head"),
        ("代码,名称\n,\n".encode(), "no rows below its head"),
        ("\n代码,名称\n510100,甲\n".encode(), "first row must hold"),
        (("代码\n" + "1\n" * (MOST_ROWS + 1)).encode(), f"more than {MOST_ROWS} rows"),
        (("代码\n" + "\n" * 2 * MOST_ROWS + "1\n").encode(), f"more than {MOST_ROWS} rows"),
        ((",".join("x" * (MOST_COLUMNS + 1)) + "\n1\n").encode(), f"more than {MOST_COLUMNS} columns"),
        ('代码,名称\n510100,"甲"乙\n'.encode(), "no CSV table from row 2"),
        (b"PK\x03\x04nothing", "workbook cannot be read"),
    ],
    ids=["large", "empty", "head alone", "head below", "rows", "blank rows", "columns", "quotes", "broken workbook"],
)
def test_a_file_that_cannot_be_taken_says_why(content, words):
    assert words in told(content)


@pytest.mark.parametrize("limit", ["MOST_UNPACKED", "MOST_MEMBERS"])
def test_a_workbook_that_is_larger_than_it_looks_is_refused_before_it_is_unpacked(limit, monkeypatch):
    monkeypatch.setattr(reading, limit, 3)
    monkeypatch.setattr(reading, "load_workbook", lambda *args, **kwargs: pytest.fail("it was unpacked"))

    assert "too large once unpacked" in told(workbook_of(["510100", "甲"]))


def test_a_workbook_with_too_many_rows_is_refused():
    assert f"more than {MOST_ROWS} rows" in told(workbook_of(*(["1", "甲"] for _row in range(MOST_ROWS + 1))))
