"""The names behind codes, all at once and kept for a while, so that a page asks no row for a name."""

import json
import secrets
from typing import NamedTuple

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from common.keeping import process_cache
from common.values import certificate_label
from reference.models import Certification, ChainNode, IndustryChain, Parameter, Region, Unit

KEPT_UNDER = "reference.names"
KEPT_SECONDS = 300
"""Reference rows change a few times a year; five minutes of an old name hurt nobody."""


class CodeName(NamedTuple):
    """Both names of a coded row; for a region also the short ones and the codes from its province down to it."""

    zh: str
    en: str
    short_zh: str
    short_en: str
    path: str

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.en if (get_language() or "zh").startswith("en") else self.zh

    @property
    def short_name(self) -> str:
        """The name without its administrative ending, in the active language."""
        return self.short_en if (get_language() or "zh").startswith("en") else self.short_zh


Names = dict[tuple[str, str], CodeName]
_held: dict[str, Names] = {}
"""The names as this process read them, under the mark that the cache keeps: it copies whatever it is asked for."""


def reference_names() -> Names:
    """Every coded row by (kind, code), retired ones too; kinds: region, chain, node, certificate, unit, parameter.

    A level of a parameter is of the kind level, its code ``title_grade senior``. One query, then kept for five minutes.
    """
    mark: str | None = process_cache.get(KEPT_UNDER)
    if mark is None or mark not in _held:
        names = read_names()
        mark = mark or secrets.token_hex(8)
        _held.clear()
        _held[mark] = names
        process_cache.set(KEPT_UNDER, mark, KEPT_SECONDS)
        return names
    return _held[mark]


def read_names() -> Names:
    """The names as they stand in the tables now, in one query."""
    plain = (
        ("chain", IndustryChain.objects.all()),
        ("node", ChainNode.objects.all()),
        ("certificate", Certification.objects.all()),
        ("unit", Unit.objects.all()),
    )
    regions = rows_of("region", Region.objects.all(), short=("short_zh", "short_en", "path"))
    levels = ("level_names_zh", "level_names_en", "levels")
    parameters = rows_of("parameter", Parameter.objects.all(), short=levels)
    rows = list(regions.union(parameters, *(rows_of(kind, rows) for kind, rows in plain), all=True))
    found = {
        (kind, code): CodeName(certificate_label(code, zh, en) if kind == "certificate" else zh, en, *rest)
        for kind, code, zh, en, *rest in rows
        if kind != "parameter"
    }
    for kind, code, zh, en, *levels in rows:
        if kind == "parameter":
            found[kind, code] = CodeName(zh, en, "", "", "")
            for in_zh, in_en, level in zip(*map(json.loads, levels), strict=False):
                found["level", f"{code} {level}"] = CodeName(in_zh, in_en, "", "", "")
    return found


def rows_of(kind: str, rows: QuerySet, short: tuple[str, str, str] | None = None) -> QuerySet:
    """``rows`` as (kind, code, name_zh, name_en) and the three columns ``short``, empty where a kind has none."""
    text = CharField()
    extra = dict(zip(("a_zh", "a_en", "a_path"), short or ("", "", ""), strict=True))
    columns = {name: Cast(column, text) if column else Value("", output_field=text) for name, column in extra.items()}
    return (
        rows.order_by()
        .annotate(a_kind=Value(kind, output_field=text), **columns)
        .values_list("a_kind", "code", "name_zh", "name_en", "a_zh", "a_en", "a_path")
    )
