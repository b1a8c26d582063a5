"""A form filled in from a row that was copied from a spreadsheet; what was typed in other fields stays."""

from typing import Any

from django.http import HttpRequest

from common.errors import Invalid
from matchmaking.postings.choices import usual_subject
from matchmaking.postings.imports import RowSheet
from web.access import signed_in_user
from web.forms.postings import OWN_WINDOW, PostingForm


def filled_in(request: HttpRequest) -> dict[str, Any]:
    """``form`` with what the pasted row says, the ``status`` and the ``extra`` that the page tells of it.

    A row with something wrong stays pasted.
    """
    given = request.POST.copy()
    try:
        row = RowSheet(actor=signed_in_user(request)).filled(given.get("row", ""))
    except Invalid as error:
        return {"form": PostingForm(given), "status": 422, "extra": {"row_refused": error.fields["file"]}}
    for name, value in row.values.items():
        given[name] = value
    if "node" in row.values and not given.get("subject"):
        given["subject"] = usual_subject(row.values["node"])
    elif "node_words" in row.values and "node" not in row.values:
        given["node"] = ""
    if {"window_start", "window_end"} & set(row.values):
        given["window_preset"] = OWN_WINDOW
    if not row.problems:
        given["row"] = ""
    form = PostingForm(given)
    form.refuse({}, {})
    return {"form": form, "status": 422 if row.problems or form.errors else 200, "extra": {"row": row}}
