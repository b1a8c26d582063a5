"""Plans: asked for by a coordinator, computed by the worker, published to the firms, mended when one falls out."""

from datetime import timedelta

from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import User
from accounts.services.changes import unit_of_work
from common.errors import Refused, require
from common.reasons import Reason
from matchmaking.days.choices import WAITING, DayState, PlanState
from matchmaking.days.models import DayMeeting, DayPlan, Guest, MatchDay
from matchmaking.days.permissions import can_plan_day, can_publish_plan
from matchmaking.days.queries.plans import published_plan
from matchmaking.days.services.falling_out import drop_gone
from matchmaking.days.services.keeping import keep_day, locked_day, note_day, note_firm, tell_firms
from matchmaking.days.services.solving import Inputs, figures_of, inputs_of, left_of, meetings_from, solved

KEPT = 5
"""Plans that are left of one day; older ones go when another is asked for."""
LOST_AFTER = timedelta(minutes=15)
"""A plan that waits longer has lost its worker, and may be asked for anew."""
TRIES = 3
"""How often a plan is mended anew because something changed while it was computed."""


@unit_of_work
def ask_plan(*, day: MatchDay, actor: User, seed: int = 1) -> DayPlan:
    """A plan to be made by the worker; one that still waits is not doubled.

    Refuses not_yours, nothing_waits, already_there, wishes_open, few_firms.
    """
    row = locked_day(day)
    require(can_plan_day(actor, row))
    own = DayPlan.objects.filter(day=row)
    waiting = own.filter(state__in=WAITING, created_at__gt=timezone.now() - LOST_AFTER).first()
    if waiting is not None:
        return waiting
    plan = DayPlan.objects.create(day=row, asked_by=actor, seed=seed)
    own.filter(pk__in=list(own.values_list("pk", flat=True)[KEPT:])).delete()
    note_day(day=row, verb=Verb.CHANGED, actor=actor, facts={"plan": plan.key})
    return plan


def make_plan(*, key: str) -> DayPlan | None:
    """Compute a plan that was asked for; twice gives the same rows. None when it is gone, ready or published."""
    plan = DayPlan.objects.select_related("day").filter(key=key, state__in=WAITING).first()
    if plan is None:
        return None
    DayPlan.objects.filter(pk=plan.pk).update(state=PlanState.RUNNING)
    try:
        inputs = inputs_of(plan.day)
        found = solved(inputs, seed=plan.seed)
        _keep_plan(plan=plan, inputs=inputs, rows=meetings_from(found, inputs), is_best=found.is_best,
                   figures=figures_of(inputs, found), left=left_of(found))  # fmt: skip
    except Exception:
        DayPlan.objects.filter(pk=plan.pk, state__in=WAITING).update(state=PlanState.FAILED)
        raise
    return plan


@unit_of_work
def _keep_plan(
    *,
    plan: DayPlan,
    inputs: Inputs,
    rows: list[DayMeeting],
    is_best: bool,
    figures: dict[str, int],
    left: list[dict[str, str]],
) -> None:
    locked_day(plan.day)
    if not DayPlan.objects.filter(pk=plan.pk, state__in=WAITING).exists():
        return  # another worker was faster
    plan.meetings.all().delete()
    for row in rows:
        row.plan = plan
    DayMeeting.objects.bulk_create(rows)
    plan.state, plan.inputs, plan.is_best, plan.made_at = PlanState.READY, inputs.digest, is_best, timezone.now()
    plan.figures, plan.left = figures, left
    plan.save()
    note_day(day=plan.day, verb=Verb.CHANGED, actor=None, facts={"plan": plan.key, "meetings": len(rows)})


@unit_of_work
def publish_plan(*, plan: DayPlan, actor: User) -> DayPlan:
    """Let each firm read its own meetings; all that take part are told.

    Refuses not_yours, nothing_waits, already_there, wishes_open, few_firms; plan_old where firms came or went since.
    """
    day = locked_day(plan.day)
    row = DayPlan.objects.get(pk=plan.pk)
    row.day = day
    require(can_publish_plan(actor, row))
    if inputs_of(day).digest != row.inputs:
        raise Refused(Reason.REFUSAL_PLAN_OLD)
    row.published_at = timezone.now()
    row.save()
    day.state = DayState.PUBLISHED
    keep_day(day)
    note_day(day=day, verb=Verb.PUBLISHED, actor=actor, facts={"plan": row.key})
    guests = list(Guest.objects.filter(day=day).coming().select_related("enterprise").order_by("pk"))
    for guest in guests:
        note_firm(day=day, verb=Verb.PUBLISHED, firm=guest.enterprise, actor=None, act="scheduled")
    tell_firms(day, guests, NoticeKind.DAY_SCHEDULED, "scheduled")
    return row


def mend_plan(*, key: str) -> int:
    """Fill the places that fell out of the published plan of the day with this key; no other meeting moves.

    Gives how many were put in. What changes while it computes makes it begin anew, up to ``TRIES`` times.
    """
    for _attempt in range(TRIES):
        day = _without_gone(key)
        plan = published_plan(day) if day is not None else None
        if day is None or plan is None:
            return 0
        inputs, standing = inputs_of(day), list(plan.meetings.standing())
        found = solved(inputs, seed=plan.seed, standing=standing)
        places = {(one.slot, one.table) for one in standing}
        added = [one for one in meetings_from(found, inputs) if (one.slot, one.table) not in places]
        plan.figures, plan.left = figures_of(inputs, found), left_of(found)
        if _keep_mended(day=day, plan=plan, added=added):
            return len(added)
    return 0


@unit_of_work
def _without_gone(key: str) -> MatchDay | None:
    """The published day with this key as long as it is not over, rid of the meetings of firms that are gone."""
    found = MatchDay.objects.filter(key=key, state=DayState.PUBLISHED, day__gte=timezone.localdate()).first()
    if found is None:
        return None
    day = locked_day(found)
    drop_gone(day)
    return day


@unit_of_work
def _keep_mended(*, day: MatchDay, plan: DayPlan, added: list[DayMeeting]) -> bool:
    """Whether nothing has changed since ``day`` was read; then the meetings are in, and whom they concern is told."""
    row = locked_day(day)
    if row.version != day.version or row.state != DayState.PUBLISHED:
        return False
    plan.save()
    if not added:
        return True
    keep_day(row)
    for one in added:
        one.plan = plan
    DayMeeting.objects.bulk_create(added)
    concerned = {pk for one in added for pk in (one.first_id, one.second_id)}
    guests = Guest.objects.filter(pk__in=concerned).select_related("enterprise").order_by("pk")
    tell_firms(row, guests, NoticeKind.DAY_MOVED, f"added:{row.version}")
    note_day(day=row, verb=Verb.CHANGED, actor=None, facts={"plan": plan.key, "added": len(added)})
    return True


def mend_days() -> int:
    """Mend every published day that is not over. Gives how many meetings were put in."""
    ahead = MatchDay.objects.filter(state=DayState.PUBLISHED, day__gte=timezone.localdate()).order_by("pk")
    return sum(mend_plan(key=key) for key in ahead.values_list("key", flat=True))
