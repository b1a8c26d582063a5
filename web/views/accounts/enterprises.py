"""An enterprise as everybody sees it, registering one, keeping its profile, joining, and acting for another."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import can_edit_enterprise
from accounts.queries import contact_of, enterprises_visible_to, memberships_of, public_certificates_of
from accounts.services.enterprises import edit_enterprise, register_enterprise, request_verification
from accounts.services.members import request_to_join
from accounts.services.names import clean_phone, clean_uscc
from common.errors import Refused, Stale, require
from common.reasons import Reason
from matchmaking.networks.queries.lists import released_counts
from matchmaking.partnerships.queries.rates import FEWEST_CASES, FEWEST_FIRMS, public_rates
from matchmaking.postings.choices import Visibility
from matchmaking.postings.queries.postings import live_postings
from web.access import (
    ACTING,
    membership_required,
    required_enterprise,
    safe_address,
    show_refusals,
    signed_in_user,
    unless_suspended,
)
from web.forms.accounts.enterprises import EditForm, JoinForm, ProfileForm, RegisterForm
from web.papers.network_figures import place_name

MOST_SHOWN = 50
"""Postings on an enterprise's page; the lists of needs and capacities have all of them."""


@require_safe
def enterprise(request: HttpRequest, key: str) -> HttpResponse:
    """What an enterprise says of itself by name; postings under alias are never listed here, not even to its own."""
    shown = get_object_or_404(enterprises_visible_to(request.user), key=key)
    named = live_postings(user=request.user).filter(enterprise=shown, visibility=Visibility.NAMED)
    context = {
        "enterprise": shown,
        "certificates": public_certificates_of(shown, timezone.localdate()),
        "postings": named[:MOST_SHOWN],
        "rates": public_rates(shown),
        "fewest": FEWEST_FIRMS,
        "cases": FEWEST_CASES,
        "may_edit": bool(can_edit_enterprise(request.user, shown)),
        "released": released(shown),
    }
    return render(request, "accounts/enterprise.html", context)


def released(shown: Any) -> dict[str, Any] | None:
    """What the firm lets everybody know of its list of suppliers, places by their names."""
    counts = released_counts(shown)
    if counts is None:
        return None
    return {**counts, "places": [(place_name(code), count) for code, count in counts["places"]]}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@unless_suspended
@show_refusals
def register(request: HttpRequest) -> HttpResponse:
    """Register an enterprise and act for it; a code that is taken is answered with the way to ask to join."""
    form = RegisterForm(request.POST or None, rules={"uscc": clean_uscc, "contact_phone": clean_phone})
    taken = False
    if request.method == "POST" and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="register_enterprise", user=request.user)
        if limited:
            return limited
        try:
            with form.refusals():
                made = register_enterprise(actor=signed_in_user(request), **form.cleaned_data)
        except Refused as refusal:
            if refusal.reason != Reason.REFUSAL_ENTERPRISE_EXISTS:
                raise
            taken = True
        if form.is_valid() and not taken:
            request.session[ACTING] = made.key
            messages.success(request, _("Your enterprise is registered. Ask for verification when you are ready."))
            return redirect(safe_address(request, request.GET.get("next", "")) or "web:accounts:workbench")
    context = {"form": form, "taken": taken, "uscc": form.data.get("uscc", "") if taken else ""}
    return render(request, "accounts/register.html", context, status=422 if form.errors or taken else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@unless_suspended
@show_refusals
def join(request: HttpRequest) -> HttpResponse:
    """Ask to act for an enterprise by its code; the answer is the same whether or not the code is known here."""
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="join_enterprise", user=request.user)
        if limited:
            return limited
        with form.refusals():
            request_to_join(actor=signed_in_user(request), uscc=form.cleaned_data["uscc"])
        if form.is_valid():
            messages.success(
                request,
                _("If an enterprise with this code is here, its owners have your request. You will be told."),
            )
            return redirect("web:accounts:workbench")
    return render(request, "accounts/join.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def edit(request: HttpRequest) -> HttpResponse:
    """The profile of the enterprise that one acts for; when somebody was faster, both texts are shown side by side."""
    shown = required_enterprise(request)
    if request.method == "POST":
        require(can_edit_enterprise(request.user, shown))
    kept = ProfileForm.values_of(shown, contact_of(request.user, shown))
    form = EditForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            with form.refusals():
                edit_enterprise(
                    enterprise=shown, actor=signed_in_user(request), seen_version=values.pop("version"), **values
                )
        except Stale as stale:
            return _two_texts(request, stale)
        if form.is_valid():
            messages.success(request, _("The profile is saved."))
            return redirect("web:accounts:enterprise", shown.key)
    context = {"form": form, "enterprise": shown, "may_edit": bool(can_edit_enterprise(request.user, shown))}
    return render(request, "accounts/edit_enterprise.html", context, status=422 if form.errors else 200)


def _two_texts(request: HttpRequest, stale: Stale) -> HttpResponse:
    """The form as it was typed, with the values that somebody else saved beside it; saving again overwrites them."""
    now = enterprises_visible_to(request.user).get(pk=required_enterprise(request).pk)
    theirs = ProfileForm.values_of(now, contact_of(request.user, now))
    typed = request.POST.copy()
    typed["version"] = str(stale.current)
    again = EditForm(typed)
    saved = EditForm(initial=theirs)
    differing = [
        {"label": field.label, "typed": field.value() or "", "saved": saved[field.name].value() or ""}
        for field in again
        if not field.is_hidden and (field.value() or "") != (saved[field.name].value() or "")
    ]
    context = {"form": again, "enterprise": now, "differing": differing, "may_edit": True}
    return render(request, "accounts/edit_enterprise.html", context, status=409)


@require_POST
@membership_required
@show_refusals
def verification(request: HttpRequest) -> HttpResponse:
    """Ask the platform to check who the enterprise is."""
    request_verification(enterprise=required_enterprise(request), actor=signed_in_user(request))
    messages.success(request, _("The platform has your request. You get a notice when it is decided."))
    return redirect("web:accounts:workbench")


@require_POST
@login_required
def act_for(request: HttpRequest) -> HttpResponse:
    """From now on act for another of one's enterprises; 404 for one that one does not belong to."""
    key = request.POST.get("enterprise", "")[:10]
    if not memberships_of(request.user).filter(enterprise__key=key).exists():
        raise Http404
    request.session[ACTING] = key
    return redirect(safe_address(request, request.POST.get("next", "")) or "web:accounts:workbench")
