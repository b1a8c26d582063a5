"""How long somebody waits who did the same thing too often: read from what the limits of sign-in counted."""

import math
import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from accounts.models import User

APP = "allauth.account"
ACTIONS = {
    "account_login": "login",
    "account_signup": "signup",
    "account_email": "manage_email",
    "account_change_password": "change_password",
    "account_set_password": "change_password",
    "account_reset_password": "reset_password",
    "account_reset_password_from_key": "reset_password_from_key",
    "account_reauthenticate": "reauthenticate",
    "account_email_verification_sent": "confirm_email",
    "web:accounts:members": "invite_member",
    "web:accounts:network": "ask_network",
    "web:accounts:register_enterprise": "register_enterprise",
    "web:accounts:join_enterprise": "join_enterprise",
}
"""What is counted where: the name of an address to the name of the limit in ``ACCOUNT_RATE_LIMITS``."""
UNKNOWN_WAIT = 60
"""Seconds that are told where no limit is found used up; most count by the minute."""


def seconds_to_wait(request: HttpRequest) -> int:
    """Seconds until the refused request may be sent again."""
    match = request.resolver_match
    action = ACTIONS.get(match.view_name, "") if match else ""
    waits = [wait_of(request, action, rate) for rate in ratelimit.get_rates(app=APP, action=action)] if action else []
    return max([0, *waits]) or UNKNOWN_WAIT


def wait_of(request: HttpRequest, action: str, rate: ratelimit.Rate) -> int:
    """Seconds until ``rate`` lets the same happen again, 0 where it does already or counts somebody unknown."""
    user = request.user if isinstance(getattr(request, "user", None), User) else None
    key = request.POST.get("email", "").lower() or (user.email if isinstance(user, User) else "")
    if (rate.per == "user" and user is None) or (rate.per == "key" and not key):
        return 0
    # The library asks for these rows in the same words; it tells nobody how long a limit still holds.
    times = cache.get(ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key, user=user), [])
    now = time.time()
    counted = [one for one in times if one > now - rate.duration]
    return math.ceil(min(counted) + rate.duration - now) if len(counted) >= rate.amount else 0
