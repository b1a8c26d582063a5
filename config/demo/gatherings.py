"""Matchmaking days of the demo: one to which firms still answer, one with its schedule."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from config.demo.rows import Book, demo_object
from matchmaking.days.choices import DayState
from matchmaking.days.models import Guest, MatchDay
from matchmaking.days.services.answers import answer_invitation, mark_firms
from matchmaking.days.services.days import Terms, invite_firms, open_day
from matchmaking.days.services.plans import ask_plan, make_plan, publish_plan
from reference.models import IndustryChain

HOST = "coordinator"
PLAIN = ("title_zh", "title_en", "place", "slot_minutes", "slots", "tables")


@unit_of_work
def play_days(*, people: Mapping[str, User], firms: Mapping[str, Enterprise], book: Book) -> int:
    """Days opened, answered and wished for by the people concerned; one is planned and published. Returns how many.

    To be played once, with people just made.
    """
    told = demo_object("story")["days"]
    for one in told:
        _play(one, people, firms, book)
    return len(told)


def _play(told: Any, people: Mapping[str, User], firms: Mapping[str, Enterprise], book: Book) -> None:
    host, today = people[HOST], timezone.localdate()
    terms = Terms(
        **{name: told[name] for name in PLAIN},
        begins_at=time.fromisoformat(told["begins_at"]),
        day=today + timedelta(days=told["in_days"]),
        marks_until=today,
    )
    regions = [book.regions[code] for code in told["regions"]]
    chains = list(IndustryChain.objects.filter(code__in=told["chains"]))
    day = open_day(actor=host, terms=terms, regions=regions, chains=chains, is_sample=True)
    guests = told["guests"]
    invite_firms(day=day, actor=host, enterprises=[firms[one["firm"]] for one in guests])
    rows = {row.enterprise_id: row for row in Guest.objects.filter(day=day).select_related("day")}
    at = {one["firm"]: rows[firms[one["firm"]].pk] for one in guests}
    for one in guests:
        if one["answer"]:
            answer_invitation(guest=at[one["firm"]], actor=people[one["by"]], accepts=one["answer"] == "yes")
    for one in guests:
        if one["wishes"]:
            wishes = {at[firm].pk: wish for firm, wish in one["wishes"].items()}
            mark_firms(guest=at[one["firm"]], actor=people[one["by"]], wishes=wishes)
    MatchDay.objects.filter(pk=day.pk).update(marks_until=today + timedelta(days=told["wishes_in_days"]))
    if told["is_published"]:
        plan = make_plan(key=ask_plan(day=day, actor=host).key)
        assert plan is not None
        publish_plan(plan=plan, actor=host)


def renew_days_of_gatherings(*, day: date) -> int:
    """Move sample days that are over, or to which nobody can answer any more, ahead of ``day`` again."""
    moved = 0
    for told in demo_object("story")["days"]:
        days = {name: day + timedelta(days=told[f"{name}in_days"]) for name in ("", "wishes_")}
        rows = MatchDay.objects.filter(is_sample=True, title_zh=told["title_zh"])
        stale = (
            rows.filter(state=DayState.PUBLISHED, day__lt=day)
            if told["is_published"]
            else rows.filter(state=DayState.OPEN, marks_until__lt=day)
        )
        moved += stale.update(day=days[""], marks_until=days["wishes_"])
    return moved
