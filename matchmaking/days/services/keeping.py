"""What the services of matchmaking days share: the lock, the version, the record, and telling firms one fact once."""

from collections.abc import Iterable

from accounts.choices import NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change
from accounts.services.notices import notify_firms
from matchmaking.days.models import Guest, MatchDay

PAGE, LOOKED_AFTER = "web:days:day", "web:days:coordinated"
"""The page of a day for a firm, and for who looks after it."""


def locked_day(day: MatchDay) -> MatchDay:
    """The day as it stands now, kept from others until the unit of work ends: the one lock of each act about it."""
    rows = MatchDay.objects.select_for_update(of=("self",), no_key=True).select_related("made_by")
    found: MatchDay = rows.get(pk=day.pk)
    return found


def guest_now(guest: Guest, day: MatchDay) -> Guest:
    """The guest as it stands under the lock of its ``day``."""
    row: Guest = Guest.objects.select_related("enterprise").get(pk=guest.pk)
    row.day = day
    return row


def keep_day(day: MatchDay) -> None:
    """Write the day with its next version."""
    day.version += 1
    day.save()


def note_day(*, day: MatchDay, verb: Verb, actor: User | None, facts: dict[str, object] | None = None) -> None:
    """A line about the day that names no firm."""
    record_change(thing=day, verb=verb, actor=actor, facts=facts)


def note_firm(*, day: MatchDay, verb: Verb, firm: Enterprise, actor: User | None, act: str) -> None:
    """A line in a firm's own record; ``act`` says what was done, never what a firm wishes."""
    record_change(thing=day, verb=verb, actor=actor, enterprise=firm, facts={"act": act})


def tell_firms(day: MatchDay, guests: Iterable[Guest], kind: NoticeKind, about: str) -> None:
    """One notice to the members of each firm; ``about`` tells this fact from later ones of the same kind."""
    notify_firms(
        enterprises=[guest.enterprise for guest in guests],
        kind=kind,
        key=f"{day.key}:{about}",
        route=PAGE,
        thing_key=day.key,
        facts=facts_of(day),
    )


def facts_of(day: MatchDay) -> dict[str, object]:
    """What a notice about the day carries: its title in both languages, and no firm."""
    return {"title": f"{day.title_zh} · {day.title_en}", "day": day.day.isoformat()}
