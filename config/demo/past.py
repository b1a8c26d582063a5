"""What sample firms have done with each other before a visitor comes: deals from the interest to their outcome.

They are played through the services that real firms use, with the clock turned to the moments at which it would have
happened. So no stamp is written by hand, and events, notices, bookings and figures agree with each other.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from accounts.choices import Pace
from accounts.models import Enterprise, Notice, User
from accounts.services.changes import unit_of_work
from accounts.services.notices import read_all_notices
from config.clock import Clock
from config.demo.postings import KEY_MARK, load_postings
from config.demo.rows import Book, Told, amount, demo_object, demo_rows
from matchmaking.partnerships.choices import AgreementState, Side
from matchmaking.partnerships.models import Agreement, Partnership
from matchmaking.partnerships.queries.deal import SAMPLE_ACTS, Plan
from matchmaking.partnerships.queries.partnerships import other_side
from matchmaking.partnerships.services.agreeing import propose_agreement, sign_agreement
from matchmaking.partnerships.services.delivering import accept_delivery, deliver
from matchmaking.partnerships.services.interest import accept_interest, declare_interest, end_partnership
from matchmaking.partnerships.services.outcomes import follow_outcomes, state_outcome
from matchmaking.partnerships.services.quoting import make_quote, refuse_quote
from matchmaking.partnerships.services.sampling import move_sample
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services.publishing import close_posting
from reference.queries.workdays import is_working_day

MORNING, APART = 9.0, 0.4
"""Hour at which a deal's first step would be taken, and how many hours each further one comes later in its day."""
KEY = f"{KEY_MARK}past-"
"""Begins the own number of every posting of the past."""
AMOUNTS = ("unit_price", "value", "delivered_amount", "amount")
"""What a step tells as an amount; what ends in ``_in`` is told in days from the day of loading."""
PLAIN: dict[str, Callable[..., object]] = {
    "accept": accept_interest,
    "end": end_partnership,
    "refuse_quote": refuse_quote,
    "deliver": deliver,
    "take_delivery": accept_delivery,
    "state_outcome": state_outcome,
    **{act.value: partial(move_sample, act=act) for act in SAMPLE_ACTS},
}
"""Steps that are one service each: what a step tells besides are its arguments."""


@dataclass
class Deal:
    """A deal on its way: its postings by side, and its partnership once there is one."""

    told: Told
    postings: dict[Side, Posting]
    row: Partnership | None = None

    @property
    def partnership(self) -> Partnership:
        """The partnership in the state of now: services lock and read the rest themselves."""
        assert self.row is not None
        self.row.refresh_from_db(fields=["state"])
        return self.row


