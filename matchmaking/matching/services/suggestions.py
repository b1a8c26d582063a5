"""Suggestions for a posting: ranked live, obeying what the viewer may see, recorded once shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.models import Enterprise, User
from accounts.permissions import firms_of
from accounts.querysets import Actor
from accounts.services.changes import unit_of_work
from common.errors import Refused, require
from common.reasons import DROPPING, Reason
from matchmaking.engine.explanation.answers import Question, answer, answer_pair
from matchmaking.engine.explanation.loosening import Loosening, loosenings
from matchmaking.engine.scoring.building import rows_of
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.results import ENGINE_VERSION, MATCHES, Dropped, Match, Note, Part, Ranking
from matchmaking.engine.types.rows import PostingRow
from matchmaking.matching.choices import Channel
from matchmaking.matching.models import Suggestion
from matchmaking.matching.permissions import can_read_suggestions
from matchmaking.matching.queries import put_aside
from matchmaking.matching.services.rows import asking_exactly, asking_whole, plain_rows
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.months import with_months
from matchmaking.postings.queries.postings import suggested_postings
from matchmaking.postings.services.publishing import publish_posting

NOTHING_ASKED = Ranking(matches=(), near_misses=(), neighbours=(), dropped=(), firms=0)
"""The answer for a need of which all is signed."""


@dataclass(frozen=True)
class SuggestedMatch:
    """A counterpart with its posting and what the engine says of the pair."""

    posting: Posting
    match: Match

    @property
    def score(self) -> int:
        """The order, in hundredths of a point."""
        return self.match.score

    @property
    def points(self) -> Decimal:
        """0 to 100 with one decimal; the parts add up to it."""
        return self.match.points

    @property
    def grade(self) -> int:
        """Five steps, 5 best."""
        return self.match.grade

    @property
    def parts(self) -> tuple[Part, ...]:
        """What each factor gave, in the order shown."""
        return self.match.parts

    @property
    def reasons(self) -> tuple[Note, ...]:
        """At most five reasons why it fits."""
        return self.match.reasons

    @property
    def gaps(self) -> tuple[Note, ...]:
        """Failed musts first, then what costs points."""
        return self.match.gaps

    @property
    def hints(self) -> tuple[Note, ...]:
        """What change would make it appear or rise, and by which side."""
        return self.match.hints

    @property
    def terms(self) -> tuple[str, ...]:
        """A few words that both texts use."""
        return self.match.terms

    @property
    def text(self) -> dict[str, int | None]:
        """Percent that each channel of the text factor gave, by name; None for one that has nothing to say."""
        return self.match.text

    @property
    def words_only(self) -> bool:
        """Whether either text was not read for its meaning, so that the two were compared by words and terms alone."""
        return self.match.words_only

    @property
    def more_from_firm(self) -> int:
        """Further postings of the same firm that fit as well."""
        return self.match.more_from_firm


@dataclass(frozen=True)
class Suggestions:
    """The answer for one posting, ready to be shown; ``words_only`` while its text was not read for its meaning yet.

    ``others_apart``: there are near misses or neighbours, and they are asked for apart. ``certificates``: codes of what
    the posting asks for.
    """

    posting: Posting
    matches: tuple[SuggestedMatch, ...]
    near_misses: tuple[SuggestedMatch, ...]
    neighbours: tuple[SuggestedMatch, ...]
    dropped: tuple[Dropped, ...]
    firms: int
    others_apart: bool
    fit_only: bool
    engine_version: str
    words_only: bool
    certificates: frozenset[str]

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The matches as plain values, for the task that records what was shown."""
        return as_shown(self.matches)


def as_shown(matches: Iterable[SuggestedMatch]) -> list[dict[str, Any]]:
    """Suggestions in the order in which they stand on a page, as plain values for the task that records them."""
    return [
        {
            "number": match.posting.number,
            "position": place,
            "points": str(match.points),
            "grade": match.grade,
            "reasons": [note.reason.value for note in match.reasons],
        }
        for place, match in enumerate(matches, 1)
    ]


