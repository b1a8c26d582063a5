"""The whole demo in one unit of work: what is missing is made, what people changed stays, days move along."""

from dataclasses import asdict, dataclass
from datetime import date

from accounts.services.changes import unit_of_work
from common.errors import Refused
from common.reasons import Reason
from config.demo.firms import load_firms, renew_certificates, told_firms
from config.demo.gatherings import play_days, renew_days_of_gatherings
from config.demo.people import load_client, load_people
from config.demo.postings import load_postings, renew_days, told_postings
from config.demo.rows import demo_object, open_book
from config.demo.story import keep_searches, play_interests, report_figures
from matchmaking.parks.models import Park


@dataclass(frozen=True)
class SeedFigures:
    """How many rows of each kind were made or moved."""

    firms: int
    postings: int
    people: int
    interests: int
    days: int
    searches: int
    figures: int
    moved: int

    def __str__(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in asdict(self).items())

    @property
    def changes(self) -> int:
        """All of them together; 0 for a repeated run on the same day."""
        return sum(asdict(self).values())


@unit_of_work
def load_demo(*, day: date) -> SeedFigures:
    """Make what is missing of the demo as of ``day`` and move its calendar there. Refuses wrong_state without parks.

    All or nothing; rows of other firms and people are never touched, sample rows that somebody edited neither.
    """
    if not Park.objects.exists():
        raise Refused(Reason.REFUSAL_WRONG_STATE, state="no parks")
    book = open_book()
    firm_rows, posting_rows = told_firms(), told_postings()
    firms, firm_count = load_firms(told=firm_rows, book=book, day=day)
    postings, posting_count = load_postings(told=posting_rows, firms=firms, book=book, day=day)
    people, new_people = load_people(firms=firms, book=book)
    if demo_object("story")["client"]["owner"] in new_people:
        load_client(firms=firms, people=people)
    interests = days = 0
    if posting_count == len(posting_rows) and len(new_people) == len(people):
        interests = play_interests(people=people, postings=postings)
        days = play_days(people=people, firms=firms, book=book)
    moved = renew_certificates(told=firm_rows, firms=firms, day=day)
    moved += renew_days(told=posting_rows, postings=postings, day=day)
    moved += renew_days_of_gatherings(day=day)
    return SeedFigures(
        firms=firm_count,
        postings=posting_count,
        people=len(new_people),
        interests=interests,
        days=days,
        searches=keep_searches(people=people, new=new_people),
        figures=report_figures(people=people, day=day),
        moved=moved,
    )
