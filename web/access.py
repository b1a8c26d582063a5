"""Who is asking at the HTML door, what every page shows, and how a refusal looks there."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import check_password
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext

from accounts.choices import Role
from accounts.models import Enterprise, Membership, User
from accounts.permissions import HELD_ROLES
from accounts.queries import acting_memberships, coordinates
from accounts.querysets import HELD_FIRMS, HELD_SCOPES, review_scopes
from common.errors import Invalid, Refused, Stale
from common.reason_texts import text_of
from common.reasons import Reason
from common.values import normalise_code
from web.templatetags.layout import Reader

View = Callable[..., HttpResponseBase]
ACTING = "acting_enterprise"
KEPT_ACTING = "_acting_membership"
KEPT_ALL = "_memberships"
THEME_COOKIE = "theme"
THEMES = ("light", "dark", "auto")
ENGLISH_PREFIX = "/en"
PROSE_FIELDS = (
    "text", "answer", "note", "reason", "terms", "plan", "lines", "times", "introduction", "row", "remarks", "subject",
    "topic",
)  # fmt: skip
"""What people write in words of their own, by the names of the fields."""
SECRET_FIELDS = ("csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "secret")


def acting_membership(request: HttpRequest) -> Membership | None:
    """The membership that the reader acts under: the one chosen in this session, else the first.

    Nobody acts for a suspended enterprise; it is given only where the reader has no other.
    """
    if request.user.is_anonymous:
        return None
    if not hasattr(request, KEPT_ACTING):
        mine: list[Membership] = list(acting_memberships(user=request.user))
        chosen = request.session.get(ACTING)
        setattr(request, KEPT_ALL, mine)
        open_ones = [one for one in mine if one.enterprise.suspended_at is None] or mine
        first = open_ones[0] if open_ones else None
        setattr(request, KEPT_ACTING, next((m for m in open_ones if m.enterprise.key == chosen), first))
        if request.method in ("GET", "HEAD"):
            setattr(request.user, HELD_ROLES, {m.enterprise_id: Role(m.role) for m in mine})
            setattr(request.user, HELD_FIRMS, {m.enterprise_id: m.enterprise.suspended_at is None for m in mine})
    found: Membership | None = getattr(request, KEPT_ACTING)
    return found


def acting_enterprise(request: HttpRequest) -> Enterprise | None:
    """The enterprise that the reader acts for, None for a visitor or a user without one."""
    membership = acting_membership(request)
    return membership.enterprise if membership else None


def own_memberships(request: HttpRequest) -> list[Membership]:
    """Every membership that the reader may act under, the oldest first, without another query."""
    acting_membership(request)
    return list(getattr(request, KEPT_ALL, []))


def signed_in_user(request: HttpRequest) -> User:
    """The reader as a user, behind ``login_required`` or ``membership_required``; 404 for a visitor."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def required_enterprise(request: HttpRequest) -> Enterprise:
    """The enterprise that the reader acts for, behind ``membership_required``; 404 where there is none."""
    enterprise = acting_enterprise(request)
    if enterprise is None:
        raise Http404
    return enterprise


def unless_suspended(view: View) -> View:
    """Keep who belongs to suspended enterprises alone, and signed in, at the page that says why and how to appeal."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        enterprise = acting_enterprise(request)
        if enterprise is not None and enterprise.suspended_at is not None:
            return redirect("web:moderation:suspended")
        return view(request, *args, **kwargs)

    return guarded


def membership_required(view: View) -> View:
    """Let in people signed in who belong to an enterprise; others sign in, or are shown where to register one.

    Who belongs to suspended ones alone is shown why, and how to appeal.
    """

    @wraps(view)
    @login_required
    @unless_suspended
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if acting_enterprise(request) is None:
            messages.info(request, gettext("Register your enterprise or join one first. Then you can go on here."))
            query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return redirect(f"{reverse('web:accounts:register_enterprise')}{'?' if query else ''}{query}")
        return view(request, *args, **kwargs)

    return guarded


def coordination_required(view: View) -> View:
    """Let in people with a right to coordinate that holds today, and platform administrators; 403 for others.

    Asked anew at each request, so that a right that ended or was taken back closes every page at once.
    """

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not coordinates(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def hold_scopes(request: HttpRequest) -> None:
    """Read the reader's scopes once for this one request, on a page that only reads and asks for them often."""
    setattr(request.user, HELD_SCOPES, review_scopes(request.user))