@dataclass
class Past:
    """Everything that the steps need; ``owners`` act for firms by their row number."""

    day: date
    firms: Mapping[str, Enterprise]
    people: Mapping[str, User]
    book: Book
    owners: dict[int, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in demo_rows("people"):
            if "firm" in one:
                self.owners.setdefault(self.firms[one["firm"]].pk, self.people[one["key"]])

    def play(self, clock: Clock) -> int:
        """All steps of all deals in the order of their moments. Returns how many deals there are."""
        told = demo_object("past")
        capacities = self.posted(told["capacities"], Direction.CAPACITY)
        deals = [Deal(one, {Side.CAPACITY: capacities[one["capacity"]]}) for one in told["deals"]]
        read_on, has_read = self.day + timedelta(days=told["read_until"]), False
        for on, hour, deal, step in sorted(moments(deals, self.day), key=lambda moment: moment[:2]):
            if on > read_on and not has_read:
                has_read = read_everything(self.people.values())
            clock.turn_to((on - clock.first_day).days, hour)
            self.take(deal, step)
        if not has_read:
            read_everything(self.people.values())
        return len(deals)

    def posted(self, told: Iterable[Told], direction: Direction) -> dict[str, Posting]:
        """Postings published now, by key."""
        ago = (self.day - timezone.localdate()).days
        rows: list[Told] = [{**one, "direction": direction, "published_ago": ago} for one in told]
        return load_postings(told=rows, firms=self.firms, book=self.book, day=self.day)[0]

    def take(self, deal: Deal, step: Told) -> None:
        """One step of one deal: one of this class, or a service that takes what the step tells."""
        act, side = step["act"], Side(step["side"])
        told = self.plain({name: step[name] for name in step if name not in ("day", "act", "side")})
        if act in PLAIN:
            PLAIN[act](partnership=deal.partnership, actor=self.actor(deal, side), **told)
        else:
            getattr(self, act)(deal, side, **told)

    def actor(self, deal: Deal, side: Side) -> User:
        """Who acts for the firm on ``side``."""
        return self.owners[deal.postings[side].enterprise_id]

    def publish(self, deal: Deal, side: Side) -> None:
        """The need that it begins with."""
        key = deal.told["need"]
        needs = [one for one in demo_object("past")["needs"] if one["key"] == key]
        deal.postings[side] = self.posted(needs, Direction.NEED)[key]

    def declare_interest(self, deal: Deal, side: Side, *, note: str) -> None:
        """The interest of one side, which makes the partnership."""
        own, other = deal.postings[side], deal.postings[other_side(side)]
        deal.row = declare_interest(posting=own, counterpart=other, actor=self.actor(deal, side), note=note)

    def quote(self, deal: Deal, side: Side, *, terms: Told) -> None:
        """A quote for all that is needed."""
        given = {**_measure(deal), **self.plain(terms)}
        make_quote(partnership=deal.partnership, actor=self.actor(deal, side), terms=given)

    def propose(self, deal: Deal, side: Side, *, terms: Told, plan: Iterable[Told]) -> None:
        """An agreement on all that is needed."""
        given = {**_measure(deal), **self.plain(terms)}
        deliveries = [Plan(**self.plain(one)) for one in plan]
        propose_agreement(partnership=deal.partnership, actor=self.actor(deal, side), terms=given, plan=deliveries)

    def sign(self, deal: Deal, side: Side) -> None:
        """The version that is proposed."""
        proposed = Agreement.objects.get(partnership=deal.row, state=AgreementState.PROPOSED)
        sign_agreement(partnership=deal.partnership, actor=self.actor(deal, side), seen=proposed.digest)

    def close(self, deal: Deal, side: Side, *, reason: str) -> None:
        """The posting of one side."""
        close_posting(posting=deal.postings[side], actor=self.actor(deal, side), reason=reason)

    def follow(self, deal: Deal, side: Side) -> None:
        """What a nightly round does to outcomes that are due or overdue."""
        follow_outcomes(on=timezone.localdate())

    def plain(self, told: Told) -> dict[str, Any]:
        """Amounts and days of a step as the services take them."""
        found: dict[str, Any] = {}
        for name, value in told.items():
            if name.endswith("_in"):
                found[name.removesuffix("_in")] = self.day + timedelta(days=value)
            else:
                found[name] = amount(value) if name in AMOUNTS else value
        return found


def moments(deals: Iterable[Deal], day: date) -> Iterator[tuple[date, float, Deal, Told]]:
    """Each step as of ``day`` with its day and its hour, in no two deals the same.

    Firms act on working days: on the last one until the day told, before the one on which the next day's step is taken,
    lest a weekend make an answer of the next day one of the next minute. The platform's round comes every night.
    """
    for place, deal in enumerate(deals):
        next_told, next_on = 1, day
        steps = list(enumerate(deal.told["steps"]))
        for order, step in reversed(steps):
            on = day + timedelta(days=step["day"])
            if step["side"] != Side.PLATFORM:
                on = min(on, next_on - timedelta(days=step["day"] < next_told))
                while not is_working_day(on):
                    on -= timedelta(days=1)
            next_told, next_on = step["day"], on
            yield on, MORNING + order * APART + place / 100, deal, step


@unit_of_work
def confirm_past(*, day: date) -> int:
    """Let postings of the past that nobody has edited be confirmed as of ``day``. Returns how many were behind.

    Their other days stay: deals were made on them.
    """
    rows = Posting.objects.filter(external_key__startswith=KEY, is_sample=True, status=Status.PUBLISHED, version=1)
    return rows.filter(confirmed_on__lt=day).update(confirmed_on=day)


def read_everything(people: Iterable[User]) -> bool:
    """Everybody reads what they were told; of what was read nothing is mailed any more."""
    for user in people:
        read_all_notices(actor=user, reader=user)
    Notice.objects.filter(reader__in=list(people), mailed_at=None).update(pace=Pace.NEVER)
    return True


def _measure(deal: Deal) -> dict[str, Any]:
    need = deal.postings[Side.NEED]
    return {"quantity_amount": need.quantity_amount, "unit": need.unit, "period": need.period}
