"""Postings as plain values to the figures of a node: nothing here asks the database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from matchmaking.insights.choices import Coverage, Place
from matchmaking.insights.queries.counts import LEAST_FIRMS, node_line
from matchmaking.insights.queries.months import month_of, monthly
from matchmaking.insights.queries.weak_scores import Tally
from matchmaking.insights.services.weaklinks.reading import Live

MONTHS = 6
"""Months that are looked ahead, the running one included."""
PROVINCES = (Place.CHONGQING.value, Place.SICHUAN.value)
Verdicts = Mapping[str, Sequence[str]]
"""Number of a need to the musts that its nearest capacity fails."""


def rates_of(one: Live, first: int) -> list[int]:
    """What a posting needs or offers in each of the ``MONTHS`` from the month ``first`` on."""
    return monthly(one.amount, one.period, one.start, one.end, first=first, months=MONTHS)


def lines_of(one: Live) -> set[str]:
    """Codes of all nodes that a posting stands at: those that it names, and all above them."""
    return {step for code in one.nodes for step in node_line(code)}


def tallied(
    postings: Iterable[Live], *, verdicts: Verdicts, wanted: Iterable[str], day: date
) -> dict[tuple[str, str], Tally]:
    """The figures of the ``wanted`` nodes, by code and place; ``postings`` hold all that stand at one of them."""
    rows: dict[tuple[str, str], list[Live]] = {(code, place): [] for code in wanted for place in Place.values}
    for one in postings:
        for code in lines_of(one):
            for place in (Place.ANYWHERE.value, one.place):
                if (code, place) in rows:
                    rows[code, place].append(one)
    return {key: tally_of(found, verdicts=verdicts, day=day) for key, found in rows.items()}


def tally_of(found: Sequence[Live], *, verdicts: Verdicts, day: date) -> Tally:
    """The figures of one node at one place."""
    needs, capacities = [one for one in found if one.is_need], [one for one in found if not one.is_need]
    judged = [one for one in needs if one.number in verdicts]
    unmet = [one for one in judged if verdicts[one.number]]
    waiting = [one for one in needs if not one.is_answered]
    balance = balance_of(needs, capacities, month_of(day))
    return Tally(
        coverage=coverage_of(capacities),
        needs=len(needs),
        need_firms=firms_of(needs),
        capacities=len(capacities),
        suppliers=firms_of(capacities),
        balance=balance,
        hhi=hhi_of(capacities, month_of(day)),
        unmet=len(unmet),
        unmet_firms=firms_of(unmet),
        met_firms=firms_of([one for one in judged if not verdicts[one.number]]),
        blocks=blocks_of(unmet, verdicts),
        waiting_days=median_days(unmet, day),
        unanswered=len(waiting),
        unanswered_firms=firms_of(waiting),
        unanswered_days=median_days(waiting, day),
    )


def firms_of(found: Iterable[Live]) -> int:
    """Firms behind postings as outsiders can tell them: an alias is a firm of its own."""
    return len({one.firm for one in found})


def coverage_of(capacities: Sequence[Live]) -> Coverage:
    """Missing without a supplier, thin below three, else by the sides of the border that they stand on."""
    firms = firms_of(capacities)
    if firms < LEAST_FIRMS:
        return Coverage.THIN if firms else Coverage.MISSING
    sides = {one.place for one in capacities}
    return Coverage.BOTH_SIDES if sides.issuperset(PROVINCES) else Coverage.ONE_SIDE


def balance_of(needs: Sequence[Live], capacities: Sequence[Live], first: int) -> list[dict[str, Any]]:
    """Needed and offered in each of the next months, by dimension, with the firms behind each."""
    lines = []
    for dimension in sorted({one.dimension for one in (*needs, *capacities)}):
        asking = [one for one in needs if one.dimension == dimension]
        offering = [one for one in capacities if one.dimension == dimension]
        lines.append(
            {
                "dimension": dimension,
                "need_firms": firms_of(asking),
                "suppliers": firms_of(offering),
                "needed": summed(asking, first),
                "offered": summed(offering, first),
            }
        )
    return lines


def summed(found: Iterable[Live], first: int) -> list[int]:
    """Amounts of each of the next months together."""
    total = [0] * MONTHS
    for one in found:
        total = [before + more for before, more in zip(total, rates_of(one, first), strict=True)]
    return total


def hhi_of(capacities: Sequence[Live], first: int) -> int | None:
    """Herfindahl-Hirschman index of what is offered in the months ahead, 1 to 10,000, in the unit of most suppliers.

    None below three suppliers: it would tell the share of each.
    """
    by_dimension: dict[str, dict[tuple[int, str], int]] = defaultdict(lambda: defaultdict(int))
    for one in capacities:
        by_dimension[one.dimension][one.firm] += sum(rates_of(one, first))
    most = max(by_dimension, key=lambda name: (len(by_dimension[name]), name), default="")
    shares = by_dimension.get(most, {})
    total = sum(shares.values())
    if len(shares) < LEAST_FIRMS or not total:
        return None
    return 10_000 * sum(share * share for share in shares.values()) // (total * total)


def blocks_of(unmet: Sequence[Live], verdicts: Verdicts) -> list[dict[str, Any]]:
    """Musts that keep the nearest capacities from unmet needs, the one of most needs first, with the firms that ask."""
    needs: Counter[str] = Counter()
    firms: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for one in unmet:
        for reason in verdicts[one.number]:
            needs[reason] += 1
            firms[reason].add(one.firm)
    ordered = sorted(needs, key=lambda reason: (-needs[reason], reason))
    return [{"reason": reason, "needs": needs[reason], "firms": len(firms[reason])} for reason in ordered]


def median_days(found: Sequence[Live], day: date) -> int | None:
    """Days since they were published, the middle one (the lower of two); None without any."""
    ages = sorted(max((day - one.published).days, 0) for one in found)
    return ages[(len(ages) - 1) // 2] if ages else None
