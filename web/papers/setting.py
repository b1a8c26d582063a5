"""Papers set by typst: all words come as data, and the same facts are the same bytes."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from noto_cjk_sans_otc import FONT_PATH

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "papers"
FONTS = [str(Path(str(FONT_PATH)).parent)]
NO_DAY = datetime(1980, 1, 1, tzinfo=UTC)
"""Told to the typesetter in place of the hour, which would make every copy another file."""


def set_paper(template: str, told: Mapping[str, Any]) -> bytes:
    """The PDF (PDF/UA-1, A4) that ``template`` of ``templates/papers`` makes of what is ``told``."""
    return typst.compile(
        str(TEMPLATES / template),
        font_paths=FONTS,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"paper": json.dumps(told, ensure_ascii=False)},
        timestamp=NO_DAY,
        pdf_standards=["ua-1"],
    )


def table_paper(
    *, language: str, title: str, lede: str, head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]
) -> bytes:
    """A table across as many pages as it takes, its head on each; ``widths`` are parts of the line, 0 for as wide as
    the words.
    """
    told = {
        "language": language.partition("-")[0],
        "title": title,
        "lede": lede,
        "head": list(head),
        "rows": [["" if cell is None else str(cell) for cell in row] for row in rows],
        "widths": list(widths),
    }
    return set_paper("table.typ", told)
