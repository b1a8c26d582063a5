"""Rounds: a coordinator calls for hydrogen, firms offer, others tell interest without names, the result is told."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from string import ascii_uppercase

from django.db import transaction
from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from matchmaking.hydrogen.models import Round, RoundInterest, RoundOffer
from matchmaking.hydrogen.permissions import (
    can_be_interested,
    can_keep_corridor,
    can_offer,
    can_publish_round,
    can_take_back,
)
from matchmaking.hydrogen.queries.balance import hydrogen_postings
from matchmaking.insights.queries.months import first_day, month_of
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import Posting
from reference.models import Region

FURTHEST = timedelta(days=366)
MOST_MONTHS = 36


@dataclass(frozen=True)
class Call:
    """What a coordinator calls for: any days of the first and last month, and the two last days."""

    first_month: date | None
    last_month: date | None
    offers_until: date | None
    interest_until: date | None


@unit_of_work
def call_round(*, actor: User, call: Call, places: Sequence[Region]) -> Round:
    """Open a round, into which firms can offer at once.

    Refuses not_yours, outside_scope; Invalid for what is missing, past, too far or out of order.
    """
    require(can_keep_corridor(actor, places))
    missing = [name for name, value in vars(call).items() if value is None]
    if not places:
        missing.append("places")
    if missing or not (call.first_month and call.last_month and call.offers_until and call.interest_until):
        raise Invalid(dict.fromkeys(missing, Reason.REFUSAL_REQUIRED))
    _check_days(call.first_month, call.last_month, call.offers_until, call.interest_until)
    row = Round(
        first_month=first_day(month_of(call.first_month)),
        last_month=first_day(month_of(call.last_month)),
        offers_until=call.offers_until,
        interest_until=call.interest_until,
        called_by=actor,
    )
    check_row(row)
    row.save()
    row.places.set(places)
    record_change(thing=row, verb=Verb.CREATED, actor=actor, facts={"offers_until": row.offers_until.isoformat()})
    return row


def _check_days(first: date, last: date, offers_until: date, interest_until: date) -> None:
    today = timezone.localdate()
    wrong: dict[str, Reason | str] = {}
    facts: dict[str, dict[str, object]] = {}
    if month_of(first) < month_of(today):
        wrong["first_month"] = Reason.REFUSAL_WINDOW_PAST
    if month_of(last) < month_of(first):
        wrong["last_month"] = Reason.REFUSAL_WINDOW_REVERSED
    elif month_of(last) >= month_of(first) + MOST_MONTHS:
        wrong["last_month"] = Reason.REFUSAL_DAY_TOO_FAR
        facts["last_month"] = {"day": first_day(month_of(first) + MOST_MONTHS - 1).isoformat()}
    if offers_until < today:
        wrong["offers_until"] = Reason.REFUSAL_WINDOW_PAST
    if interest_until <= offers_until:
        wrong["interest_until"] = Reason.REFUSAL_WINDOW_REVERSED
    elif interest_until > today + FURTHEST:
        wrong["interest_until"] = Reason.REFUSAL_DAY_TOO_FAR
        facts["interest_until"] = {"day": (today + FURTHEST).isoformat()}
    if wrong:
        raise Invalid(wrong, facts)


@unit_of_work
def offer_capacity(*, one: Round, actor: User, capacity: Posting) -> RoundOffer:
    """Offer a published capacity of hydrogen of one's own into a round; others read a letter instead of a name.

    Refuses not_yours, suspended, offers_closed, not_hydrogen, not_in_months, already_there.
    """
    row = _locked(one)
    require(can_offer(actor, row, capacity))
    known = hydrogen_postings(actor).filter(pk=capacity.pk, direction=Direction.CAPACITY).first()
    if known is None:
        raise Refused(Reason.REFUSAL_NOT_HYDROGEN)
    after = first_day(month_of(row.last_month) + 1)
    if (known.window_start or date.min) >= after or (known.window_end or date.max) < row.first_month:
        raise Refused(Reason.REFUSAL_NOT_IN_MONTHS)
    used = set(RoundOffer.objects.filter(round=row).values_list("letter", flat=True))
    if RoundOffer.objects.filter(round=row, capacity=known).exists():
        raise Refused(Reason.REFUSAL_ALREADY_THERE)
    offer = RoundOffer.objects.create(round=row, capacity=known, made_by=actor, letter=_free_letter(used))
    record_change(thing=offer, verb=Verb.CREATED, actor=actor, enterprise=known.enterprise)
    return offer


def _free_letter(used: set[str]) -> str:
    """A letter drawn by chance, so that it tells nothing of who came first; two once all single ones are used."""
    single = [one for one in ascii_uppercase if one not in used]
    pairs = ("".join(pair) for pair in product(ascii_uppercase, repeat=2))
    return secrets.choice(single or [pair for pair in pairs if pair not in used])


@unit_of_work
def take_offer_back(*, offer: RoundOffer, actor: User) -> None:
    """Take one's own offer back while offers are taken. Refuses not_yours, suspended, offers_closed."""
    row = _locked(offer.round)
    offer.round = row
    require(can_take_back(actor, offer))
    record_change(thing=offer, verb=Verb.DELETED, actor=actor, enterprise=offer.capacity.enterprise)
    offer.delete()


