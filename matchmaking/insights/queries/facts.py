"""The ledger of quoted facts and targets: texts with their sources, computed with nowhere."""

from collections.abc import Iterable

from accounts.querysets import Actor
from matchmaking.insights.choices import FACTS_OF_CLUSTER, FRONT_FACTS
from matchmaking.insights.models import ClusterTarget, QuotedFact
from matchmaking.insights.querysets import PublicQuerySet


def quoted_facts(*, user: Actor) -> PublicQuerySet:
    """All quoted facts, by code."""
    return QuotedFact.objects.visible_to(user)


def facts_named(*, user: Actor, codes: Iterable[str]) -> list[QuotedFact]:
    """The facts with these codes, in the order given; unknown ones are left out."""
    wanted = list(codes)
    found = {fact.code: fact for fact in quoted_facts(user=user).filter(code__in=wanted)}
    return [found[code] for code in wanted if code in found]


def facts_of_cluster(*, user: Actor, cluster: str) -> list[QuotedFact]:
    """What was published about a cluster of industries."""
    return facts_named(user=user, codes=FACTS_OF_CLUSTER.get(cluster, ()))


def front_facts(*, user: Actor) -> list[QuotedFact]:
    """The few facts that the home page quotes."""
    return facts_named(user=user, codes=FRONT_FACTS)


def cluster_targets(*, user: Actor, cluster: str = "") -> PublicQuerySet:
    """Announced targets, by due year and code; of one cluster where one is named."""
    rows = ClusterTarget.objects.visible_to(user).select_related("agreement").order_by("due_year", "code")
    return rows.filter(cluster=cluster) if cluster else rows
