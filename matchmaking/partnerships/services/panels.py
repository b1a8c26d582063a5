"""The panel of suggestions for a posting: what the engine says, beside what its firm has already done about each."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.choices import MembershipStatus, Role
from accounts.models import Membership
from accounts.permissions import RANK
from accounts.querysets import Actor
from common.keeping import process_cache
from matchmaking.matching.permissions import can_dismiss_suggestion
from matchmaking.matching.services.suggestions import SuggestedMatch, Suggestions, suggestions_for
from matchmaking.partnerships.choices import Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import (
    ShownCertificate,
    certificates_shown,
    is_introduced,
    partnerships_with,
)
from matchmaking.postings.choices import Visibility
from matchmaking.postings.models import Posting

PAGE = 20
"""Matches of one page of the panel."""
FEW = 10
"""Below so many matches near misses and neighbours stand on the same page; else they are fetched once wanted."""
DEEPEST = 200
"""The last place that the panel turns to; nobody reads further, and each page ranks up to its own end."""
SHOWN_AGAIN_SECONDS = 15 * 60


@dataclass(frozen=True)
class Card:
    """One suggested counterpart; ``partnership`` is the newest one of the pair."""

    match: SuggestedMatch
    partnership: Partnership | None
    is_our_turn: bool
    certificates: tuple[ShownCertificate, ...]

    @property
    def posting(self) -> Posting:
        """The counterpart."""
        return self.match.posting

    @property
    def is_underway(self) -> bool:
        """Whether the pair has a partnership that has not ended."""
        return self.partnership is not None and self.partnership.state != State.FAILED


@dataclass(frozen=True)
class MatchPanel:
    """All that the panel shows, from the place ``offset`` on."""

    suggestions: Suggestions
    cards: tuple[Card, ...]
    near_misses: tuple[Card, ...]
    neighbours: tuple[Card, ...]
    may_act: bool
    offset: int
    is_of_others: bool
    next_offset: int | None

    @property
    def posting(self) -> Posting:
        """The asker."""
        return self.suggestions.posting

    @property
    def fit_only(self) -> bool:
        """Whether the load of busy firms is left out of the order."""
        return self.suggestions.fit_only

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The matches of this page as plain values, for the task that records what was shown."""
        return self.suggestions.shown[self.offset :]


def match_panel(
    *,
    posting: Posting,
    viewer: Actor,
    fit_only: bool = False,
    offset: int = 0,
    only_others: bool = False,
    membership: Membership | None = None,
) -> MatchPanel:
    """The suggestions of ``posting`` from the place ``offset`` on; writes nothing.

    Near misses and neighbours stand on the first page where few match; else they are left for another time, when
    ``only_others`` asks for them and for no match.

    A fixed number of queries; one less with the viewer's ``membership`` at hand. Refuses not_yours and wrong_state.
    """
    start = max(0, min(offset, DEEPEST))
    limit, under = (0, None) if only_others else (start + PAGE, 0 if start else FEW)
    found = suggestions_for(
        posting=posting, viewer=viewer, limit=limit, others_under=under, fit_only=fit_only, as_cards=True
    )
    matches, near, neighbours = found.matches[start:], found.near_misses, found.neighbours
    make = _card_maker(found, matches, [*near, *neighbours])
    end = start + PAGE
    return MatchPanel(
        suggestions=found,
        cards=make(matches),
        near_misses=make(near),
        neighbours=make(neighbours),
        may_act=_may_act(posting, viewer, membership),
        offset=start,
        is_of_others=only_others,
        next_offset=end if found.firms > end and end <= DEEPEST and len(found.matches) == end else None,
    )


def _may_act(posting: Posting, viewer: Actor, membership: Membership | None) -> bool:
    if membership is not None and (membership.enterprise_id, membership.user_id) == (posting.enterprise_id, viewer.pk):
        return membership.status == MembershipStatus.ACTIVE and RANK[Role(membership.role)] >= RANK[Role.EDITOR]
    return bool(can_dismiss_suggestion(viewer, posting))


def is_news(*, panel: MatchPanel, viewer: Actor) -> bool:
    """Whether this list was not shown to ``viewer`` within the last quarter of an hour, so that it is worth recording.

    Asking counts as showing it.
    """
    return is_shown_anew(posting=panel.posting, viewer=viewer, shown=panel.shown, place=str(panel.offset))


def is_shown_anew(*, posting: Posting, viewer: Actor, shown: Sequence[Mapping[str, Any]], place: str) -> bool:
    """The same of suggestions for ``posting`` at another ``place`` than the panel, as plain values."""
    key = hashlib.sha256(f"{posting.number}:{viewer.pk}:{place}:{shown}".encode()).hexdigest()
    return bool(process_cache.add(f"shown:{key}", True, SHOWN_AGAIN_SECONDS))


def _card_maker(found: Suggestions, matches: Sequence[SuggestedMatch], misses: list[SuggestedMatch]) -> Any:
    """Makes cards of ``matches`` with their certificates and of ``misses`` without, for those show none."""
    posting, counterparts = found.posting, [match.posting for match in matches]
    partnerships = partnerships_with(posting=posting, counterparts=[*counterparts, *(one.posting for one in misses)])
    certificates = certificates_shown(postings=counterparts, on=timezone.localdate())
    own_side = Side.NEED if posting.is_need else Side.CAPACITY

    def papers(match: SuggestedMatch, partnership: Partnership | None) -> tuple[ShownCertificate, ...]:
        """Of a firm behind an alias only those that were asked for: all of them together would name it."""
        held = certificates.get(match.posting.enterprise_id, ())
        is_named = match.posting.visibility != Visibility.ALIAS or (partnership and is_introduced(partnership))
        return tuple(paper for paper in held if is_named or paper.code in found.certificates)

    def card(match: SuggestedMatch) -> Card:
        partnership = partnerships.get(match.posting.pk)
        waits = partnership is not None and partnership.state == State.INTERESTED
        return Card(
            match=match,
            partnership=partnership,
            is_our_turn=waits and partnership is not None and partnership.opened_by != own_side,
            certificates=papers(match, partnership),
        )

    def cards(some: Iterable[SuggestedMatch]) -> tuple[Card, ...]:
        return tuple(card(match) for match in some)

    return cards
