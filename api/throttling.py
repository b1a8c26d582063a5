"""How often a partner system may ask, and how each answer tells what is left."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.services.quotas import Quota, take_call

QUOTA = "_quota"
"""Where a request keeps what is left, for the headers of its answer."""
HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


class OverQuota(APIException):
    """One call too many; ``wait`` in seconds becomes Retry-After."""

    status_code, default_code = status.HTTP_429_TOO_MANY_REQUESTS, "throttled"

    def __init__(self, text: str, wait: int) -> None:
        self.wait = wait
        super().__init__(text)


class ClientQuota(BaseThrottle):
    """So many calls a minute for each system, counted once for all processes. Whoever shows no token got 401 before."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Counts the call. Refuses (429) one too many, with the seconds to wait as Retry-After."""
        acting: Any = request.auth
        if acting is None:
            return True
        quota = take_call(client=acting.client)
        setattr(request, QUOTA, quota)
        if quota.is_exceeded:
            text = _("At most {limit} calls a minute; ask again in {seconds} seconds.")
            raise OverQuota(text.format(limit=quota.limit, seconds=quota.resets_in), quota.resets_in)
        return True


def tell_quota(request: Request, answer: Response) -> None:
    """Adds what is left of the quota to an answer, where the call was counted."""
    quota: Quota | None = getattr(request, QUOTA, None)
    if quota is not None:
        for name, value in zip(HEADERS, (quota.limit, max(0, quota.left), quota.resets_in), strict=True):
            answer[name] = str(value)
