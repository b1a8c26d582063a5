"""A firm gives up its place: its meetings fall out, whom they concern is told at once, the coordinator too."""

from django.db.models import Q

from accounts.choices import NoticeKind
from accounts.services.notices import notify_user
from matchmaking.days.choices import DayState
from matchmaking.days.models import DayMeeting, Guest, MatchDay
from matchmaking.days.services.keeping import LOOKED_AFTER, facts_of, keep_day, tell_firms


def drop_gone(day: MatchDay) -> int:
    """Drop the meetings of firms that have no place any more, as one that was suspended. Gives how many fell out."""
    standing = DayMeeting.objects.filter(plan__day=day, plan__published_at__isnull=False).standing()
    planned = {pk for pair in standing.values_list("first", "second") for pk in pair}
    coming = set(Guest.objects.filter(day=day).coming().values_list("pk", flat=True))
    gone = list(Guest.objects.filter(pk__in=planned - coming).select_related("enterprise").order_by("pk"))
    if gone:
        keep_day(day)
    return sum(drop_meetings_of(_at(guest, day)) for guest in gone)


def _at(guest: Guest, day: MatchDay) -> Guest:
    guest.day = day
    return guest


def drop_meetings_of(guest: Guest) -> int:
    """Take the guest's meetings out of a published plan, inside the caller's unit of work and the lock of its day.

    Who opened the day and the firms that lose a meeting are told. Gives how many fell out. The free places are filled
    afterwards, by the worker.
    """
    day = guest.day
    if day.state != DayState.PUBLISHED:
        return 0
    rows = DayMeeting.objects.filter(Q(first=guest) | Q(second=guest), plan__day=day, plan__published_at__isnull=False)
    lost = list(rows.standing().select_related("first__enterprise", "second__enterprise").order_by("slot"))
    DayMeeting.objects.filter(pk__in=[one.pk for one in lost]).update(is_off=True)
    others = [one.second if one.first_id == guest.pk else one.first for one in lost]
    tell_firms(day, others, NoticeKind.DAY_MOVED, f"lost:{day.version}")
    if day.made_by is not None:
        notify_user(
            user=day.made_by,
            kind=NoticeKind.DAY_LEFT,
            key=f"{day.key}:{day.version}",
            route=LOOKED_AFTER,
            thing_key=day.key,
            facts=facts_of(day),
        )
    return len(lost)
