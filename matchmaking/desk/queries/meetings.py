"""Meetings and hand-made pairs as their readers see them."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Enterprise
from accounts.querysets import Actor
from matchmaking.desk.models import HandPair, Meeting, MeetingTime
from matchmaking.insights.queries.coordination import Scope
from matchmaking.partnerships.choices import Side

RELATED = ("called_by", "partnership__need__enterprise", "partnership__capacity__enterprise")


def meetings_visible_to(user: Actor) -> QuerySet[Meeting]:
    """Those that ``user`` takes part in or looks after, the newest first, times filled."""
    rows: QuerySet[Meeting] = Meeting.objects.visible_to(user).select_related(*RELATED)
    return rows.prefetch_related("times")


def meetings_of(enterprise: Enterprise) -> QuerySet[Meeting]:
    """Those to which ``enterprise`` is asked, what waits for it first."""
    need = Meeting.objects.filter(partnership__need__enterprise=enterprise)
    capacity = Meeting.objects.filter(partnership__capacity__enterprise=enterprise)
    return (need | capacity).select_related(*RELATED).order_by("-pk")


def meetings_in(scope: Scope) -> QuerySet[Meeting]:
    """Those of partnerships that are looked after, the newest first."""
    rows = Meeting.objects.filter(partnership__in=scope.partnerships.order_by().values("pk"))
    return rows.select_related(*RELATED).order_by("-pk")


def common_time(meeting: Meeting) -> MeetingTime | None:
    """The earliest proposed time ahead at which both sides can."""
    ahead = meeting.times.filter(suits_need=True, suits_capacity=True, begins_at__gt=timezone.now())
    found: MeetingTime | None = ahead.order_by("begins_at").first()
    return found


def has_answered(meeting: Meeting, side: Side) -> bool:
    """Whether ``side`` has said which times suit."""
    told = meeting.need_answered_at if side == Side.NEED else meeting.capacity_answered_at
    return told is not None


def hand_pairs_of_member(user: Actor) -> QuerySet[HandPair]:
    """Pairs with a posting of one of ``user``'s firms, both postings filled."""
    rows: QuerySet[HandPair] = HandPair.objects.of_member(user)
    return rows.select_related(
        "need__enterprise", "need__node", "need__region", "capacity__enterprise", "capacity__node", "capacity__region"
    )
