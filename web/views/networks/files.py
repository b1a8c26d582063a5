"""The list from a spreadsheet: rehearsed, doubts asked once, taken in after a yes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.imports.reading import MOST_BYTES
from accounts.imports.sheets import Unwritten
from accounts.imports.waiting import Brought, brought, keep, mark_taken, rejected_rows
from accounts.imports.writing import KINDS, as_workbook
from common.errors import require
from matchmaking.networks.imports.sheet import MOST_ROWS, SupplierSheet
from matchmaking.networks.permissions import can_keep_list
from matchmaking.networks.services.deciding import decide_sameness
from web.access import membership_required, required_enterprise, show_refusals, signed_in_user
from web.forms.networks import FileForm
from web.papers.network_figures import place_name
from web.papers.sending import handed_out

MOST_SHOWN = 400
"""Lines of a table that the page shows; the file of the rows left out holds them all."""
TAKEN = ":taken"


def sheet_of(request: HttpRequest) -> SupplierSheet:
    """The sheet of the firm that one acts for. Refuses not_yours, suspended."""
    buyer, actor = required_enterprise(request), signed_in_user(request)
    require(can_keep_list(actor, buyer))
    return SupplierSheet(actor=actor, buyer=buyer)


def list_name(sheet: SupplierSheet) -> str:
    """What a kept file was brought to."""
    return f"suppliers:{sheet.buyer.key}"


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def bring(request: HttpRequest) -> HttpResponse:
    """Ask for a file; rehearse it and show what it would do."""
    sheet = sheet_of(request)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    shown: list[HttpResponse] = []

    def rehearse(values: dict[str, Any]) -> None:
        shown.append(rehearsed(request, sheet, values["file"].read(MOST_BYTES + 1)))

    if form.is_bound and form.carried_out(rehearse):
        return shown[0]
    context = {"form": form, "columns": sheet.import_columns(), "most_rows": MOST_ROWS}
    return render(request, "networks/file.html", context, status=422 if form.errors else 200)


def rehearsed(request: HttpRequest, sheet: SupplierSheet, content: bytes) -> HttpResponse:
    """What the file would do, and what has to be decided first. Refuses (Invalid) one that cannot be read."""
    file = sheet.read(content)
    outcome = sheet.rehearse(file)
    found = sheet.resolved
    told = {double.row for double in found.doubles} | {one.row for one in found.questions}
    problems = [problem for problem in outcome.problems if problem.row not in told]
    context = {
        "outcome": outcome,
        "resolved": found,
        "places": [(place_name(code), suppliers, others) for code, suppliers, others in found.by_place],
        "sheet": file.sheet,
        "unread": file.unread,
        "rows": len(file.rows),
        "problems": problems[:MOST_SHOWN],
        "problem_rows": len({problem.row for problem in problems}),
        "doubles": found.doubles[:MOST_SHOWN],
        "questions": found.questions[:MOST_SHOWN],
        "unknown": found.unknown[:MOST_SHOWN],
        "token": keep(request.session, list_name(sheet), content, outcome.rows_with_problems),
    }
    return render(request, "networks/rehearsal.html", context)


def kept(request: HttpRequest, sheet: SupplierSheet, token: str, *, taken_too: bool = False) -> Brought:
    """The rehearsed file; 404 for one of another session or firm, too old, or taken in before unless ``taken_too``."""
    found = brought(request.session, list_name(sheet), token)
    if found is None and taken_too:
        found = brought(request.session, list_name(sheet) + TAKEN, token)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what was decided of the doubts, and show anew what the file would do."""
    sheet = sheet_of(request)
    content = kept(request, sheet, token).content
    if request.method == "POST":
        answered = keep_answers(request, sheet, content)
        messages.success(request, _("Decided: {count}. The next file will not ask again.").format(count=answered))
        sheet = sheet_of(request)
    return rehearsed(request, sheet, content)


def keep_answers(request: HttpRequest, sheet: SupplierSheet, content: bytes) -> int:
    """Keep each answer of the form to a doubt that the file raises; how many."""
    file = sheet.read(content)
    answered = 0
    for question in sheet.resolve(file, sheet.assigned(file)[0]).questions:
        answer = request.POST.get(f"q-{question.key}", "")
        if answer in ("same", "other"):
            decide_sameness(
                buyer=sheet.buyer,
                actor=sheet.actor,
                mark=question.mark,
                other=question.other,
                is_same=answer == "same",
            )
            answered += 1
    return answered


@require_POST
@membership_required
@never_cache
@show_refusals
def take_in(request: HttpRequest, token: str) -> HttpResponse:
    """Put the good rows on the list, all of them or none."""
    sheet = sheet_of(request)
    waiting = kept(request, sheet, token)
    try:
        outcome = sheet.take_in(sheet.read(waiting.content), set(waiting.left_out))
    except Unwritten:
        messages.error(request, _("Nothing was taken over: something changed meanwhile."))
        return rehearsed(request, sheet_of(request), waiting.content)
    mark_taken(request.session, token, list_name(sheet) + TAKEN)
    told = _("Taken in: {created} new, {updated} changed, {unchanged} as before.")
    messages.success(
        request, told.format(created=outcome.created, updated=outcome.updated, unchanged=outcome.unchanged)
    )
    return redirect("web:networks:suppliers")


@require_safe
@membership_required
@never_cache
@show_refusals
def rejected(request: HttpRequest, token: str) -> HttpResponse:
    """The rows that are left out, as they were brought, each with its reasons."""
    sheet = sheet_of(request)
    file = sheet.read(kept(request, sheet, token, taken_too=True).content)
    head = [*file.head, _("Row"), _("What is wrong")]
    content = as_workbook(head, rejected_rows(file, sheet.rehearse(file)))
    return handed_out(content, media_type=KINDS["xlsx"], name="suppliers-left-out.xlsx")


@require_safe
@membership_required
def template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with the columns of the list in the reader's language."""
    head = [str(column.label) for column in SupplierSheet.base_columns()]
    return handed_out(as_workbook(head, []), media_type=KINDS["xlsx"], name="suppliers.xlsx")