def show_refusals(view: View) -> View:
    """Turn what a service raises on purpose into a page that says why and what to do; a fragment for htmx.

    Refused is 409 (403 for not_yours), Invalid 422, Stale 409 with what was typed, so that nothing is lost.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return refusal_page(request, refusal)
        except Invalid as refusal:
            return invalid_page(request, refusal)
        except Stale as refusal:
            return stale_page(request, refusal)

    return shown


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Why something may not be done, or not now."""
    status = 403 if refusal.reason == Reason.REFUSAL_NOT_YOURS else 409
    context = {"reason": refusal.reason, "facts": refusal.facts, "back": back_address(request)}
    context["typed"] = words_typed(request)
    if refusal.reason == Reason.REFUSAL_NOT_YOURS:
        context |= reading_only(request)
    return answer(request, "shared/_refused.html", "pages/refused.html", context, status)


def reading_only(request: HttpRequest) -> dict[str, Any]:
    """For somebody who may only read at the firm they act for: the firm, and the owners to ask for more."""
    membership = acting_membership(request)
    if membership is None or membership.role != Role.VIEWER:
        return {}
    owners = membership.enterprise.memberships.active().filter(role=Role.OWNER).select_related("user")
    return {"reads_only": membership.enterprise, "owners": [str(owner.user) for owner in owners]}


def invalid_page(request: HttpRequest, refusal: Invalid) -> HttpResponse:
    """What was wrong with values that did not come from one of our forms."""
    language = get_language() or "zh-hans"
    found = [
        text_of(reason, language, refusal.facts.get(name)) if isinstance(reason, Reason) else str(reason)
        for name, reason in refusal.fields.items()
    ]
    context = {"problems": found, "back": back_address(request), "typed": words_typed(request)}
    return answer(request, "shared/_refused.html", "pages/refused.html", context, 422)


def stale_page(request: HttpRequest, refusal: Stale) -> HttpResponse:
    """Somebody was faster: shows what the reader typed, to be carried over into the page as it stands now."""
    context = {"typed": typed_in(request), "seen": refusal.seen, "current": refusal.current, "back": request.path}
    return answer(request, "shared/_stale.html", "pages/stale.html", context, 409)


def typed_in(request: HttpRequest) -> dict[str, list[Any]]:
    """What a form was sent with, by field; neither empty fields nor secrets."""
    return {name: values for name, values in request.POST.lists() if name not in SECRET_FIELDS and any(values)}


def words_typed(request: HttpRequest) -> dict[str, list[Any]]:
    """What a form was sent with in words of the reader's own, by field; no codes, which are chosen again at once."""
    words = {name: values for name, values in typed_in(request).items() if name in PROSE_FIELDS}
    codes = {reason.value for reason in Reason}
    return {name: values for name, values in words.items() if not codes.issuperset(values)}


def answer(request: HttpRequest, fragment: str, page: str, context: Mapping[str, Any], status: int) -> HttpResponse:
    """The fragment where htmx asks, else the whole page."""
    is_fragment = bool(getattr(request, "htmx", False))
    return render(request, fragment if is_fragment else page, dict(context), status=status)


def back_address(request: HttpRequest) -> str:
    """Where the reader came from, when that is one of our own pages; else the home page."""
    return safe_address(request, request.META.get("HTTP_REFERER", "")) or reverse("web:pages:home")


def safe_address(request: HttpRequest, address: str) -> str:
    """``address`` if it leads to this site, else nothing."""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else ""


