"""The funnel as a brief in DOCX, to be written on: chart, figures, room for remarks, what each figure means."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from common.values import normalise_text
from matchmaking.insights.queries.funnel import Funnel
from web.charts.drawing import Figure
from web.charts.files import as_png
from web.papers.funnel_figures import DEFINITIONS
from web.templatetags.formats import written_amount, written_moment

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
A4_WIDTH, A4_HEIGHT, MARGIN, CHART_WIDTH = Mm(210), Mm(297), Mm(18), Mm(170)
CHINESE_FONT = "Microsoft YaHei"
STYLES = ("Normal", "Title", "Heading 1")


def funnel_brief(
    funnel: Funnel, figure: Figure, *, told: Sequence[str], head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> bytes:
    """The brief; ``told`` are the filters in words, ``head`` and ``rows`` all figures as the table file holds them."""
    document = begun(figure.chart.title)
    document.add_paragraph(
        _("Chuanyu Match, counted %(moment)s.") % {"moment": written_moment(funnel.counted_at)}
    ).add_run("".join(f" {one}." for one in told))
    document.add_heading(_("How it stands"), level=1)
    document.add_picture(io.BytesIO(as_png(figure.chart)), width=CHART_WIDTH)
    shape = document.inline_shapes[-1]
    shape._inline.docPr.set("descr", ". ".join(f"{name}: {count}" for name, count, _percent in figure.rows))
    add_table(document, figure.head, figure.rows)
    document.add_heading(_("In parts"), level=1)
    add_table(document, head, rows)
    document.add_heading(_("Remarks"), level=1)
    document.add_paragraph(_("Write here what stands behind the figures and what follows from them."))
    document.add_heading(_("How it is counted"), level=1)
    for step, text in DEFINITIONS.items():
        paragraph = document.add_paragraph(style="List Bullet")
        paragraph.add_run(f"{step.label}: ").bold = True
        paragraph.add_run(str(text))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def begun(title: str) -> Any:
    """An empty A4 page across, in the active language, with its title."""
    document: Any = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = A4_HEIGHT, A4_WIDTH
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for name in STYLES:
        document.styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE_FONT)
    language = document.styles.element.find(f".//{qn('w:lang')}")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.language = get_language() or "zh-hans"
    document.add_heading(title, level=0)
    return document


def add_table(document: Any, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table whose head stands again on each page; the first column is words, all others are figures."""
    table = document.add_table(rows=1, cols=len(head), style="Light Grid Accent 1")
    again = OxmlElement("w:tblHeader")
    again.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(again)
    fill(table.rows[0], head)
    for row in rows:
        fill(table.add_row(), row)
    document.add_paragraph()


def fill(row: Any, values: Sequence[Any]) -> None:
    """Write one row."""
    for place, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
        paragraph = cell.paragraphs[0]
        text = written_amount(value) if isinstance(value, int) else normalise_text(str(value))
        paragraph.add_run(text).font.size = Pt(9)
        paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT if place else WD_ALIGN_PARAGRAPH.LEFT
