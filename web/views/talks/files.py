"""Files: those of a partnership and of a posting, one of them page by page, and its content, each look written down."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import role_in
from common.errors import Verdict, require
from common.serving import guarded
from common.values import normalise_code
from matchmaking.partnerships.queries.packages import package_with_key
from matchmaking.partnerships.queries.partnerships import line_of, partnerships_visible_to
from matchmaking.postings.queries.postings import postings_visible_to
from matchmaking.talks.choices import MEDIA_TYPES, FileKind
from matchmaking.talks.permissions import (
    can_change_file,
    can_download_file,
    can_open_file,
    can_read_thread,
    can_share_at_package,
    can_share_at_posting,
    can_write_in_thread,
)
from matchmaking.talks.queries.files import (
    MOST_LOOKS,
    files_of_package,
    files_of_partnership,
    files_of_posting,
    files_visible_to,
    known_by_name,
    looks_at,
)
from matchmaking.talks.queries.nda import nda_between
from matchmaking.talks.queries.threads import firm_in
from matchmaking.talks.services.files import (
    download_file,
    look_at_page,
    revise_file,
    share_at_package,
    share_at_posting,
    share_in_partnership,
    withdraw_file,
)
from web.access import acting_enterprise, membership_required, show_refusals, signed_in_user, unless_suspended
from web.forms.base import ServiceForm
from web.forms.talks import PostingFileForm, RevisionForm, ShareForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@unless_suspended
@never_cache
@show_refusals
def of_partnership(request: HttpRequest, key: str) -> HttpResponse:
    """The files that both firms show in a partnership and at its postings; by POST one shows another."""
    partnership = get_object_or_404(partnerships_visible_to(user=request.user), key=key)
    user = signed_in_user(request)
    require(can_read_thread(user, partnership))
    enterprise = firm_in(partnership, user, acting_enterprise(request))
    form = ShareForm(request.POST, request.FILES) if request.method == "POST" else ShareForm()

    def share(values: dict[str, Any]) -> None:
        share_in_partnership(partnership=partnership, actor=user, enterprise=enterprise, **values)

    if form.is_bound and form.carried_out(share):
        messages.success(request, _("The file is there. The other side is told."))
        return redirect("web:talks:files", key=key)
    line = line_of(partnership, enterprise)
    context = {
        "partnership": partnership,
        "line": line,
        "files": files_of_partnership(user=user, partnership=partnership),
        "nda": nda_between(line.own.enterprise, line.other.enterprise) if line else None,
        "may_share": bool(can_write_in_thread(user, partnership)),
        "form": form,
    }
    return render(request, "talks/files.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def of_posting(request: HttpRequest, number: str) -> HttpResponse:
    """The files at a posting that the reader knows of; by POST its own side adds one."""
    posting = get_object_or_404(postings_visible_to(user=request.user), number=number)
    user = signed_in_user(request)
    form = PostingFileForm(request.POST, request.FILES) if request.method == "POST" else PostingFileForm()

    def share(values: dict[str, Any]) -> None:
        share_at_posting(posting=posting, actor=user, **values)

    may_share = can_share_at_posting(user, posting)
    if is_shared(form, may_share, share):
        messages.success(request, _("The file is there. Firms in talks about this posting are told."))
        return redirect("web:talks:posting", number=number)
    context = {
        "posting": posting,
        "files": files_of_posting(user=user, posting=posting),
        "may_share": bool(may_share),
        "form": form,
    }
    return render(request, "talks/posting.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def of_package(request: HttpRequest, key: str) -> HttpResponse:
    """The files of a package that the reader knows of; by POST its own firm adds one."""
    rfq, user = package_with_key(user=request.user, key=normalise_code(key)), signed_in_user(request)
    if rfq is None:
        raise Http404
    form = ShareForm(request.POST, request.FILES) if request.method == "POST" else ShareForm()

    def share(values: dict[str, Any]) -> None:
        share_at_package(rfq=rfq, actor=user, **values)

    may_share = can_share_at_package(user, rfq)
    if is_shared(form, may_share, share):
        messages.success(request, _("The file is there. Firms that may quote for the package are told."))
        return redirect("web:talks:package", key=rfq.key)
    context = {
        "rfq": rfq,
        "files": files_of_package(user=user, rfq=rfq),
        "may_share": bool(may_share),
        "form": form,
    }
    return render(request, "talks/package.html", context, status=422 if form.errors else 200)


def is_shared(form: ServiceForm, may_share: Verdict, share: Callable[[dict[str, Any]], None]) -> bool:
    """Whether a file was posted and taken. Refuses what ``may_share`` says no to."""
    if form.is_bound:
        require(may_share)
    return form.is_bound and form.carried_out(share)


def found(request: HttpRequest, key: str) -> Any:
    """The file with this key, 404 for whoever may not even know of it."""
    return get_object_or_404(files_visible_to(request.user), key=key)


@require_safe
@membership_required
@never_cache
@show_refusals
def file(request: HttpRequest, key: str) -> HttpResponse:
    """All pages of a file; for its own firm also who looked when, and the ways to change it."""
    return shown(request, found(request, key), RevisionForm())


def shown(request: HttpRequest, one: Any, form: RevisionForm) -> HttpResponse:
    """The page of a file that the reader may open."""
    user = signed_in_user(request)
    require(can_open_file(user, one))
    is_own = role_in(user, one.enterprise) is not None
    looks = looks_at(one) if is_own else None
    context = {
        "file": one,
        "numbers": range(1, one.page_count + 1),
        "is_own": is_own,
        "looks": looks[:MOST_LOOKS] if looks is not None else [],
        "look_count": looks.count() if looks is not None else 0,
        "known": known_by_name(file=one) if is_own else set(),
        "may_download": bool(can_download_file(user, one)),
        "may_change": bool(can_change_file(user, one)),
        "form": form,
    }
    return render(request, "talks/file.html", context, status=422 if form.errors else 200)


@require_safe
@membership_required
@never_cache
@show_refusals
def page(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One page as an image, marked with who looks and when."""
    one = found(request, key)
    look = look_at_page(file=one, actor=signed_in_user(request), number=number, enterprise=acting_enterprise(request))
    response = HttpResponse(look.content, content_type=look.media_type)
    response["Content-Disposition"] = f'inline; filename="{one.key.lower()}-{number}.jpg"'
    return guarded(response)


