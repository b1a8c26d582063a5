"""How notices reach a person: the count that keeps itself fresh, when mails come, and the link that stops them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Pace, Topic
from accounts.queries import unread_notices_of
from accounts.services.paces import choose_paces, stop_mails_by_link, stop_of_token
from web.access import show_refusals, signed_in_user
from web.forms.accounts.mails import MailForm

NOTHING_NEW = 204
LONGEST_COUNT = 9


@require_safe
@never_cache
def unread(request: HttpRequest) -> HttpResponse:
    """The count of unread notices for the bar, empty while it is what the page shows already; asked every minute.

    A list of notices that stands on the page hears of it. Who has signed out meanwhile gets nothing.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=NOTHING_NEW)
    count, seen = unread_notices_of(request.user).count(), request.GET.get("seen", "")[:LONGEST_COUNT]
    if str(count) == seen:
        return HttpResponse(status=NOTHING_NEW)
    response = render(request, "shared/_unread.html", {"unread": count})
    response["HX-Trigger"] = "notices"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@show_refusals
def mails(request: HttpRequest) -> HttpResponse:
    """When mails about each topic come."""
    person = signed_in_user(request)
    form = MailForm(request.POST or None, paces=person.mail_paces)
    if request.method == "POST" and form.carried_out(
        lambda values: choose_paces(person=person, actor=person, paces=values)
    ):
        messages.success(request, _("Your settings are saved."))
        return redirect("web:accounts:mails")
    return render(request, "accounts/mails.html", {"form": form}, status=422 if form.errors else 200)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@show_refusals
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail, without signing in: one press that stops mails of one topic, or the collected ones.

    Mail programs post here by themselves when their reader asks, without a cookie; the signed token is the right.
    """
    what = stop_mails_by_link(token=token) if request.method == "POST" else stop_of_token(token)[1]
    name = Topic(what).label if what in Topic.values else Pace(what).label
    context = {"token": token, "name": name, "is_stopped": request.method == "POST"}
    return render(request, "accounts/stop_mails.html", context)
