"""What holds for every door alike: who may open the administration at all, and that waiting mail is sent soon."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import has_confirmed_address
from accounts.services.outbox import take_mail_due
from accounts.tasks import mail_notices

Answer = Callable[[HttpRequest], HttpResponse]
READING = ("GET", "HEAD", "OPTIONS", "TRACE")


class SecondFactorForStaff:
    """Every address of the administration wants a staff account with a confirmed address and an authenticator.

    It stands before the admin site's own sign-in form, which knows neither second factors nor rate limits.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the address is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Send visitors to sign in, staff without a second factor to set one up; others are refused."""
        match = request.resolver_match
        if match is None or "admin" not in match.app_names:
            return None
        user = request.user
        if user.is_anonymous:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
        if not user.is_staff:
            raise PermissionDenied
        if not has_confirmed_address(user):
            messages.warning(request, _("Confirm your e-mail address before you open the administration."))
            return redirect("account_email")
        if not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            messages.warning(request, _("Set up an authenticator app before you open the administration."))
            return redirect("mfa_activate_totp")
        return None


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
