"""Days and hours as a calendar file (RFC 5545), made by the library icalendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

MAKER = "-//Chuanyu Match//EN"


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar; days where ``begins`` is a date, ``ends`` the last of them, else moments.

    ``uid`` names it for ever, so that a file read again replaces what it put there; ``stamped_at`` is when the facts
    were settled, not when they were read: the same facts are the same bytes.
    """

    uid: str
    title: str
    begins: date | datetime
    ends: date | datetime
    stamped_at: datetime
    text: str = ""
    place: str = ""
    address: str = ""
    sequence: int = 0
    is_off: bool = False


def calendar_of(name: str, entries: Iterable[Entry]) -> bytes:
    """A calendar called ``name``."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for one in entries:
        calendar.add_component(_event(one))
    return calendar.to_ical()


def _event(one: Entry) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", one.stamped_at)
    event.add("summary", one.title)
    event.add("dtstart", one.begins)
    is_moment = isinstance(one.begins, datetime)
    event.add("dtend", one.ends if is_moment else one.ends + timedelta(days=1))
    event.add("sequence", one.sequence)
    if one.is_off:
        event.add("status", "CANCELLED")
    for name, value in (("description", one.text), ("location", one.place), ("url", one.address)):
        if value:
            event.add(name, value)
    return event
