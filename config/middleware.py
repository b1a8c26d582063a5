"""What holds for every door alike: what can be read at all, second factors of staff, and what the worker does soon."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _

from accounts.permissions import has_confirmed_address
from accounts.queries import COORDINATES
from accounts.services.outbox import take_changed, take_mail_due
from accounts.tasks import mail_notices
from config.unreadable import NulCharacter, unreadable
from matchmaking.consortia.queries.consortia import has_shares
from matchmaking.consortia.tasks import settle_consortia_for
from matchmaking.insights.tasks import follow_flows, follow_weak_links
from matchmaking.matching.tasks import encode_changed_postings
from matchmaking.partnerships.choices import WAITING
from matchmaking.partnerships.queries.queueing import firms_with_queue
from matchmaking.partnerships.tasks import let_waiting_in_after, review_quotes_for, time_interests

Answer = Callable[[HttpRequest], HttpResponse]
READING = ("GET", "HEAD", "OPTIONS", "TRACE")
NUL = "\0"
UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError)
MOVES_WEAK_LINKS = {"posting", "partnership", "enterprise", "enterprisecertificate"}
"""Things whose changes may move a weak link or a flow; what else does is found by the next round, or at night."""
SIGN_IN_PAGES = ("account_", "mfa_")
PREFERENCES = ("set_language", "web:pages:preferences")


class NoNulCharacters:
    """Refuses requests with a NUL in the address, a cookie or a form: no text has one and PostgreSQL stores none.

    JSON is left to the serializers, which name the field.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """400 or 413, as a problem document where programs ask and as a page elsewhere."""
        try:
            found = has_nul(request)
        except UNREADABLE as error:
            return unreadable(request, error)
        return unreadable(request, NulCharacter()) if found else self.get_response(request)


def has_nul(request: HttpRequest) -> bool:
    """Whether a NUL stands anywhere that is kept or looked up as text; a form that broke off is left to its view."""
    if NUL in request.path_info or NUL in unquote(request.META.get("QUERY_STRING", "")):
        return True
    if any(NUL in name or NUL in value for name, value in request.COOKIES.items()):
        return True
    if request.method in READING:
        return False
    try:
        return any(NUL in name or any(NUL in one for one in values) for name, values in request.POST.lists())
    except UnreadablePostError:
        return False


class SecondFactorForStaff:
    """Whoever sees more than a firm does needs an authenticator at every address, not in the administration alone.

    Staff, platform administrators and coordinators read others' business on the pages too. The administration also
    wants a staff account with a confirmed address, before its own sign-in form, which knows neither second factors
    nor rate limits.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the address is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Send whoever lacks it to set one up; visitors of the administration sign in, others are refused there."""
        match = request.resolver_match
        if match is None or is_open_without_second_factor(match):
            return None
        is_administration = "admin" in match.app_names
        user = request.user
        if is_administration and user.is_anonymous:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
        if is_administration and not user.is_staff:
            raise PermissionDenied
        if not needs_second_factor(user):
            return None
        has_factor = is_mfa_enabled(user, [Authenticator.Type.TOTP])
        if (is_administration or not has_factor) and not has_confirmed_address(user):
            messages.warning(request, _("Confirm your e-mail address before you go on."))
            return redirect("account_email")
        if not has_factor:
            messages.warning(request, _("Set up an authenticator app before you go on: you see what others may not."))
            return redirect("mfa_activate_totp")
        return None


def needs_second_factor(user: Any) -> bool:
    """Whether ``user`` may see more than a firm does; asks no query."""
    return bool(user.is_staff or user.is_superuser or getattr(user, COORDINATES, False))


def is_open_without_second_factor(match: ResolverMatch) -> bool:
    """Pages of signing in and of second factors, and what a reader prefers."""
    is_sign_in = not match.namespaces and (match.url_name or "").startswith(SIGN_IN_PAGES)
    return is_sign_in or match.view_name in PREFERENCES


class MailAfterWrites:
    """Starts the task that mails what a request left; the rows themselves are what is never lost."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer first, then ring the bell."""
        take_mail_due()
        response = self.get_response(request)
        if take_mail_due() and request.method not in READING:
            mail_notices.enqueue()
        return response


class FollowChanges:
    """Starts what follows from a change: texts of postings are read, quotes for them may have to be confirmed, sets of
    suppliers lose a member or are delivered, whoever waits before a firm is let in, weak links and flows are counted
    again; and sets the clock for what time ends.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer first, then ring the bell."""
        take_changed()
        response = self.get_response(request)
        changed = take_changed()
        numbers = sorted({key for thing, key, _left in changed if thing == "posting"})
        if numbers:
            encode_changed_postings.enqueue(numbers)
            review_quotes_for.enqueue(numbers)
        keys = sorted({key for thing, key, _left in changed if thing == "partnership"})
        if keys and has_shares(keys):
            settle_consortia_for.enqueue(keys)
        # Who leaves the queue frees no place, but a round that had just chosen that request let nobody in.
        freed = sorted({key for thing, key, left in changed if thing == "partnership" and left in WAITING})
        if freed and firms_with_queue(freed):
            let_waiting_in_after.enqueue(freed)
        time_interests(postings=numbers, partnerships=keys)
        if any(thing in MOVES_WEAK_LINKS for thing, _key, _left in changed):
            follow_weak_links.enqueue()
            follow_flows.enqueue()
        return response