@require_safe
@membership_required
@never_cache
@show_refusals
def content(request: HttpRequest, key: str) -> HttpResponse | FileResponse:
    """The whole file as a download that no browser runs."""
    one = found(request, key)
    download_file(file=one, actor=signed_in_user(request), enterprise=acting_enterprise(request))
    media_type = MEDIA_TYPES[FileKind(one.kind)]
    response = FileResponse(one.content.open("rb"), as_attachment=True, filename=one.name, content_type=media_type)
    return guarded(response)


@require_POST
@membership_required
@never_cache
@show_refusals
def revise(request: HttpRequest, key: str) -> HttpResponse:
    """Put a new revision in a file's place."""
    one, user = found(request, key), signed_in_user(request)
    require(can_change_file(user, one))
    form, made = RevisionForm(request.POST, request.FILES), []

    def act(values: dict[str, Any]) -> None:
        made.append(revise_file(file=one, actor=user, **values))

    if not form.carried_out(act):
        return shown(request, one, form)
    messages.success(request, _("The new revision is there. Whoever holds the one before is told."))
    return redirect("web:talks:file", key=made[0].key)


@require_POST
@membership_required
@show_refusals
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take a file back; others no longer open it."""
    one = withdraw_file(file=found(request, key), actor=signed_in_user(request))
    messages.success(request, _("The file is taken back. Nobody else opens it any more."))
    if one.posting is not None:
        return redirect("web:talks:posting", number=one.posting.number)
    if one.rfq is not None:
        return redirect("web:talks:package", key=one.rfq.key)
    return redirect("web:talks:files", key=one.partnership.key if one.partnership else "")
