"""The search box and similar postings over the market that suggestions are ranked over."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Enterprise
from accounts.permissions import firms_of
from accounts.querysets import Actor
from matchmaking.engine.scoring.building import rows_of
from matchmaking.engine.searching import Search, any_open, found, partly_found
from matchmaking.engine.similarity import Likeness, Similar, similar
from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.types.columns import Market
from matchmaking.matching.services.rows import plain_rows
from matchmaking.matching.services.snapshots import current_market
from matchmaking.postings.models import Posting
from reference.queries.picker import FUZZY, NodeMatch, nodes_matching

MOST_PARTLY, MOST_TRIED = 100, 1000
"""Postings shown that use a part of the words: who sees so many looks for something else; and how many are tried."""
SIMILAR = 6
"""Similar postings shown beside one."""


def found_numbers(words: str, titles_only: bool, direction: str = "") -> list[str] | None:
    """Numbers of the live postings that ``words`` find, best first; None where the words cannot be looked up.

    A posting is found when it uses every word, in its title alone for a reader of titles, or stands at or below a node
    that the words name in Chinese, pinyin or English. Slips of the keyboard are forgiven where nothing else is found.
    Whoever shows them still asks ``visible_to``. Writes nothing.
    """
    return found_in(current_market(), words, titles_only, direction)


def found_in(market: Market, words: str, titles_only: bool, direction: str = "") -> list[str] | None:
    """``found_numbers`` in the market given."""
    named = nodes_matching(words) or nodes_matching(normalised(words))
    outright = [match for match in named if match.rank < FUZZY]

    def search(nodes: list[NodeMatch]) -> list[str] | None:
        return found(Search(words, _well_named(nodes, market), direction, titles_only), market)

    numbers = search(outright)
    if numbers is None or outright or any_open(numbers, market, timezone.localdate()):
        return numbers
    # What is not open yet stands before: whoever may not see it must not notice it by what else is found.
    return list(dict.fromkeys([*numbers, *(search(named) or [])]))


def partly_found_numbers(words: str, titles_only: bool, direction: str = "", *, rows: QuerySet[Posting]) -> list[str]:
    """Numbers among ``rows`` of the live postings that use at least half of ``words``, those that use most first,
    MOST_PARTLY at most.

    For whoever sees nothing that uses all of them; ``rows`` are those that the reader may see, so that hidden ones take
    nobody's place. The same holds for readers of titles as for ``found_numbers``.
    """
    numbers = partly_found(Search(words, {}, direction, titles_only), current_market())[:MOST_TRIED]
    seen = set(rows.filter(number__in=numbers).values_list("number", flat=True))
    return [number for number in numbers if number in seen][:MOST_PARTLY]


def _well_named(nodes: Sequence[NodeMatch], market: Market) -> dict[str, int]:
    """How well the words name each node found and all below it, from 100 for the best one downward."""
    shares: dict[str, int] = {}
    for at, match in enumerate(nodes):
        for node in market.taxonomy.nodes:
            if f"{node.code}.".startswith(f"{match.code}."):
                shares.setdefault(node.code, 100 * (len(nodes) - at) // len(nodes))
    return shares


def similar_numbers(
    *, posting: Posting, viewer: Actor, titles_only: bool, system_of: Enterprise | None = None, limit: int = SIMILAR
) -> list[Similar]:
    """Numbers of the live postings of the same direction that are most like ``posting``, one a firm, best first.

    Those of the viewer's own firms and of the posting's are left out, and what is hidden from any of the viewer's; for
    a partner system of ``system_of`` that one firm is asked about. ``titles_only`` leaves texts out, as for visitors.
    Whoever shows them still asks ``visible_to``. Writes nothing.
    """
    market = current_market()
    row = rows_of(market, [posting.number]).get(posting.number)
    row = row or next(plain_rows(Posting.objects.filter(pk=posting.pk)), None)
    if row is None:
        return []
    text = row.title if titles_only else row.text
    readers = firms_of(viewer) if system_of is None else {system_of.pk}
    return similar(Likeness(row, text, timezone.localdate(), readers, titles_only), market, limit)
