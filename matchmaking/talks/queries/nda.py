"""The confidentiality agreement: its text, and how it stands between two firms."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.utils import timezone

from accounts.models import Enterprise
from matchmaking.talks.choices import NDA_DIGESTS, NDA_RENEWABLE, NDA_VERSION
from matchmaking.talks.models import NdaAcceptance

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class NdaStanding:
    """The agreement as ``enterprise`` reads it: until when its own and the other firm's acceptance of a version holds,
    and until when both together do.
    """

    own_until: date | None
    their_until: date | None
    both_until: date | None

    @property
    def is_due(self) -> bool:
        """Whether one's own acceptance is missing or ends soon."""
        return self.own_until is None or self.own_until - timezone.localdate() <= NDA_RENEWABLE


@cache
def nda_text(version: int, language: str) -> str:
    """The words of a version, in Chinese for any language but English; KeyError for a version that there is not."""
    told = language if language in LANGUAGES else LANGUAGES[0]
    path = settings.FIXTURES / "nda" / f"{version}.{told}.txt"
    return str(path.read_text(encoding="utf-8")) if version in NDA_DIGESTS else NDA_DIGESTS[version]


def nda_digest() -> str:
    """What is accepted now: the digest of the present version."""
    return NDA_DIGESTS[NDA_VERSION]


def nda_between(enterprise: Enterprise, counterpart: Enterprise) -> NdaStanding:
    """How the agreement stands between two firms today, by one query."""
    pair = (enterprise.pk, counterpart.pk)
    rows = NdaAcceptance.objects.in_force().filter(enterprise__in=pair, counterpart__in=pair)
    ends: dict[tuple[int, int], date] = {}
    for row in rows.order_by("expires_on"):
        ends[(row.enterprise_id, row.version)] = row.expires_on
    together = [
        min(ends[(enterprise.pk, version)], ends[(counterpart.pk, version)])
        for version in NDA_DIGESTS
        if (enterprise.pk, version) in ends and (counterpart.pk, version) in ends
    ]
    return NdaStanding(
        own_until=ends.get((enterprise.pk, NDA_VERSION)),
        their_until=ends.get((counterpart.pk, NDA_VERSION)),
        both_until=max(together, default=None),
    )
