"""Rounds of offers as each reader may see them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.querysets import Actor
from common.values import band_floor
from matchmaking.hydrogen.choices import RoundState
from matchmaking.hydrogen.models import Round, RoundInterest, RoundOffer
from matchmaking.hydrogen.queries.balance import hydrogen_postings, tile_at
from matchmaking.hydrogen.querysets import OpenQuerySet
from matchmaking.insights.queries.flows import places
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import Posting
from matchmaking.postings.querysets import PostingQuerySet
from reference.models import Region


@dataclass(frozen=True)
class OfferLine:
    """An offer as everybody may read it: a letter, the prefecture or district, the class of its amount.

    ``interests`` is how many were interested, told once the result is published; ``is_own`` for the firm's people.
    """

    offer: RoundOffer
    region: Region
    kg_class: int
    period: str
    is_own: bool
    interests: int | None

    @property
    def is_matched(self) -> bool:
        """Whether somebody's interest became a request."""
        return self.interests is not None and not self.offer.reason


def rounds(*, user: Actor) -> OpenQuerySet:
    """All rounds, the newest first, with their places."""
    return Round.objects.visible_to(user).prefetch_related("places")


def round_named(*, user: Actor, key: str) -> Round | None:
    """The round with this key."""
    found: Round | None = rounds(user=user).filter(key=key).first()
    return found


def offers_of(*, user: Actor, one: Round) -> list[OfferLine]:
    """The offers that ``user`` may see: one's own, and once no more are taken all of them, without names."""
    known = places()
    rows = RoundOffer.objects.visible_to(user).filter(round=one).select_related("capacity__region", "capacity__unit")
    own = set(RoundOffer.objects.of_member(user).filter(round=one).values_list("pk", flat=True))
    told = interests_told(one)
    return [
        OfferLine(
            offer=row,
            region=known.regions[tile_at(known, row.capacity.region)],
            kg_class=int(band_floor(row.capacity.quantity_amount) * row.capacity.unit.factor_to_base),
            period=row.capacity.get_period_display(),
            is_own=row.pk in own,
            interests=None if told is None else told.get(row.pk, 0),
        )
        for row in rows.distinct()
    ]


def interests_told(one: Round) -> Mapping[int, int] | None:
    """How many were interested in each offer; None before the result is published."""
    if one.published_at is None:
        return None
    return Counter(RoundInterest.objects.filter(offer__round=one).values_list("offer", flat=True))


def offer_named(*, user: Actor, one: Round, key: str) -> RoundOffer | None:
    """The offer of the round with this key, as far as ``user`` may see it."""
    rows = RoundOffer.objects.visible_to(user).filter(round=one, key=key)
    found: RoundOffer | None = rows.select_related("round", "capacity__enterprise").first()
    return found


def own_interests(*, user: Actor, one: Round) -> list[RoundInterest]:
    """What firms of one's own were interested in."""
    rows = RoundInterest.objects.visible_to(user).filter(offer__round=one)
    return list(rows.select_related("offer", "need", "partnership"))


def own_capacities(user: Actor) -> PostingQuerySet:
    """Published capacities of hydrogen of one's own firms."""
    return own_hydrogen(user).filter(direction=Direction.CAPACITY)


def own_needs(user: Actor) -> PostingQuerySet:
    """Published needs for hydrogen of one's own firms."""
    return own_hydrogen(user).filter(direction=Direction.NEED)


def own_hydrogen(user: Actor) -> PostingQuerySet:
    """Published postings of hydrogen of one's own firms, with what a choice shows."""
    mine = Posting.objects.of_member(user).order_by().values("pk")
    return hydrogen_postings(user).filter(pk__in=mine).select_related("region", "unit", "enterprise")


def answers_of(*, one: Round) -> int:
    """How many offers there are; who looks after the round reads the number before the list."""
    return RoundOffer.objects.filter(round=one).count()


def open_rounds(*, user: Actor, most: int) -> Sequence[tuple[Round, RoundState]]:
    """The newest rounds with where they stand today."""
    today = timezone.localdate()
    return [(row, row.state_on(today)) for row in rounds(user=user)[:most]]
