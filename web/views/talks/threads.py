"""Messages: all threads of the firm that one acts for, what a search finds in them, and one to read and write in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import require
from matchmaking.partnerships.queries.partnerships import counterpart_name, line_of, partnerships_visible_to
from matchmaking.talks.permissions import can_read_thread, can_write_in_thread
from matchmaking.talks.queries.threads import (
    LONGEST_SEARCH,
    firm_in,
    found_messages,
    messages_shown,
    newer_count,
    threads_of,
)
from matchmaking.talks.services.messages import read_thread, send_message
from web.access import (
    acting_enterprise,
    membership_required,
    required_enterprise,
    show_refusals,
    signed_in_user,
    unless_suspended,
)
from web.forms.talks import MessageForm

PAGE = 50


@require_safe
@membership_required
@never_cache
def threads(request: HttpRequest) -> HttpResponse:
    """Every thread with what is new in it, the newest first; with ``q`` the messages that hold its words."""
    user, enterprise = signed_in_user(request), required_enterprise(request)
    sought = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    found = found_messages(user=user, enterprise=enterprise, words=sought) if sought else None
    rows = threads_of(user=user, enterprise=enterprise) if found is None else found
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = [
        {"row": row, "name": counterpart_name(row if found is None else row.partnership, enterprise)}
        for row in page.object_list
    ]
    return render(request, "talks/threads.html", {"page": page, "sought": sought, "enterprise": enterprise})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@unless_suspended
@never_cache
@show_refusals
def thread(request: HttpRequest, key: str) -> HttpResponse:
    """One thread, the page with its newest messages or with that named by ``at``; reading marks it as read, and by
    POST one writes.
    """
    partnership = get_object_or_404(partnerships_visible_to(user=request.user), key=key)
    user = signed_in_user(request)
    require(can_read_thread(user, partnership))
    enterprise = firm_in(partnership, user, acting_enterprise(request))
    form = MessageForm(request.POST) if request.method == "POST" else MessageForm()

    def send(values: dict[str, Any]) -> None:
        send_message(partnership=partnership, actor=user, enterprise=enterprise, **values)

    if form.is_bound and form.carried_out(send):
        messages.success(request, _("Sent. The other side is told."))
        return redirect(f"{reverse('web:talks:thread', args=[key])}#write")
    rows = messages_shown(user=user, partnership=partnership).order_by("-pk")
    at = newer_count(user=user, partnership=partnership, key=request.GET.get("at", "")) // PAGE + 1
    page = Paginator(rows, PAGE).get_page(request.GET.get("page") or at)
    page.object_list = list(page.object_list)[::-1]
    if any(message.is_new for message in page.object_list):
        read_thread(partnership=partnership, actor=user)
    context = {
        "partnership": partnership,
        "line": line_of(partnership, enterprise),
        "page": page,
        "form": form,
        "may_write": bool(can_write_in_thread(user, partnership)),
    }
    return render(request, "talks/thread.html", context, status=422 if form.errors else 200)
