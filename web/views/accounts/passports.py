"""A firm's capability passport: its page and paper for whoever it lets in, and what its owners say about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import PassportLevel
from accounts.permissions import can_edit_enterprise, can_open_passport
from accounts.queries import passport_of, passport_with_token
from accounts.services.passports import renew_passport_link, set_passport_level
from common.errors import require
from common.reasons import Reason
from matchmaking.partnerships.queries.passports import PassportFacts, passport_facts
from web.access import membership_required, required_enterprise, show_refusals, signed_in_user
from web.forms.accounts.passports import PassportForm
from web.papers.passports import code_address, code_drawing, passport_paper, passport_sections, verified_line
from web.papers.sending import PDF, handed_out

PAGE = "web:accounts:own_passport"
ROBOTS = "X-Robots-Tag"


@require_safe
@never_cache
def scanned(request: HttpRequest, token: str) -> HttpResponseRedirect:
    """From the code on a paper to the page in the language of who scans it, whatever the link is worth."""
    with override(get_language_from_request(request)):
        return redirect("web:accounts:passport", token)


@require_safe
@never_cache
def passport(request: HttpRequest, token: str) -> HttpResponse:
    """The page of facts, for whoever the firm lets in; no search engine keeps it."""
    shown = passport_with_token(token)
    answer = closed_to(request, shown) or render(request, "accounts/passport.html", _page_of(shown))
    answer[ROBOTS] = "noindex"
    return answer


@require_safe
@never_cache
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """The same as a PDF in the language of the page."""
    shown: Any = passport_with_token(token)
    refused = closed_to(request, shown)
    if refused is not None:
        return refused
    content = passport_paper(passport=shown, facts=_facts_of(shown.enterprise))
    return handed_out(content, media_type=PDF, name=f"passport-{shown.enterprise.key}.pdf")


def closed_to(request: HttpRequest, shown: Any) -> HttpResponse | None:
    """What the reader gets in place of the passport, None for whoever may open it.

    A link that was renewed, one to a closed passport and one made up are answered alike.
    """
    verdict = can_open_passport(request.user, shown) if shown is not None else None
    if verdict:
        return None
    if verdict is None or verdict.reason != Reason.REFUSAL_NOT_YOURS:
        heading = _("This link is over")
        advice = _("The firm has closed its capability passport or renewed the link. Ask it for the new one.")
        return render(request, "pages/error.html", {"heading": heading, "advice": advice, "status": 404}, status=404)
    if request.user.is_anonymous:
        return redirect_to_login(request.get_full_path())
    heading = _("For members of verified firms")
    advice = _("The firm shows its capability passport to members of firms that the platform has checked.")
    return render(request, "pages/error.html", {"heading": heading, "advice": advice, "status": 403}, status=403)


def _facts_of(enterprise: Any) -> PassportFacts:
    return passport_facts(enterprise=enterprise, day=timezone.localdate())


def _page_of(shown: Any) -> dict[str, Any]:
    address = code_address(shown.token)
    return {**_told_of(shown.enterprise), "passport": shown, "address": address, "code": code_drawing(address)}


def _told_of(enterprise: Any) -> dict[str, Any]:
    facts = _facts_of(enterprise)
    return {
        "enterprise": enterprise,
        "sections": passport_sections(facts),
        "day": facts.day,
        "verified_line": verified_line(enterprise),
        "withheld": facts.withheld,
    }


@require_safe
@membership_required
@never_cache
def preview(request: HttpRequest) -> HttpResponse:
    """The page as others see it, or would once it is opened: it tells members nothing more."""
    return render(request, "accounts/passport.html", {**_told_of(required_enterprise(request)), "is_preview": True})


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """Who may open the passport of the enterprise that one acts for, and its link."""
    enterprise = required_enterprise(request)
    is_sent = request.method == "POST"
    if is_sent:
        require(can_edit_enterprise(request.user, enterprise))
    kept = passport_of(request.user, enterprise)
    form = PassportForm(
        request.POST if is_sent else None, initial={"level": kept.level if kept else PassportLevel.CLOSED}
    )
    actor = signed_in_user(request)
    if is_sent and form.carried_out(lambda told: set_passport_level(enterprise=enterprise, actor=actor, **told)):
        messages.success(request, _("Saved. It holds from this moment."))
        return redirect(PAGE)
    address = code_address(kept.token) if kept and can_open_passport(request.user, kept) else ""
    context = {
        "enterprise": enterprise,
        "form": form,
        "passport": kept,
        "address": address,
        "code": code_drawing(address) if address else "",
        "may_edit": bool(can_edit_enterprise(request.user, enterprise)),
    }
    return render(request, "accounts/own_passport.html", context, status=422 if form.errors else 200)


@require_POST
@membership_required
@show_refusals
def renew(request: HttpRequest) -> HttpResponse:
    """Another link; papers and codes handed out before lead nowhere from now on."""
    renew_passport_link(enterprise=required_enterprise(request), actor=signed_in_user(request))
    messages.success(request, _("The link is new. Papers with the old code say that their link is over."))
    return redirect(PAGE)
