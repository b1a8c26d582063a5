"""What a firm's capability passport tells: papers and machines with the state of their check, and recorded steps.

It tells every reader the same, the firm's own members too, and so names no other firm. As with the public rates a step
counts only where the firm's posting stood under its own name when it was taken, and for the node at which it stood
then: no figure moves when a posting goes under an alias, comes back, or is moved to another node meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Enterprise, EnterpriseCertificate, Equipment
from accounts.queries import told_certificates_of, told_equipment_of
from matchmaking.partnerships.choices import Act, OutcomeState
from matchmaking.partnerships.models import PartnershipEvent
from matchmaking.partnerships.queries.rates import (
    FEWEST_FIRMS,
    MOST_ROWS,
    Rates,
    as_it_stood,
    figure_of,
    public_rates,
    since,
)
from matchmaking.postings.choices import Visibility
from matchmaking.postings.services.contacts import has_contact

MOST_MACHINES = 60
"""Kinds of machines that are told, those seen on site first; a paper of more pages is read by nobody."""
VERDICTS = (Act.PASS_SAMPLE, Act.FAIL_SAMPLE)


@dataclass(frozen=True)
class NodeOutcomes:
    """Outcomes that both sides confirmed at a node, and how many other firms stand behind them, three at least."""

    node: str
    outcomes: int
    firms: int


@dataclass(frozen=True)
class PassportFacts:
    """All that a passport tells on ``day``. ``machines_left_out`` is how many more there are than those told,
    ``withheld`` how many papers and machines are not told because contact data stand in their words.

    ``first_samples_percent`` is the share of suppliers' first samples that passed, of the last year; None where fewer
    cases or firms are behind it than behind any public rate.
    """

    day: date
    certificates: list[EnterpriseCertificate]
    machines: list[Equipment]
    machines_left_out: int
    withheld: int
    rates: Rates
    first_samples_percent: int | None
    outcomes: list[NodeOutcomes]


def passport_facts(*, enterprise: Enterprise, day: date) -> PassportFacts:
    """The facts of one firm, by seven queries."""
    all_papers, all_machines = list(told_certificates_of(enterprise)), list(told_equipment_of(enterprise))
    papers = [row for row in all_papers if not has_contact(row.issuer)]
    machines = [row for row in all_machines if not has_contact(row.kind, row.size)]
    return PassportFacts(
        day=day,
        certificates=papers,
        machines=machines[:MOST_MACHINES],
        machines_left_out=len(machines[MOST_MACHINES:]),
        withheld=len(all_papers) + len(all_machines) - len(papers) - len(machines),
        rates=public_rates(enterprise),
        first_samples_percent=first_samples_percent(enterprise),
        outcomes=outcomes_by_node(enterprise),
    )


def first_samples_percent(enterprise: Enterprise) -> int | None:
    """Percent of the firm's first samples, one a partnership, that passed within the last year.

    A first sample under alias counts nowhere, and does not make the second one the first.
    """
    rows = _acts_of(enterprise, VERDICTS).order_by("-pk")
    first: dict[int, tuple[int, str, datetime, str]] = {}
    for partnership, *told in rows.values_list(
        "partnership", "partnership__need__enterprise", "act", "happened_at", "shown_then"
    )[:MOST_ROWS]:
        first[partnership] = tuple(told)
    cases = [
        (firm, float(act == Act.PASS_SAMPLE))
        for firm, act, moment, shown in first.values()
        if moment >= since() and shown == Visibility.NAMED
    ]
    return figure_of(cases, lambda: round(100 * sum(passed for _firm, passed in cases) / len(cases)))


def outcomes_by_node(enterprise: Enterprise) -> list[NodeOutcomes]:
    """Confirmed outcomes of what the firm supplied, the most first, for nodes with at least ``FEWEST_FIRMS`` others.

    Of other nodes nothing is told, neither that they are there nor a total that would give them away.
    """
    rows = _supplied(enterprise, (Act.COMPLETE,)).filter(partnership__outcome__state=OutcomeState.CONFIRMED)
    node = as_it_stood("node__code", "partnership__capacity", "happened_at")
    return _grouped(rows.order_by().values_list(node, "partnership__need__enterprise"))


def _grouped(cases: Iterable[tuple[str, int]]) -> list[NodeOutcomes]:
    firms: dict[str, list[int]] = {}
    for node, firm in cases:
        firms.setdefault(node, []).append(firm)
    found = [NodeOutcomes(node, len(behind), len(set(behind))) for node, behind in firms.items()]
    told = [one for one in found if one.firms >= FEWEST_FIRMS]
    return sorted(told, key=lambda one: (-one.outcomes, one.node))


def _supplied(enterprise: Enterprise, acts: Iterable[Act]) -> Any:
    """Steps at capacities of the firm that stood under its own name then."""
    return _acts_of(enterprise, acts).filter(shown_then=Visibility.NAMED)


def _acts_of(enterprise: Enterprise, acts: Iterable[Act]) -> Any:
    """Steps at capacities of the firm, with how each stood then: ``shown_then``."""
    rows = PartnershipEvent.objects.filter(act__in=acts, partnership__capacity__enterprise=enterprise)
    return rows.annotate(shown_then=as_it_stood("visibility", "partnership__capacity", "happened_at"))
