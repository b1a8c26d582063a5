"""The confidentiality agreement between the two firms of a partnership: its text, how it stands, and its acceptance."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import require
from matchmaking.partnerships.queries.partnerships import line_of, partnerships_visible_to
from matchmaking.talks.choices import NDA_VERSION
from matchmaking.talks.permissions import can_accept_nda, can_read_thread, side_owned
from matchmaking.talks.queries.nda import nda_between, nda_digest, nda_text
from matchmaking.talks.queries.threads import firm_in
from matchmaking.talks.services.nda import accept_nda
from web.access import acting_enterprise, proven, show_refusals, signed_in_user, unless_suspended
from web.forms.talks import NdaForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@unless_suspended
@never_cache
@show_refusals
def agreement(request: HttpRequest, key: str) -> HttpResponse:
    """The text in the page's language; by POST an owner accepts it with password or code."""
    partnership = get_object_or_404(partnerships_visible_to(user=request.user), key=key)
    user = signed_in_user(request)
    require(can_read_thread(user, partnership))
    enterprise = firm_in(partnership, user, acting_enterprise(request))
    may = can_accept_nda(user, partnership, side_owned(user, partnership, enterprise))
    form = NdaForm(request.POST) if request.method == "POST" else NdaForm(initial={"seen": nda_digest()})
    if form.is_bound:
        require(may)
        if form.is_valid():
            proven(request, form.cleaned_data.pop("secret"))

    def accept(values: dict[str, Any]) -> None:
        accept_nda(partnership=partnership, actor=user, enterprise=enterprise, **values)

    if form.is_bound and form.carried_out(accept):
        messages.success(request, _("Accepted. It holds once both firms have."))
        return redirect("web:talks:nda", key=key)
    line = line_of(partnership, enterprise)
    context = {
        "partnership": partnership,
        "line": line,
        "text": nda_text(NDA_VERSION, get_language() or "zh-hans"),
        "digest": nda_digest(),
        "version": NDA_VERSION,
        "nda": nda_between(line.own.enterprise, line.other.enterprise) if line else None,
        "may_accept": bool(may),
        "form": form,
    }
    return render(request, "talks/nda.html", context, status=422 if form.errors else 200)
