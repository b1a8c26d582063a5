"""The whole demo in one transaction: what is missing is made, what people changed stays, days move along."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from django.db import transaction

from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from common.errors import Refused
from common.reasons import Reason
from config.clock import Clock
from config.demo.corridor import load_corridor_samples
from config.demo.firms import credit_codes, load_firms, renew_certificates, told_firms
from config.demo.gatherings import play_days, renew_days_of_gatherings
from config.demo.past import Past, confirm_past
from config.demo.people import load_client, load_people
from config.demo.postings import load_postings, renew_days, told_postings
from config.demo.rows import Book, demo_object, demo_rows, open_book
from config.demo.story import keep_searches, list_suppliers, open_passports, play_interests, report_figures
from matchmaking.parks.models import Park


@dataclass(frozen=True)
class SeedFigures:
    """How many rows of each kind were made or moved."""

    firms: int
    postings: int
    people: int
    deals: int
    interests: int
    days: int
    searches: int
    figures: int
    passports: int
    suppliers: int
    corridor: int
    moved: int

    def __str__(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in asdict(self).items())

    @property
    def changes(self) -> int:
        """All of them together; 0 for a repeated run on the same day."""
        return sum(asdict(self).values())


@dataclass(frozen=True)
class Cast:
    """Sample firms and people by key: how many firms and which people are new, and how many deals they have made."""

    firms: Mapping[str, Enterprise]
    people: Mapping[str, User]
    new_firms: int
    new_people: set[str]
    deals: int = 0


@transaction.atomic
def load_demo(*, day: date) -> SeedFigures:
    """Make what is missing of the demo as of ``day`` and move its calendar there. Refuses wrong_state without parks.

    All or nothing; rows of other firms and people are never touched, sample rows that somebody edited neither. Where
    none of its firms and people is there yet, they join in the past and have made their deals since: each step of
    those is a unit of work of its own, so that it is recorded when it happened.
    """
    if not Park.objects.exists():
        raise Refused(Reason.REFUSAL_WRONG_STATE, state="no parks")
    book = open_book()
    cast = _with_past(day, book) if _is_first() else _gathered(day, book)
    return _load_present(day, book, cast)


def _is_first() -> bool:
    codes = credit_codes(told_firms()).values()
    addresses = [one["email"] for one in demo_rows("people")]
    return not (Enterprise.objects.filter(uscc__in=codes).exists() or User.objects.filter(email__in=addresses).exists())


def _gathered(day: date, book: Book) -> Cast:
    firms, new_firms = load_firms(told=told_firms(), book=book, day=day)
    people, new_people = load_people(firms=firms, book=book)
    return Cast(firms, people, new_firms, new_people)


def _with_past(day: date, book: Book) -> Cast:
    with Clock(day + timedelta(days=demo_object("past")["opens"])) as clock:
        cast = _gathered(day, book)
        deals = Past(day, cast.firms, cast.people, book).play(clock)
    return replace(cast, deals=deals)


@unit_of_work
def _load_present(day: date, book: Book, cast: Cast) -> SeedFigures:
    firms, people, new_people = cast.firms, cast.people, cast.new_people
    posting_rows = told_postings()
    postings, posting_count = load_postings(told=posting_rows, firms=firms, book=book, day=day)
    if demo_object("story")["client"]["owner"] in new_people:
        load_client(firms=firms, people=people)
    interests = days = 0
    if posting_count == len(posting_rows) and len(new_people) == len(people):
        interests = play_interests(people=people, postings=postings)
        days = play_days(people=people, firms=firms, book=book)
    moved = renew_certificates(told=told_firms(), firms=firms, day=day)
    moved += renew_days(told=posting_rows, postings=postings, day=day)
    moved += renew_days_of_gatherings(day=day) + confirm_past(day=day)
    return SeedFigures(
        firms=cast.new_firms,
        postings=posting_count,
        people=len(new_people),
        deals=cast.deals,
        interests=interests,
        days=days,
        searches=keep_searches(people=people, new=new_people),
        figures=report_figures(people=people, day=day),
        passports=open_passports(people=people, firms=firms, new=new_people),
        suppliers=list_suppliers(people=people, firms=firms, new=new_people),
        corridor=load_corridor_samples(people=people, book=book, day=day),
        moved=moved,
    )
