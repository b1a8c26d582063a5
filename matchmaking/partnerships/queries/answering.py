"""Interests around their day of answer, and which firms were asked about a posting."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Membership, User
from matchmaking.partnerships.choices import ASKING, REACHING, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.queries.partnerships import RELATED, posting_of
from matchmaking.partnerships.querysets import PartnershipQuerySet
from matchmaking.postings.models import Posting


def interests_due(*, on: date, until: date) -> PartnershipQuerySet:
    """Interests to be answered from ``on`` to ``until``, both days included, that are not put off beyond ``on``."""
    awake = Q(snoozed_until=None) | Q(snoozed_until__lt=on)
    rows = Partnership.objects.filter(awake, state=State.INTERESTED, answer_by__gte=on, answer_by__lte=until)
    return rows.select_related(*RELATED).order_by("pk")


def asked_on(partnership: Partnership) -> date:
    """The day on which the interest that waits reached the firm that is asked."""
    rows = PartnershipEvent.objects.filter(partnership=partnership, act__in=REACHING)
    moment = rows.order_by("-pk").values_list("happened_at", flat=True).first()
    return timezone.localdate(moment or partnership.created_at)


def asker_of(partnership: Partnership) -> User | None:
    """Who declared the interest, as long as they still act for the firm, else its first editor or owner."""
    firm = posting_of(partnership, partnership.opened_by).enterprise_id
    able = Membership.objects.active().filter(enterprise=firm, user__is_active=True).exclude(role=Role.VIEWER)
    rows = PartnershipEvent.objects.filter(partnership=partnership, act__in=ASKING)
    actor = rows.order_by("-pk").values_list("actor", flat=True).first()
    found = able.filter(user=actor).first() or able.order_by("pk").first()
    return found.user if found else None


def firms_asked_about(posting: Posting) -> set[tuple[int, str]]:
    """The firms with which ``posting`` ever had a partnership, each as key and visibility: an alias is its own firm."""
    side, other = ("need", "capacity") if posting.is_need else ("capacity", "need")
    rows = Partnership.objects.filter(**{side: posting}).exclude(state=State.SUGGESTED)
    return set(rows.order_by().values_list(f"{other}__enterprise", f"{other}__visibility"))