def suggestions_for(
    *,
    posting: Posting,
    viewer: Actor,
    limit: int = MATCHES,
    others_under: int | None = None,
    fit_only: bool = False,
    system_of: Enterprise | None = None,
    market: Market | None = None,
    as_cards: bool = False,
    is_any_time: bool = False,
) -> Suggestions:
    """The best counterparts of ``posting`` as ``viewer`` may see them; writes nothing, a fixed number of queries.

    A need asks its own firm's question with what is still open of it, and for nothing once all of it is signed.
    Whatever is hidden from any firm of the viewer is neither shown nor counted; for a partner system of ``system_of``
    that one firm is asked about, not the others of the person who made the system. Refuses not_yours and wrong_state.
    ``fit_only`` leaves the load of busy firms out of the order; near misses and neighbours are left for another time
    where at least ``others_under`` match. ``market`` is the one that the caller has at hand; ``as_cards`` the postings
    come as ``suggested_postings`` gives them for cards. ``is_any_time`` asks as if the need had no window and took the
    smallest share, whatever is signed of it.
    """
    require(can_read_suggestions(viewer, posting))
    market = market or current_market()
    asked = _question(posting, market, viewer, system_of)
    if is_any_time:
        asked = replace(asked, asker=_at_any_time(asked.asker, posting))
    question = replace(asked, limit=limit, others_under=others_under, fit_only=fit_only)
    postings: dict[str, Posting] = {}

    def seeable(numbers: Sequence[str]) -> Mapping[str, Posting]:
        found = suggested_postings(user=viewer, system_of=system_of, numbers=numbers, as_cards=as_cards)
        rows = [row for row in found if not row.is_met]
        with_months(rows)
        postings.update({row.number: row for row in rows})
        return postings

    ranking = NOTHING_ASKED if posting.is_met and not is_any_time else answer(question, market, seeable)
    return _suggestions(posting, ranking, postings, question)


def loosenings_for(*, posting: Posting, viewer: Actor) -> tuple[Loosening, ...]:
    """What the owner of ``posting`` could loosen alone, and how many more firms would then fit; writes nothing.

    A count under three is told as "<3", and no total is told. Refuses as ``suggestions_for`` does.
    """
    require(can_read_suggestions(viewer, posting))
    if posting.is_met:
        return ()
    market = current_market()
    return loosenings(_question(posting, market, viewer, None), market)


def explain_pair(*, posting: Posting, counterpart: Posting, viewer: Actor) -> SuggestedMatch:
    """What the engine says of one pair, fitting or not; for support. Refuses not_yours and wrong_state."""
    require(can_read_suggestions(viewer, posting))
    market = current_market()
    question = Question(asker=_asker(posting, market), today=timezone.localdate())
    return SuggestedMatch(counterpart, answer_pair(question, _asker(counterpart, market), market))


def explain_for_support(*, need: str, capacity: str) -> SuggestedMatch:
    """What the engine says of the need and the capacity with these numbers, for whoever runs the installation.

    Refuses unknown_code for a number that nothing has, same_direction where they are not one of each in this order, and
    wrong_state where one is not live, for then nothing is matched.
    """
    pair = []
    for number, direction in ((need, Direction.NEED), (capacity, Direction.CAPACITY)):
        posting = Posting.objects.filter(number=number).first()
        if posting is None:
            raise Refused(Reason.REFUSAL_UNKNOWN_CODE, code=number)
        if posting.direction != direction:
            raise Refused(Reason.REFUSAL_SAME_DIRECTION)
        if not Posting.objects.live().filter(pk=posting.pk).exists():
            raise Refused(Reason.REFUSAL_WRONG_STATE, state=posting.get_status_display())
        pair.append(posting)
    market = current_market()
    question = Question(asker=_asker(pair[0], market), today=timezone.localdate())
    return SuggestedMatch(pair[1], answer_pair(question, _asker(pair[1], market), market))