@unit_of_work
def tell_interest(*, offer: RoundOffer, actor: User, need: Posting) -> RoundInterest:
    """Tell interest in an offer, for a published need of hydrogen of one's own; nobody reads it before the result.

    Refuses not_yours, suspended, offers_open, interest_closed, own_posting, not_hydrogen_need, already_there.
    """
    offer.round = _locked(offer.round)
    require(can_be_interested(actor, offer, need))
    known = hydrogen_postings(actor).filter(pk=need.pk, direction=Direction.NEED).first()
    if known is None:
        raise Refused(Reason.REFUSAL_NOT_HYDROGEN_NEED)
    row, is_new = RoundInterest.objects.get_or_create(offer=offer, need=known, defaults={"made_by": actor})
    if not is_new:
        raise Refused(Reason.REFUSAL_ALREADY_THERE)
    record_change(thing=offer, verb=Verb.NOTED, actor=actor, enterprise=known.enterprise)
    return row


@unit_of_work
def publish_round(*, one: Round, actor: User) -> Round:
    """Publish the result: each interest becomes a request to the offering firm, and what became nothing says why.

    Refuses not_yours, round_runs, already_there.
    """
    row = _locked(one)
    require(can_publish_round(actor, row))
    offers = list(RoundOffer.objects.filter(round=row).select_related("capacity").order_by("letter"))
    interests = list(
        RoundInterest.objects.filter(offer__round=row)
        .select_related("offer__capacity__enterprise", "need__enterprise", "made_by")
        .order_by("pk")
    )
    named = {key for interest in interests for key in (interest.need_id, interest.offer.capacity_id)}
    live = set(Posting.objects.live().filter(pk__in=named).values_list("pk", flat=True))
    for interest in interests:
        _pass_on(interest, live)
    matched = {interest.offer_id for interest in interests if interest.partnership_id}
    refused = {interest.offer_id: interest.reason for interest in reversed(interests)}
    for offer in offers:
        offer.reason = "" if offer.pk in matched else refused.get(offer.pk, Reason.END_ROUND_NO_INTEREST.value)
    RoundOffer.objects.bulk_update(offers, ["reason"])
    row.published_at, row.version = timezone.now(), row.version + 1
    row.figures = {
        "offers": len(offers),
        "matched": len(matched),
        "unmatched": len(offers) - len(matched),
        "interests": len(interests),
        "reasons": dict(sorted(Counter(offer.reason for offer in offers if offer.reason).items())),
    }
    row.save()
    record_change(thing=row, verb=Verb.PUBLISHED, actor=actor, facts=dict(row.figures))
    return row


def _pass_on(interest: RoundInterest, live: set[int]) -> None:
    """Ask the offering firm in the name of who was interested; what speaks against it is kept."""
    if interest.made_by is None or not {interest.need_id, interest.offer.capacity_id} <= live:
        interest.reason = Reason.END_ROUND_POSTING_OVER.value
    else:
        try:
            with transaction.atomic():
                interest.partnership = declare_interest(
                    posting=interest.need, counterpart=interest.offer.capacity, actor=interest.made_by
                )
        except Refused as refused:
            interest.reason = refused.reason.value
    interest.save(update_fields=["partnership", "reason", "changed_at"])


def _locked(one: Round) -> Round:
    row: Round = Round.objects.select_for_update().get(pk=one.pk)
    return row
