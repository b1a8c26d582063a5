"""Framework agreements with their lines, what on this platform speaks of them, and the days on which it happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Sum
from django.utils import timezone

from accounts.querysets import Actor
from common.models import in_active_language
from matchmaking.insights.choices import EntryKind, FlowKind, Measure
from matchmaking.insights.models import AgreementParty, ClusterTarget, Flow, FrameworkAgreement
from matchmaking.insights.queries.chains import count_at
from matchmaking.insights.queries.counts import Group, kept
from matchmaking.insights.querysets import PublicQuerySet
from matchmaking.parks.queries.parks import BatchStanding, batches_on
from reference.choices import Cluster
from reference.models import IndustryChain
from reference.queries.nodes import chains_in_use

LATEST = date(9999, 12, 31)


@dataclass(frozen=True)
class Helping:
    """An agreement as a page names it beside something else."""

    code: str
    name_zh: str
    name_en: str

    name = in_active_language("name")


@dataclass(frozen=True)
class Live:
    """A live count in one chain: postings of firms that may be too few to be told, or outcomes."""

    chain: IndustryChain
    measure: Measure
    counted: Group


@dataclass(frozen=True)
class Happening:
    """A line of the timeline: exactly one of what happened is there; ``on`` orders it, ``told`` is the day as told."""

    on: date
    told: str = ""
    agreement: FrameworkAgreement | None = None
    entry: Any = None
    batch: BatchStanding | None = None
    target: ClusterTarget | None = None
    is_end: bool = False


def agreements_listed(*, user: Actor) -> PublicQuerySet:
    """All framework agreements, the newest first, each with its parties, tasks, lines and targets; five queries."""
    parties = AgreementParty.objects.visible_to(user).select_related("followed_by")
    rows: PublicQuerySet = FrameworkAgreement.objects.visible_to(user).prefetch_related(
        Prefetch("parties", parties), "commitments", "entries", "targets"
    )
    return rows


def agreement_by_code(*, user: Actor, code: str) -> FrameworkAgreement | None:
    """The agreement with this code."""
    found: FrameworkAgreement | None = agreements_listed(user=user).filter(code=code).first()
    return found


def helping_chain(chain_code: str) -> list[Helping]:
    """Agreements that hold today and speak of a chain; a minute old at most, hence mostly without a query."""
    return kept("agreements.by_chain", read_helping).get(chain_code, [])


def read_helping() -> dict[str, list[Helping]]:
    """Agreements that hold today, by the code of each chain that they speak of; two queries."""
    today = timezone.localdate()
    standing = [row for row in FrameworkAgreement.objects.all() if not row.is_over_on(today)]
    found: dict[str, list[Helping]] = {}
    for chain in chains_in_use():
        for row in standing:
            if row.cluster in (chain.cluster, Cluster.ALL):
                found.setdefault(chain.code, []).append(Helping(row.code, row.name_zh, row.name_en))
    return found


def confirmed_by_chain(*, user: Actor) -> dict[str, int]:
    """Outcomes that both sides confirmed, by chain, as the page of flows tells them; one query."""
    rows = Flow.objects.visible_to(user).filter(kind=FlowKind.CONFIRMED, cases__isnull=False).exclude(chain="")
    return dict(rows.order_by().values_list("chain").annotate(number=Sum("cases")))


def chains_of(cluster: str, chains: Iterable[IndustryChain]) -> list[IndustryChain]:
    """The chains of a cluster; all of them for what speaks of all clusters."""
    return [chain for chain in chains if cluster in (chain.cluster, Cluster.ALL)]


def live_counts_of(*, measure: str, cluster: str, user: Actor) -> list[Live]:
    """What is counted here for a task, chain by chain; nothing where no measure is possible."""
    if measure == Measure.NONE:
        return []
    chains = chains_of(cluster, chains_in_use())
    if measure == Measure.CONFIRMED:
        return confirmed_in(chains, confirmed_by_chain(user=user))
    counted = [(chain, count_at(chain.code)) for chain in chains]
    return [
        Live(chain, Measure(measure), pair.needs if measure == Measure.NEEDS else pair.capacities)
        for chain, pair in counted
    ]


def confirmed_in(chains: Iterable[IndustryChain], confirmed: dict[str, int]) -> list[Live]:
    """Confirmed outcomes of each chain; what is too small to be told is not among them, so no group is small."""
    return [Live(chain, Measure.CONFIRMED, Group(confirmed.get(chain.code, 0))) for chain in chains]


def contributions(*, targets: Iterable[ClusterTarget], user: Actor) -> dict[int, list[Live]]:
    """What came about here and was confirmed by both sides, in the chains of each target's cluster; two queries."""
    chains, confirmed = list(chains_in_use()), confirmed_by_chain(user=user)
    return {target.pk: confirmed_in(chains_of(target.cluster, chains), confirmed) for target in targets}


def timeline(*, user: Actor, agreements: Iterable[FrameworkAgreement], others: bool = False) -> list[Happening]:
    """What was signed, announced, done and fell due, the newest first: of these agreements, or of ``others`` too."""
    chosen = list(agreements)
    found = [
        Happening(entry.on, entry.told, agreement=row, entry=entry) for row in chosen for entry in row.entries.all()
    ]
    found += [Happening(row.ends_on, agreement=row, is_end=True) for row in chosen if row.ends_on]
    if others:
        found += [Happening(batch.announced_on, batch=batch) for batch in batches_on(LATEST)]
        targets: Iterable[ClusterTarget] = ClusterTarget.objects.visible_to(user).exclude(due_year=None)
    else:
        targets = [target for row in chosen for target in row.targets.all() if target.due_year]
    found += [Happening(date(one.due_year, 12, 31), str(one.due_year), target=one) for one in targets if one.due_year]
    return sorted(found, key=lambda one: one.on, reverse=True)


def documents_of(agreement: FrameworkAgreement) -> list[Any]:
    """Its documents, the newest first."""
    return [entry for entry in agreement.entries.all() if entry.kind == EntryKind.DOCUMENT]
