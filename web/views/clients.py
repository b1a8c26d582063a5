"""Partner systems of one's own enterprise: made with a secret that is shown once, and revoked."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import can_manage_clients
from accounts.queries import clients_of, scopes_of
from accounts.services.clients import create_client, revoke_client
from web.access import View, acting_enterprise, membership_required, required_enterprise, show_refusals, signed_in_user
from web.forms.clients import ClientForm


def or_administration(view: View) -> View:
    """Send who makes systems for no firm, and belongs to none, to where these are made."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if acting_enterprise(request) is None and can_manage_clients(request.user, None):
            return redirect("admin:accounts_apiclient_changelist")
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@or_administration
@membership_required
@show_refusals
def clients(request: HttpRequest) -> HttpResponse:
    """The enterprise's systems; owners make one by posting here, and read its secret on the answer to that alone."""
    enterprise = required_enterprise(request)
    form = ClientForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            made = create_client(enterprise=enterprise, actor=signed_in_user(request), **form.cleaned_data)
            form = ClientForm()
    rows = list(clients_of(request.user, enterprise))
    scopes = scopes_of(rows)
    context = {
        "form": form,
        "made": made,
        "enterprise": enterprise,
        "lines": [(row, scopes.get(row.client_id, [])) for row in rows],
        "may_edit": bool(can_manage_clients(request.user, enterprise)),
    }
    status = 201 if made else 422 if form.errors else 200
    return render(request, "clients/list.html", context, status=status)


@require_POST
@membership_required
@show_refusals
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """End a system: its tokens die at once."""
    client = clients_of(request.user, required_enterprise(request)).filter(key=key).first()
    if client is None:
        raise Http404
    revoke_client(client=client, actor=signed_in_user(request))
    messages.success(request, _("The API client is revoked. Its tokens no longer work."))
    return redirect("web:clients:list")
