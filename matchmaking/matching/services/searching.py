"""The search box and similar postings over the market that suggestions are ranked over."""

from matchmaking.engine.searching import Search, found
from matchmaking.engine.text.normalising import normalised
from matchmaking.matching.services.snapshots import current_market
from reference.queries.picker import FUZZY, NodeMatch, nodes_matching


def found_numbers(words: str, titles_only: bool, direction: str = "") -> list[str] | None:
    """Numbers of the live postings that ``words`` find, best first; None where the words cannot be looked up.

    A posting is found when it uses every word, in its title alone for a reader of titles, or stands at or below a node
    that the words name in Chinese, pinyin or English. Slips of the keyboard are forgiven where nothing else is found.
    Whoever shows them still asks ``visible_to``. Writes nothing.
    """
    market = current_market()
    named = nodes_matching(words) or nodes_matching(normalised(words))
    outright = [match for match in named if match.rank < FUZZY]

    def search(nodes: list[NodeMatch]) -> list[str] | None:
        codes = [match.code for match in nodes]
        below = [
            node.code for node in market.taxonomy.nodes if any(f"{node.code}.".startswith(f"{code}.") for code in codes)
        ]
        return found(Search(words, below, direction, titles_only), market)

    numbers = search(outright)
    return numbers if numbers or numbers is None or outright else search(named)