def meets_all_musts(*, need: Posting, capacity: Posting) -> bool:
    """Whether nothing stands against the pair as its rows are in the database at this moment, in bands where figures
    are not for the other side: the judgement by which either would find the other suggested.
    """
    rows = {row.key: row for row in plain_rows(Posting.objects.filter(pk__in=(need.pk, capacity.pk)))}
    question = Question(asker=rows[need.number], today=timezone.localdate())
    match = answer_pair(question, rows[capacity.number], current_market())
    return not any(note.reason in DROPPING for note in match.gaps)


@unit_of_work
def publish_and_suggest(*, posting: Posting, actor: User, ask_check: bool = False) -> Posting:
    """Publish a draft, so that its suggestions can be read next; a failing matcher never stops a publication.

    Refuses what publishing refuses. The suggestions themselves are ranked when their page is opened.
    """
    return publish_posting(posting=posting, actor=actor, ask_check=ask_check)


@unit_of_work
def record_shown(
    *,
    posting: Posting,
    shown: Iterable[Mapping[str, Any]],
    viewer: User | None,
    channel: str = Channel.PAGE,
    engine_version: str = ENGINE_VERSION,
) -> int:
    """Keep what was shown to whom: one row a counterpart and channel, counted each time. Gives the number of rows.

    ``shown`` holds plain values as ``Suggestions.shown`` gives them; counterparts that are gone are left out.
    """
    told = {entry["number"]: entry for entry in shown}
    now = timezone.now()
    known = set(
        Suggestion.objects.filter(posting=posting, channel=channel, counterpart__number__in=told).values_list(
            "counterpart__number", flat=True
        )
    )
    rows = [
        Suggestion(
            posting=posting,
            counterpart_id=key,
            viewer=viewer,
            channel=channel,
            position=told[number]["position"],
            points=Decimal(told[number]["points"]),
            grade=told[number]["grade"],
            reasons=told[number]["reasons"],
            engine_version=engine_version,
            shown_at=now,
        )
        for key, number in Posting.objects.filter(number__in=told).exclude(pk=posting.pk).values_list("pk", "number")
    ]
    Suggestion.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["posting", "counterpart", "channel"],
        update_fields=["viewer", "position", "points", "grade", "reasons", "engine_version", "shown_at"],
    )
    seen_before = Suggestion.objects.filter(posting=posting, channel=channel, counterpart__number__in=known)
    seen_before.update(shown_count=F("shown_count") + 1)
    return len(rows)


def _question(posting: Posting, market: Market, viewer: Actor, system_of: Enterprise | None) -> Question:
    readers = firms_of(viewer) if system_of is None else {system_of.pk}
    asker = _asker(posting, market)
    return Question(
        asker=asking_exactly(asker, posting) if posting.enterprise_id in readers else asker,
        today=timezone.localdate(),
        excluded=frozenset(put_aside([posting.number])[posting.number]),
        readers=readers,
    )


def _asker(posting: Posting, market: Market) -> PostingRow:
    row = rows_of(market, [posting.number]).get(posting.number)
    return row or next(plain_rows(Posting.objects.filter(pk=posting.pk)))


def _at_any_time(row: PostingRow, posting: Posting) -> PostingRow:
    lead = (row.start - timezone.localdate()).days if row.lead_days is None and row.start else row.lead_days
    return replace(
        asking_whole(row, posting), start=None, end=None, lead_days=lead, split_allowed=True, minimum_share=1
    )


def _suggestions(
    posting: Posting, ranking: Ranking, postings: Mapping[str, Posting], question: Question
) -> Suggestions:
    def attached(matches: tuple[Match, ...]) -> tuple[SuggestedMatch, ...]:
        return tuple(SuggestedMatch(postings[match.key], match) for match in matches)

    return Suggestions(
        posting=posting,
        matches=attached(ranking.matches),
        near_misses=attached(ranking.near_misses),
        neighbours=attached(ranking.neighbours),
        dropped=ranking.dropped,
        firms=ranking.firms,
        others_apart=ranking.others_apart,
        fit_only=question.fit_only,
        engine_version=ranking.engine_version,
        words_only=not question.asker.vector,
        certificates=frozenset(asked.code for asked in question.asker.certificates_asked),
    )
