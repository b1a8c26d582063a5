"""How many calls a partner system may make: counted by the minute, once for all processes and machines."""

import time
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.db import OperationalError
from django.db.models import F

from accounts.models import ApiClient

MINUTE = 60
LEASES_A_MINUTE = 30
"""Into how many parts a minute's calls are cut: a process takes one at a time, lest every call writes a row."""


@dataclass(frozen=True)
class Quota:
    """What a system may still do: ``left`` calls until ``resets_in`` seconds from now; less than none was refused."""

    limit: int
    left: int
    resets_in: int

    @property
    def is_exceeded(self) -> bool:
        """Whether the call was one too many."""
        return self.left < 0


@dataclass
class Lease:
    """Calls that this process may let through, and those that others may still take."""

    minute: int
    left: int
    elsewhere: int


_leases: dict[str, Lease] = {}
_looking = Lock()


def take_call(*, client: ApiClient) -> Quota:
    """Count a call of ``client``; each call that the minute has is let through once, whichever process is asked.

    While the database cannot be written each process lets through that many: reading goes on.
    """
    limit, now = settings.API_CALLS_A_MINUTE, time.time()
    minute, resets_in = int(now // MINUTE), MINUTE - int(now % MINUTE)
    lease = _held(client.client_id, minute)
    if lease is None:
        lease = _lease(client, minute, limit)
    with _looking:
        known = _leases.get(client.client_id)
        if known is not None and known is not lease and known.minute == minute:
            lease.left += max(0, known.left)
        _leases[client.client_id] = lease
        lease.left -= 1
        return Quota(limit, max(lease.left + lease.elsewhere, -1), resets_in)


def _held(name: str, minute: int) -> Lease | None:
    """What this process holds of the minute's calls, unless it has used them up and may ask for more."""
    with _looking:
        lease = _leases.get(name)
        if lease is None or lease.minute != minute or (lease.left < 1 and lease.elsewhere):
            return None
        return lease


def _lease(client: ApiClient, minute: int, limit: int) -> Lease:
    """The next part of the minute's calls, cut short where they end."""
    part = max(1, limit // LEASES_A_MINUTE)
    try:
        taken = _take(client, minute, part)
    except OperationalError:
        return Lease(minute, limit, 0)
    return Lease(minute, max(0, min(part, limit - taken + part)), max(0, limit - taken))


def _take(client: ApiClient, minute: int, part: int) -> int:
    """How many of the minute's calls are given out, these ``part`` included."""
    rows = ApiClient.objects.filter(pk=client.pk)
    rows.filter(quota_minute__lt=minute).update(quota_minute=minute, quota_taken=0)
    rows.update(quota_taken=F("quota_taken") + part)
    return int(rows.values_list("quota_taken", flat=True).get())
