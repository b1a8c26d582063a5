"""Reminds the people who run parks of figures that are due."""

from datetime import date, timedelta

from django.utils.translation import override

from accounts.choices import NoticeKind
from accounts.services.changes import unit_of_work
from accounts.services.notices import notify_user
from matchmaking.parks.models import Park, ParkAdministrator
from matchmaking.parks.queries.figures import Quarter

GRACE = timedelta(days=10)
"""So long after its last day a quarter may be reported before anybody is reminded."""
AGAIN = timedelta(days=14)
"""Days between two reminders of one quarter."""
PAGE = "admin:parks_park_change"


@unit_of_work
def remind_of_figures(*, on: date) -> int:
    """Tell everybody who runs a park of which the last quarter is not submitted ``on`` that day, once every two weeks.

    Each reads it in their language. Returns how many people were told of a park; nobody is told twice on a day.
    """
    running = Quarter.of(on)
    due = running.back(1)
    waited = on - running.start
    if waited < GRACE:
        return 0
    turn = (waited - GRACE) // AGAIN
    late = Park.objects.with_figures_of(due.start).filter(submitted=0, listed_from__lt=running.start)
    grants = ParkAdministrator.objects.in_force().filter(park__in=late.values("pk"), user__is_active=True)
    told = 0
    for grant in grants.select_related("park", "user"):
        with override(grant.user.language):
            facts: dict[str, object] = {"title": f"{grant.park.name}, {due}"}
        key = f"{grant.park_id}:{due.start}:{turn}"
        notify_user(
            user=grant.user,
            kind=NoticeKind.FIGURES_DUE,
            key=key,
            route=PAGE,
            thing_key=str(grant.park_id),
            facts=facts,
        )
        told += 1
    return told
