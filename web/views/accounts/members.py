"""Members of the enterprise that one acts for: who they are, inviting, roles, requests, and taking up an invitation."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import Role
from accounts.permissions import can_accept_invitation, can_edit_enterprise
from accounts.queries import (
    invitation_with_token,
    invitations_visible_to,
    join_requests_of,
    members_of,
    memberships_visible_to,
    open_invitations_of,
)
from accounts.services.invitations import accept_invitation, cancel_invitation, invite_member
from accounts.services.members import accept_join_request, change_role, refuse_join_request, remove_member
from common.errors import Invalid, require
from common.reasons import Reason
from web.access import ACTING, membership_required, required_enterprise, show_refusals, signed_in_user
from web.forms.accounts.members import InviteForm, RoleForm


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def members(request: HttpRequest) -> HttpResponse:
    """Everybody who acts for the enterprise; owners also see requests and invitations, and invite by posting here."""
    enterprise = required_enterprise(request)
    if request.method == "POST":
        require(can_edit_enterprise(request.user, enterprise))
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limited = ratelimit.consume_or_429(request, action="invite_member", user=request.user)
        if limited:
            return limited
        with form.refusals():
            invite_member(enterprise=enterprise, actor=signed_in_user(request), **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("The invitation is on its way. Its link works once, for seven days."))
            return redirect("web:accounts:members")
    may_edit = bool(can_edit_enterprise(request.user, enterprise))
    context = {
        "form": form,
        "enterprise": enterprise,
        "members": members_of(request.user, enterprise),
        "requests": join_requests_of(request.user, enterprise) if may_edit else [],
        "invitations": open_invitations_of(request.user, enterprise) if may_edit else [],
        "roles": Role.choices,
        "may_edit": may_edit,
    }
    return render(request, "accounts/members.html", context, status=422 if form.errors else 200)


@require_POST
@membership_required
@show_refusals
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    membership = get_object_or_404(memberships_visible_to(request.user), pk=pk)
    change_role(membership=membership, actor=signed_in_user(request), role=_chosen_role(request))
    messages.success(request, _("The role is changed."))
    return redirect("web:accounts:members")


@require_POST
@membership_required
@show_refusals
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's membership, or one's own."""
    membership = get_object_or_404(memberships_visible_to(request.user), pk=pk)
    remove_member(membership=membership, actor=signed_in_user(request))
    if membership.user_id == request.user.pk:
        request.session.pop(ACTING, None)
        messages.success(request, _("You have left the enterprise."))
        return redirect("web:accounts:workbench")
    messages.success(request, _("This person no longer acts for the enterprise."))
    return redirect("web:accounts:members")


@require_POST
@membership_required
@show_refusals
def accept_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in who asked."""
    membership = get_object_or_404(memberships_visible_to(request.user), pk=pk)
    accept_join_request(membership=membership, actor=signed_in_user(request), role=_chosen_role(request))
    messages.success(request, _("This person can now act for the enterprise."))
    return redirect("web:accounts:members")


@require_POST
@membership_required
@show_refusals
def refuse_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not let somebody in who asked."""
    membership = get_object_or_404(memberships_visible_to(request.user), pk=pk)
    refuse_join_request(membership=membership, actor=signed_in_user(request))
    messages.success(request, _("The request is declined."))
    return redirect("web:accounts:members")


@require_POST
@membership_required
@show_refusals
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an invitation's link stop working."""
    cancel_invitation(
        invitation=get_object_or_404(invitations_visible_to(request.user), pk=pk), actor=signed_in_user(request)
    )
    messages.success(request, _("The invitation is cancelled."))
    return redirect("web:accounts:members")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@show_refusals
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the mailed link opens: who invites whom to what, and one button; 404 for a made-up link."""
    found = invitation_with_token(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        accept_invitation(invitation=found, actor=signed_in_user(request))
        request.session[ACTING] = found.enterprise.key
        messages.success(request, _("You can now act for the enterprise."))
        return redirect("web:accounts:workbench")
    context = {"invitation": found, "verdict": can_accept_invitation(request.user, found)}
    return render(request, "accounts/invitation.html", context)


def _chosen_role(request: HttpRequest) -> Role:
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Invalid({"role": Reason.REFUSAL_UNKNOWN_CODE}, {"role": {"code": request.POST.get("role", "")[:20]}})
    return Role(form.cleaned_data["role"])
