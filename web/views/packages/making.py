"""Making a package: begun, changed, filled with needs, published or thrown away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Invalid, require
from matchmaking.partnerships.permissions import can_change_rfq, can_edit_package
from matchmaking.partnerships.queries.packages import MOST_LINES, choosable_needs, lines_of
from matchmaking.partnerships.services.packages import (
    add_needs,
    begin_package,
    change_package,
    discard_package,
    publish_package,
    remove_line,
)
from matchmaking.partnerships.services.quoting import close_rfq
from matchmaking.postings.permissions import can_write_posting
from web.access import membership_required, required_enterprise, show_refusals, signed_in_user
from web.forms.packages import NeedsForm, PackageForm
from web.views.packages.finding import own_package, told

MOST_OFFERED = 200
"""Own needs that the page offers to choose from, the last changed first."""


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def new(request: HttpRequest) -> HttpResponse:
    """Begin a package as a draft."""
    enterprise, actor = required_enterprise(request), signed_in_user(request)
    require(can_write_posting(actor, enterprise))
    form = PackageForm(request.POST) if request.method == "POST" else PackageForm()
    made: list[Any] = []

    def begin(_cleaned: dict[str, Any]) -> None:
        made.append(begin_package(enterprise=enterprise, actor=actor, values=form.values()))

    if form.is_bound and form.carried_out(begin):
        messages.success(request, _("The draft is kept. Add its lines; nobody else sees it before you publish it."))
        return redirect("web:packages:detail", key=made[0].key)
    return render(request, "packages/form.html", {"form": form, "rfq": None}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change what a draft package says."""
    rfq, actor = own_package(request, key), signed_in_user(request)
    require(can_edit_package(actor, rfq))
    form = PackageForm(request.POST if request.method == "POST" else None, rfq=rfq)
    seen = seen_version(request)

    def change(_cleaned: dict[str, Any]) -> None:
        change_package(rfq=rfq, actor=actor, values=form.values(), seen_version=seen)

    if form.is_bound and form.carried_out(change):
        messages.success(request, _("Saved."))
        return redirect("web:packages:detail", key=rfq.key)
    return render(request, "packages/form.html", {"form": form, "rfq": rfq}, status=422 if form.errors else 200)


def seen_version(request: HttpRequest) -> int | None:
    """The version that the sent page was made from; None where it names none."""
    text = request.POST.get("seen_version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def draft_page(
    request: HttpRequest, rfq: Any, *, problems: list[dict[str, Any]] | None = None, form: Any = None, status: int = 200
) -> HttpResponse:
    """The page of a draft: what it says, its lines, and the ways to more of them."""
    lines = list(lines_of(rfq))
    context = {
        "rfq": rfq,
        "lines": lines,
        "papers": list(rfq.certificates.all()),
        "form": form or NeedsForm(choosable_needs(rfq=rfq)[:MOST_OFFERED]),
        "may_edit": bool(can_edit_package(request.user, rfq)),
        "problems": problems or [],
        "most_lines": MOST_LINES,
    }
    return render(request, "packages/draft.html", context, status=status)


@require_POST
@membership_required
@show_refusals
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Take own needs into the package."""
    rfq, actor = own_package(request, key), signed_in_user(request)
    require(can_edit_package(actor, rfq))
    offered = list(choosable_needs(rfq=rfq)[:MOST_OFFERED])
    form = NeedsForm(offered, request.POST)

    def act(values: dict[str, Any]) -> None:
        add_needs(rfq=rfq, actor=actor, needs=[need for need in offered if need.number in values["needs"]])

    if not form.carried_out(act):
        return draft_page(request, rfq, form=form, status=422)
    messages.success(request, _("Added."))
    return redirect("web:packages:detail", key=rfq.key)


@require_POST
@membership_required
@show_refusals
def remove(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take one line out of a draft."""
    rfq, actor = own_package(request, key), signed_in_user(request)
    require(can_edit_package(actor, rfq))
    line = lines_of(rfq).filter(pk=pk).first()
    if line is None:
        raise Http404
    remove_line(rfq=rfq, line=line, actor=actor)
    messages.success(request, _("The line is taken out."))
    return redirect("web:packages:detail", key=rfq.key)


@require_POST
@membership_required
@show_refusals
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Publish all lines and ask for quotes; every problem is told by line, and nothing is published then."""
    rfq, actor = own_package(request, key), signed_in_user(request)
    try:
        publish_package(rfq=rfq, actor=actor, seen_version=seen_version(request))
    except Invalid as refusal:
        return draft_page(request, rfq, problems=told(refusal), status=422)
    messages.success(request, _("Published. Suppliers in talks with you are told; others are suggested as usual."))
    return redirect("web:packages:detail", key=rfq.key)


@require_POST
@membership_required
@show_refusals
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw a draft away."""
    discard_package(rfq=own_package(request, key), actor=signed_in_user(request))
    messages.success(request, _("The draft is gone, with the needs that were made for it."))
    return redirect("web:packages:list")


@require_POST
@membership_required
@show_refusals
def close(request: HttpRequest, key: str) -> HttpResponse:
    """Take no more quotes from now on."""
    rfq, actor = own_package(request, key), signed_in_user(request)
    require(can_change_rfq(actor, rfq))
    close_rfq(rfq=rfq, actor=actor)
    messages.success(request, _("Closed: no more quotes are taken."))
    return redirect("web:packages:detail", key=rfq.key)
