"""News of a rematch: owners read once of good matches that they have not seen, one notice a person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from accounts.choices import NoticeKind, Role
from accounts.models import Membership, User
from accounts.permissions import firms_of
from accounts.services.changes import unit_of_work
from accounts.services.notices import notify_user
from matchmaking.engine.explanation.answers import Question, answer_pair
from matchmaking.engine.scoring.building import rows_of
from matchmaking.engine.types.columns import Market
from matchmaking.engine.types.results import Match, grade_of
from matchmaking.engine.types.rows import PostingRow
from matchmaking.matching.choices import GOOD, Channel
from matchmaking.matching.models import MarketRanking, RematchRun, Suggestion
from matchmaking.matching.queries import put_aside
from matchmaking.matching.services.rematching.planning import AT_ONCE, pieces
from matchmaking.matching.services.snapshots import current_market
from matchmaking.matching.services.suggestions import record_shown
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import live_postings

NEWS_PAGE = "web:matching:news"
TOLD_ROLES = (Role.OWNER, Role.EDITOR)


class Pair(NamedTuple):
    """A posting whose owner may be told of another one; numbers."""

    posting: str
    counterpart: str


class Told(NamedTuple):
    """How many good matches were told, and to how many firms."""

    matches: int
    firms: int


def tell_news(*, run: RematchRun) -> Told:
    """Tell the owners on both sides of the good matches of ``run`` those that they have not seen, and finish the run.

    What one firm's people are told is kept with their notices in one transaction, so that a run that was stopped here
    goes on without telling anything twice.
    """
    by_firm = _by_firm(good_pairs(run))
    told = [tell_firm(run=run, firm=firm, pairs=pairs) for firm, pairs in sorted(by_firm.items())]
    RematchRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    return Told(sum(told), sum(bool(count) for count in told))


def good_pairs(run: RematchRun) -> set[Pair]:
    """Pairs of the run that are good, each from either side: a pair has one score."""
    rankings = MarketRanking.objects.filter(run=run).order_by().values_list("posting__number", "matches")
    pairs: set[Pair] = set()
    for number, matches in rankings.iterator(chunk_size=AT_ONCE):
        good = [key for key, score in matches if grade_of(score) >= GOOD]
        pairs.update(Pair(number, key) for key in good)
        pairs.update(Pair(key, number) for key in good)
    return pairs


@unit_of_work
def tell_firm(*, run: RematchRun, firm: int, pairs: Iterable[Pair]) -> int:
    """Tell the owners and editors of one firm what of ``pairs`` is new to it; gives the number of matches told.

    New is what no member was shown and no digest named before. Left out is what either side dismissed, and for each
    person what is hidden from a firm of theirs, belongs to one, or is no longer live.
    """
    active = Membership.objects.active().filter(enterprise=firm, role__in=TOLD_ROLES, user__is_active=True)
    readers = list(active.select_related("user").order_by("pk"))
    if not readers:
        return 0
    market = current_market()
    new = _unseen(set(pairs), firm)
    rows = rows_of(market, {number for pair in new for number in pair})
    new = {pair for pair in new if rows.keys() >= set(pair)}
    answers = _answers(run, new, rows, market)
    told: set[Pair] = set()
    for membership in readers:
        seen = _visible_to(membership.user, new)
        if seen:
            _notify(run, membership.user, {pair: answers[pair] for pair in seen})
            told |= seen
    _record({pair: answers[pair] for pair in told})
    return len(told)


def _by_firm(pairs: set[Pair]) -> Mapping[int, list[Pair]]:
    numbers = sorted({pair.posting for pair in pairs})
    live = Posting.objects.live().order_by()
    firms: dict[str, int] = {}
    for part in pieces(numbers, AT_ONCE):
        firms.update(live.filter(number__in=part).values_list("number", "enterprise"))
    by_firm: dict[int, list[Pair]] = defaultdict(list)
    for pair in sorted(pairs):
        if pair.posting in firms:
            by_firm[firms[pair.posting]].append(pair)
    return by_firm


def _unseen(pairs: set[Pair], firm: int) -> set[Pair]:
    numbers = sorted({pair.posting for pair in pairs})
    shown = Suggestion.objects.filter(posting__number__in=numbers).filter(
        Q(channel=Channel.MAIL) | Q(viewer__in=Membership.objects.active().filter(enterprise=firm).values("user"))
    )
    ends = ("posting__number", "counterpart__number")
    known = {Pair(*row) for row in shown.values_list(*ends)}
    aside = put_aside({number for pair in pairs for number in pair})
    return {
        one
        for one in pairs - known
        if one.counterpart not in aside[one.posting] and one.posting not in aside[one.counterpart]
    }


def _visible_to(person: User, pairs: set[Pair]) -> set[Pair]:
    """Those whose counterpart the person may see and does not own, where neither is a need of which all is signed."""
    asked = {number for pair in pairs for number in pair}
    met = set(Posting.objects.met().filter(number__in=asked).order_by().values_list("number", flat=True))
    rows = live_postings(user=person).filter(number__in={pair.counterpart for pair in pairs})
    visible = set(rows.exclude(enterprise__in=firms_of(person)).order_by().values_list("number", flat=True))
    return {pair for pair in pairs if pair.counterpart in visible and met.isdisjoint(pair)}


def _answers(
    run: RematchRun, pairs: Iterable[Pair], rows: Mapping[str, PostingRow], market: Market
) -> dict[Pair, Match]:
    """Each pair as it stands today, with its reasons, as the posting's page gives them."""
    questions = {number: Question(asker=rows[number], today=run.day) for number, _other in pairs}
    return {pair: answer_pair(questions[pair.posting], rows[pair.counterpart], market) for pair in pairs}


def _notify(run: RematchRun, person: User, matches: Mapping[Pair, Match]) -> None:
    """One notice a person and run: who acts for a second firm finds its matches added, and the best of all kept."""
    notice = notify_user(user=person, kind=NoticeKind.NEW_MATCHES, key=run.key, route=NEWS_PAGE)
    before = notice.facts.get("best")
    pair, best = min(matches.items(), key=lambda told: (-told[1].score, told[0]))
    is_better = before is None or best.score > before["score"]
    notice.facts = {
        "matches": notice.facts.get("matches", 0) + len(matches),
        "best": _why(pair, best) if is_better else before,
    }
    notice.save(update_fields=["facts"])


def _why(pair: Pair, match: Match) -> dict[str, object]:
    """Why a match is good, as its card says: codes and what fills their texts; nothing that names the counterpart."""
    notes = [{"code": note.reason.value, "facts": dict(note.facts)} for note in match.reasons]
    return {"posting": pair.posting, "score": match.score, "reasons": notes}


def _record(matches: Mapping[Pair, Match]) -> None:
    """Keep what was sent, as it stands today, beside what was shown on pages."""
    by_posting: dict[str, list[Match]] = defaultdict(list)
    for pair in sorted(matches):
        by_posting[pair.posting].append(matches[pair])
    for posting in Posting.objects.filter(number__in=by_posting).order_by("pk"):
        shown = _as_shown(by_posting[posting.number])
        record_shown(posting=posting, shown=shown, viewer=None, channel=Channel.MAIL)


def _as_shown(matches: Sequence[Match]) -> list[dict[str, object]]:
    ranked = sorted(matches, key=lambda match: (-match.score, match.key))
    return [
        {
            "number": match.key,
            "position": place,
            "points": str(match.points),
            "grade": match.grade,
            "reasons": [note.reason.value for note in match.reasons],
        }
        for place, match in enumerate(ranked, 1)
    ]
