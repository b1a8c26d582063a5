"""Lines of a package from a spreadsheet: rehearsed, shown, taken in after a yes; and its comparison taken away."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.imports.reading import MOST_BYTES
from accounts.imports.sheets import Unwritten
from accounts.imports.waiting import Brought, brought, keep, mark_taken, rejected_rows
from accounts.imports.writing import KINDS, as_file, as_workbook
from common.errors import require
from matchmaking.partnerships.imports import LineSheet, comparison_head, comparison_rows, pasted
from matchmaking.partnerships.permissions import can_edit_package
from matchmaking.partnerships.queries.packages import MOST_LINES, package_lines
from web.access import membership_required, show_refusals, signed_in_user
from web.forms.packages import LinesForm
from web.papers.sending import handed_out
from web.views.packages.finding import own_package

MOST_SHOWN = 400
"""Problems that the page lists; the file of the rejected rows holds them all."""


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def bring(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a file or pasted lines; rehearse them and show what they would do."""
    rfq, actor = own_package(request, key), signed_in_user(request)
    require(can_edit_package(actor, rfq))
    sheet = LineSheet(actor=actor, rfq=rfq)
    form = LinesForm(request.POST, request.FILES) if request.method == "POST" else LinesForm()
    shown: list[HttpResponse] = []

    def rehearse(values: dict[str, Any]) -> None:
        given = values["file"]
        content, is_headless = (given.read(MOST_BYTES + 1), False) if given else pasted(values["lines"])
        shown.append(rehearsed(request, rfq, sheet, content, is_headless))

    if form.is_bound and form.carried_out(rehearse):
        return shown[0]
    context = {"rfq": rfq, "form": form, "columns": sheet.import_columns(), "most_lines": MOST_LINES}
    return render(request, "packages/file.html", context, status=422 if form.errors else 200)


def rehearsed(request: HttpRequest, rfq: Any, sheet: LineSheet, content: bytes, is_headless: bool) -> HttpResponse:
    """What the file would do. Refuses (Invalid) one that cannot be read."""
    file = sheet.read(content, is_headless=is_headless)
    sheet.require_room(file)
    outcome = sheet.rehearse(file)
    context = {
        "rfq": rfq,
        "outcome": outcome,
        "sheet": file.sheet,
        "unread": file.unread,
        "rows": len(file.rows),
        "problems": outcome.problems[:MOST_SHOWN],
        "token": keep(request.session, list_name(rfq, is_headless), content, outcome.rows_with_problems),
    }
    return render(request, "packages/rehearsal.html", context)


def list_name(rfq: Any, is_headless: bool, is_taken: bool = False) -> str:
    """What a kept file was brought to, whether its head is ours, and whether its good rows are lines already."""
    return f"package:{rfq.key}:{'pasted' if is_headless else 'file'}{':taken' if is_taken else ''}"


def kept(request: HttpRequest, rfq: Any, token: str, *, taken_too: bool = False) -> tuple[Brought, bool]:
    """The rehearsed file and whether its head is ours; 404 for one of another session or package, too old, or taken in
    before, unless ``taken_too``.
    """
    for is_headless in (False, True):
        for is_taken in (False, True)[: 1 + taken_too]:
            found = brought(request.session, list_name(rfq, is_headless, is_taken), token)
            if found is not None:
                return found, is_headless
    raise Http404


@require_POST
@membership_required
@show_refusals
def take_in(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Make the good rows lines of the package, all of them or none."""
    rfq, actor = own_package(request, key), signed_in_user(request)
    require(can_edit_package(actor, rfq))
    waiting, is_headless = kept(request, rfq, token)
    sheet = LineSheet(actor=actor, rfq=rfq)
    try:
        outcome = sheet.take_in(sheet.read(waiting.content, is_headless=is_headless), set(waiting.left_out))
    except Unwritten:
        messages.error(request, _("Nothing was taken over: something changed meanwhile."))
        return rehearsed(request, rfq, LineSheet(actor=actor, rfq=rfq), waiting.content, is_headless)
    mark_taken(request.session, token, list_name(rfq, is_headless, is_taken=True))
    told = ngettext("{count} line is added.", "{count} lines are added.", outcome.created)
    messages.success(request, told.format(count=outcome.created))
    return redirect("web:packages:detail", key=rfq.key)


@require_safe
@membership_required
@never_cache
@show_refusals
def rejected(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """The rows that cannot be taken, as they were brought, each with its reasons."""
    rfq, actor = own_package(request, key), signed_in_user(request)
    require(can_edit_package(actor, rfq))
    sheet = LineSheet(actor=actor, rfq=rfq)
    waiting, is_headless = kept(request, rfq, token, taken_too=True)
    read = sheet.read(waiting.content, is_headless=is_headless)
    file = replace(read, rows=[row for row in read.rows if row[0] in waiting.left_out])
    head = [*file.head, _("Row"), _("What is wrong")]
    content = as_workbook(head, rejected_rows(file, sheet.rehearse(file)))
    return handed_out(content, media_type=KINDS["xlsx"], name=f"lines-{rfq.key}-rejected.xlsx")


@require_safe
@membership_required
def template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with the columns of lines in the reader's language."""
    head = [str(column.label) for column in LineSheet.base_columns()]
    return handed_out(as_workbook(head, []), media_type=KINDS["xlsx"], name="package-lines.xlsx")


@require_safe
@membership_required
@never_cache
def export(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """All lines with the quotes that can be read now, as a file."""
    rfq = own_package(request, key)
    if kind not in KINDS:
        raise Http404
    lines = package_lines(user=request.user, rfq=rfq)
    content = as_file(kind, comparison_head(), comparison_rows(lines))
    return handed_out(content, media_type=KINDS[kind], name=f"package-{rfq.key}.{kind}")
