"""Certificates of the enterprise that one acts for, and the files that prove them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import can_edit_certificate, can_edit_enterprise, role_in
from accounts.queries import SOON, certificates_of, certificates_visible_to, papers_openable_by
from accounts.services.certificates import add_certificate, edit_certificate, remove_certificate
from accounts.services.evidence import media_type_of
from accounts.services.looks import record_look
from common.errors import require
from common.values import normalise_code
from web.access import (
    membership_required,
    required_enterprise,
    show_refusals,
    signed_in_user,
    unless_suspended,
    way_back,
)
from web.forms.accounts.sites import CertificateForm, CertificatePapersForm


@require_safe
@membership_required
def certificates(request: HttpRequest) -> HttpResponse:
    """All certificates with their state and last day."""
    enterprise = required_enterprise(request)
    today = timezone.localdate()
    context = {
        "enterprise": enterprise,
        "certificates": certificates_of(request.user, enterprise),
        "today": today,
        "soon": today + SOON,
        "may_edit": bool(can_edit_enterprise(request.user, enterprise)),
    }
    return render(request, "accounts/certificates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def new_certificate(request: HttpRequest) -> HttpResponse:
    """Add a certificate."""
    enterprise = required_enterprise(request)
    require(can_edit_enterprise(request.user, enterprise))
    initial = {"certification": normalise_code(request.GET.get("certification", ""))}
    form = CertificateForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            add_certificate(enterprise=enterprise, actor=signed_in_user(request), **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("The certificate is recorded. It counts for matches once it is checked."))
            return redirect(way_back(request) or "web:accounts:certificates")
    context = {"form": form, "back": way_back(request), "enterprise": enterprise, "may_edit": True}
    return render(request, "accounts/certificate.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct or renew a certificate."""
    shown = get_object_or_404(certificates_visible_to(request.user), pk=pk)
    require(can_edit_certificate(request.user, shown))
    initial = CertificatePapersForm.begins_with(shown)
    form = CertificatePapersForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            edit_certificate(certificate=shown, actor=signed_in_user(request), **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("The certificate is saved. Your postings are matched anew."))
            return redirect("web:accounts:certificates")
    context = {"form": form, "certificate": shown, "enterprise": shown.enterprise, "may_edit": True}
    return render(request, "accounts/certificate.html", context, status=422 if form.errors else 200)


@require_POST
@membership_required
@show_refusals
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a certificate off the list."""
    remove_certificate(
        certificate=get_object_or_404(certificates_visible_to(request.user), pk=pk), actor=signed_in_user(request)
    )
    messages.success(request, _("The certificate is removed. Your postings are matched anew."))
    return redirect("web:accounts:certificates")


@never_cache
@require_safe
@login_required
@unless_suspended
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """The file that proves a certificate, as a download that no browser runs; 404 for all but the firm and its
    moderators."""
    shown = get_object_or_404(papers_openable_by(request.user), pk=pk)
    path = shown.evidence.name or ""
    if not path or not shown.evidence.storage.exists(path):
        raise Http404
    if role_in(request.user, shown.enterprise) is None:
        record_look(thing=shown, actor=signed_in_user(request), part="evidence")
    name = path.rsplit("/", 1)[-1]
    response = FileResponse(
        shown.evidence.open("rb"), as_attachment=True, filename=name, content_type=media_type_of(name)
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