def way_back(request: HttpRequest) -> str:
    """Where a form goes on after saving, as its link or the form itself brought it; nothing where neither did."""
    return safe_address(request, request.POST.get("back") or request.GET.get("back", ""))


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page shows; all that costs a query waits until a template asks for it."""
    match = request.resolver_match
    here = match.view_name.removeprefix("web:") if match else ""
    return {
        **bare_context(request, here),
        "acting": SimpleLazyObject(lambda: acting_membership(request)),
        "reads_details": SimpleLazyObject(lambda: reads_details(request)),
        "reader": lambda: reader_of(request),
        "unread_notices": SimpleLazyObject(lambda: unread_notices(request)),
    }


def bare_context(request: HttpRequest, here: str = "") -> dict[str, Any]:
    """The part of every page that needs neither a user nor the database; ``here`` is the name of the page."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "page_name": here,
        "theme": theme if theme in THEMES else "auto",
        "here": request.get_full_path(),
        "other_language_address": other_language_address(request),
        "icp_record": settings.ICP_RECORD,
        "contact_address": settings.CONTACT_ADDRESS,
    }


def reader_of(request: HttpRequest) -> Reader:
    """Who asks, as the top of a page tells it; nobody where a request was refused before its user was read."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return Reader()
    acting = acting_membership(request)
    return Reader(
        name=str(user),
        enterprise_key=acting.enterprise.key if acting else "",
        enterprise_name=acting.enterprise.name if acting else "",
        role=str(acting.get_role_display()) if acting else "",
        unread=unread_notices(request),
        coordinates=coordinates(user),
        is_staff=user.is_staff,
    )


def reads_details(request: HttpRequest) -> bool:
    """Whether the reader sees others' texts and exact quantities: a member of a firm in good standing."""
    enterprise = acting_enterprise(request)
    is_member = enterprise is not None and enterprise.suspended_at is None
    return is_member or bool(request.user.is_active and request.user.is_superuser)


def unread_notices(request: HttpRequest) -> int:
    """How many notices the reader has not opened; read beside the memberships, unless this request may change it."""
    if request.user.is_anonymous:
        return 0
    mine: list[Any] = own_memberships(request) if request.method in ("GET", "HEAD") else []
    return int(mine[0].unread if mine else request.user.notices.unread().count())


def other_language_address(request: HttpRequest) -> str:
    """This page, filters and all, in the other language: the prefix of the path tells which."""
    path = request.path_info
    is_english = path == ENGLISH_PREFIX or path.startswith(f"{ENGLISH_PREFIX}/")
    turned = path.removeprefix(ENGLISH_PREFIX) if is_english else f"{ENGLISH_PREFIX}{path}"
    query = request.META.get("QUERY_STRING", "")
    return f"/{turned.lstrip('/')}{'?' if query else ''}{query}"


def redirect_back(request: HttpRequest, address: str) -> HttpResponseRedirect:
    """To ``address`` when it is ours, else to the home page."""
    return HttpResponseRedirect(safe_address(request, address) or reverse("web:pages:home"))


def proven(request: HttpRequest, secret: str) -> None:
    """Go on only where ``secret`` is the reader's password or the code that their authenticator app shows now.

    Refuses wrong_secret, too many attempts too. Signing in again is not asked for: who signs has the page before them.
    """
    user = signed_in_user(request)
    allowed = ratelimit.consume(request, action="reauthenticate", user=user)
    # Compared, not hashed anew: a hash that changes would sign the reader out behind their signature.
    if allowed and (check_password(secret, user.password) or is_current_code(user, secret)):
        return
    raise Refused(Reason.REFUSAL_WRONG_SECRET)


def is_current_code(user: User, code: str) -> bool:
    """Whether ``code`` is what the authenticator app of ``user`` shows; each is taken once."""
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return bool(factor and factor.wrap().validate_code(code.strip()))


LONGEST_VERSION = 9
"""Digits of a version that are read; more is none of ours."""


def seen_versions(request: HttpRequest) -> tuple[int, int] | None:
    """The versions of need and capacity that the sent page showed; None where it names none."""
    sent = [normalise_code(request.POST.get(name, "")) for name in ("need_version", "capacity_version")]
    if not all(text.isascii() and text.isdecimal() and len(text) <= LONGEST_VERSION for text in sent):
        return None
    need, capacity = (int(text) for text in sent)
    return need, capacity
