"""Which package a page is about, for whom, and how a service's refusals name its lines."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.errors import Invalid
from common.reason_texts import text_of
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.partnerships.imports import LineSheet
from matchmaking.partnerships.queries.packages import is_offered_to, package_with_key
from web.access import required_enterprise

LABELS = {
    "quantity": _("quantity"),
    "window_start": _("first day"),
    "window_end": _("last day"),
    "certificates": _("certificates"),
    "price_max": _("price"),
}
"""Fields of a need that a sheet of lines has no column for, or calls otherwise."""


def own_package(request: HttpRequest, key: str) -> Any:
    """A package of the firm that the reader acts for. 404 for any other."""
    row = package_with_key(user=request.user, key=normalise_code(key))
    if row is None or row.enterprise_id != required_enterprise(request).pk:
        raise Http404
    return row


def offered_package(request: HttpRequest, key: str) -> Any:
    """A package that the firm of the reader may quote for. 404 for any other."""
    row = package_with_key(user=request.user, key=normalise_code(key))
    if row is None or not is_offered_to(rfq=row, enterprise=required_enterprise(request)):
        raise Http404
    return row


def told(refusal: Invalid) -> list[dict[str, Any]]:
    """What was wrong, line by line: its number, the field, and why with what to do."""
    labels = {column.column_name: column.label for column in LineSheet.base_columns()} | LABELS
    language = get_language() or "zh-hans"
    problems = []
    for name, reason in refusal.fields.items():
        place, dot, field = name.partition(".")
        text = text_of(reason, language, refusal.facts.get(name)) if isinstance(reason, Reason) else str(reason)
        problems.append({"line": place if dot else "", "field": labels.get(field if dot else name, ""), "text": text})
    return problems
