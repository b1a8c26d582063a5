"""A firm's list as it is read: rows with their filters, and what they add up to by region, tier, role and node."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Evidence, NetworkState, SupplyRole
from accounts.models import Enterprise, ListedFirm, NetworkMembership, SamenessDecision, SupplyRelation
from accounts.querysets import Actor, ListedFirmQuerySet, SupplyRelationQuerySet
from common.values import RegionCode, normalise_text
from matchmaking.networks.queries.sameness import Called, Decisions, Known, decided
from reference.models import ChainNode
from reference.queries.regions import region_codes_matching

SICHUAN, CHONGQING, ELSEWHERE, UNKNOWN = "510000", "500000", "elsewhere", "unknown"
PLACES = (SICHUAN, CHONGQING, ELSEWHERE, UNKNOWN)
PLACE_NAMES: Mapping[str, Any] = {ELSEWHERE: _("Elsewhere, or not read"), UNKNOWN: _("Not told")}
HERE = {"yes": False, "no": True}


def province_of(code: str) -> str:
    """The code of the province or municipality that a region lies in."""
    return f"{code[:2]}0000"


def relations_of(user: Actor, buyer: Enterprise) -> SupplyRelationQuerySet:
    """What ``user`` may know of the list of ``buyer``, over or not, with the name, region and firm of each."""
    rows = SupplyRelation.objects.visible_to(user).filter(buyer=buyer)
    return rows.select_related("node__chain", "listed__certification", "listed__region", "supplier").annotate(
        shown_name=Coalesce("listed__name", "supplier__name"),
        shown_region=Coalesce("listed__region__code", "listed__firm__region__code", "supplier__region__code"),
        who=Coalesce("listed__firm", "supplier"),
        who_key=Coalesce("listed__firm__key", "supplier__key"),
        is_asked_first=Exists(
            NetworkMembership.objects.in_force().filter(
                buyer=buyer, supplier=Coalesce(OuterRef("listed__firm"), OuterRef("supplier"))
            )
        ),
    )


def filtered(rows: SupplyRelationQuerySet, asked: Mapping[str, str]) -> SupplyRelationQuerySet:
    """Rows that fit what an address asks for; a value that is none of those on offer narrows nothing."""
    words = normalise_text(asked.get("q", ""))[:100]
    if words:
        found = (
            Q(shown_name__icontains=words) | Q(listed__external_key__icontains=words) | Q(listed__uscc=words.upper())
        )
        rows = rows.filter(found | Q(shown_region__in=region_codes_matching(words)))
    if asked.get("role") in SupplyRole.values:
        rows = rows.filter(role=asked["role"])
    if asked.get("tier", "").isdecimal() and len(asked["tier"]) < 3:
        rows = rows.filter(tier=int(asked["tier"]))
    if asked.get("evidence") in Evidence.values:
        rows = rows.filter(evidence=asked["evidence"])
    if asked.get("here") in HERE:
        rows = rows.filter(who__isnull=HERE[asked["here"]])
    if asked.get("node"):
        rows = rows.filter(node__code=asked["node"][:80])
    if asked.get("place") in PLACES or is_code(asked.get("place", "")):
        rows = rows.filter(_in_place(asked["place"]))
    if asked.get("former") != "1":
        rows = rows.in_force()
    return rows.order_by("shown_name", "pk")


def is_code(text: str) -> bool:
    """Whether ``text`` is written as the code of a region."""
    return len(text) == 6 and text.isascii() and text.isdecimal()


def count_firms(rows: SupplyRelationQuerySet) -> int:
    """How many firms stand behind ``rows``, each counted once."""
    return rows.order_by().values("listed", "supplier").distinct().count()


def _in_place(place: str) -> Q:
    if place == UNKNOWN:
        return Q(shown_region=None) & (Q(listed__place="") | Q(listed=None))
    if place == ELSEWHERE:
        return Q(shown_region=None) & ~Q(listed__place="")
    return Q(shown_region__startswith=RegionCode(place).stem)


@dataclass(frozen=True)
class Supplied:
    """One row of a list in plain values: the firm's identity in the list, and what it brings."""

    who: tuple[str, int]
    firm: int | None
    role: str
    tier: int
    node: int | None
    region: str
    place: str
    share: int | None
    evidence: str
    name: str


@dataclass(frozen=True)
class NodeSupply:
    """Who supplies a firm at a node: suppliers, those across the border, the largest share where shares are told."""

    node: ChainNode
    suppliers: int
    across: int
    agreed: int
    largest_share: int | None

    @property
    def is_single(self) -> bool:
        """Whether one firm alone supplies it: no second source."""
        return self.suppliers == 1


@dataclass
class Network:
    """What a list adds up to. Firms are counted once, whatever they bring; nothing is forced to add up."""

    province: str
    rows: list[Supplied]
    nodes_by_key: Mapping[int, ChainNode] = field(default_factory=dict)

    @cached_property
    def suppliers(self) -> int:
        """Firms that supply."""
        return len({row.who for row in self.rows if row.role == SupplyRole.SUPPLIER})

    @cached_property
    def distributors(self) -> int:
        """Firms that distribute."""
        return len({row.who for row in self.rows if row.role == SupplyRole.DISTRIBUTOR})

    @cached_property
    def here(self) -> int:
        """Firms that are on the platform."""
        return len({row.who for row in self.rows if row.firm is not None})

    @cached_property
    def firms(self) -> int:
        """All firms of the list."""
        return len({row.who for row in self.rows})

    @cached_property
    def by_place(self) -> list[tuple[str, int, int]]:
        """Suppliers and distributors by place, the unknown as a row of its own."""
        return [
            (place, self._at(place, SupplyRole.SUPPLIER), self._at(place, SupplyRole.DISTRIBUTOR)) for place in PLACES
        ]

    @cached_property
    def by_tier(self) -> list[tuple[int, int]]:
        """Suppliers by tier; one that stands in two is counted in each."""
        counts = Counter(
            pair[1] for pair in {(row.who, row.tier) for row in self.rows if row.role == SupplyRole.SUPPLIER}
        )
        return sorted(counts.items())

    @cached_property
    def by_region(self) -> Mapping[str, int]:
        """Firms by the code of their region."""
        return Counter(region for _who, region in {(row.who, row.region) for row in self.rows if row.region})

    @cached_property
    def nodes(self) -> list[NodeSupply]:
        """Nodes with who supplies them, single sources first."""
        rows: dict[int, list[Supplied]] = {}
        for row in self.rows:
            if row.node is not None and row.role == SupplyRole.SUPPLIER:
                rows.setdefault(row.node, []).append(row)
        found = [self._node(self.nodes_by_key[key], told) for key, told in rows.items()]
        return sorted(found, key=lambda one: (one.suppliers, one.node.code))

    @cached_property
    def single(self) -> list[NodeSupply]:
        """Nodes with one supplier alone."""
        return [one for one in self.nodes if one.is_single]

    def _at(self, place: str, role: str) -> int:
        return len({row.who for row in self.rows if row.role == role and place_of(row) == place})

    def _node(self, node: ChainNode, rows: list[Supplied]) -> NodeSupply:
        who = {row.who for row in rows}
        shares = [row.share for row in rows if row.share is not None]
        return NodeSupply(
            node=node,
            suppliers=len(who),
            across=len({row.who for row in rows if row.region and province_of(row.region) != self.province}),
            agreed=len({row.who for row in rows if row.evidence == Evidence.AGREED_HERE}),
            largest_share=max(shares, default=None),
        )


def place_of(row: Supplied) -> str:
    """Which of ``PLACES`` a row lies in."""
    if row.region:
        return province_of(row.region)
    return ELSEWHERE if row.place else UNKNOWN


def network_of_buyer(user: Actor, buyer: Enterprise) -> Network:
    """What the list of ``buyer`` adds up to, as far as ``user`` may know it. Two queries, whatever its length."""
    rows = relations_of(user, buyer).in_force().order_by()
    told = [
        Supplied(
            who=("listed", row["listed"]) if row["listed"] else ("firm", row["supplier"]),
            firm=row["who"],
            region=row["shown_region"] or "",
            place=row["listed__place"] or "",
            share=row["share_percent"],
            name=row["shown_name"],
            **{name: row[name] for name in ("role", "tier", "node", "evidence")},
        )
        for row in rows.values(
            "listed", "supplier", "who", "shown_region", "listed__place", "share_percent", "shown_name", "role", "tier",
            "node", "evidence",
        )
    ]  # fmt: skip
    nodes = ChainNode.objects.select_related("chain").in_bulk({one.node for one in told if one.node is not None})
    return Network(province_of(buyer.region.code), told, nodes)


def buyers_visible_to(user: Actor) -> QuerySet[Enterprise]:
    """Firms whose lists ``user`` may read beside those of their own firms, by name."""
    listed = ListedFirm.objects.visible_to(user).exclude(buyer__in=Enterprise.objects.of_member(user).values("pk"))
    rows = Enterprise.objects.filter(pk__in=listed.order_by().values("buyer"))
    return rows.select_related("region").order_by("name", "pk")


def listed_firms(user: Actor, buyer: Enterprise) -> ListedFirmQuerySet:
    """Firms that ``user`` may read on the list of ``buyer``, those that left too."""
    rows = ListedFirm.objects.visible_to(user).filter(buyer=buyer)
    return rows.select_related("buyer", "region", "firm", "certification")


def firms_of_list(buyer: Enterprise | None) -> ListedFirmQuerySet:
    """Firms of the list of ``buyer`` as its systems read them, the newest first, with all that they bring."""
    rows = ListedFirm.objects.filter(buyer=buyer).select_related("region", "firm", "certification")
    return rows.prefetch_related("relations__node").order_by("-pk")


def decisions_of(buyer: Enterprise) -> Decisions:
    """All that ``buyer`` decided of pairs of names."""
    rows = SamenessDecision.objects.filter(buyer=buyer).order_by("pk")
    return {(mark, other): same for mark, other, same in rows.values_list("mark", "other", "is_same")}


def called(listed: ListedFirm) -> Called:
    """What the list calls a firm."""
    return Called(listed.name, listed.external_key, listed.uscc)


def known_firms(buyer: Enterprise, decisions: Decisions) -> Known:
    """All firms of the list, those that left too, so that they are known again."""
    known = Known(decisions)
    rows = ListedFirm.objects.filter(buyer=buyer).select_related("certification").prefetch_related("relations__node")
    for row in rows.order_by("pk"):
        known.add(called(row), row)
    return known


def is_listed(buyer: Enterprise, name: Called) -> bool:
    """Whether the list of ``buyer`` has this firm surely."""
    return known_firms(buyer, decisions_of(buyer)).find(name)[0] is not None


@dataclass(frozen=True)
class PerhapsHere:
    """A listed firm, and an enterprise here that has its name."""

    listed: ListedFirm
    firm: Enterprise


MOST_ASKED = 20


def perhaps_here(buyer: Enterprise) -> list[PerhapsHere]:
    """Listed firms without a credit code whose very name an enterprise here has, as long as nobody decided."""
    rows = list(ListedFirm.objects.in_force().filter(buyer=buyer, firm=None, uscc=""))
    firms = Enterprise.objects.active().filter(name__in=[row.name for row in rows]).exclude(pk=buyer.pk)
    taken = ListedFirm.objects.filter(buyer=buyer, firm__isnull=False).values("firm")
    named = {firm.name: firm for firm in firms.exclude(pk__in=taken)}
    decisions = decisions_of(buyer)
    found = [PerhapsHere(row, named[row.name]) for row in rows if row.name in named]
    open_ones = [one for one in found if decided(decisions, called(one.listed).marks, [firm_mark(one.firm)]) is None]
    return open_ones[:MOST_ASKED]


def firm_mark(firm: Enterprise) -> str:
    """By what a decision knows an enterprise here."""
    return f"firm:{firm.key}"


def released_counts(buyer: Enterprise) -> Mapping[str, Any] | None:
    """What a firm's public page tells of its list: totals, and places where no group is under three; None where the
    firm releases nothing.
    """
    if not buyer.releases_network:
        return None
    today = timezone.localdate()
    rows = SupplyRelation.objects.in_force().filter(buyer=buyer)
    network = Network(province_of(buyer.region.code), list(_plain(rows)))
    suppliers = [(place, count) for place, count, _distributors in network.by_place]
    are_told = all(count == 0 or count >= LEAST_TOLD for _place, count in suppliers)
    return {
        "suppliers": network.suppliers if network.suppliers >= LEAST_TOLD else None,
        "distributors": network.distributors if network.distributors >= LEAST_TOLD else None,
        "places": [(place, count) for place, count in suppliers if count] if are_told else [],
        "on": today,
    }


LEAST_TOLD = 3


def _plain(rows: SupplyRelationQuerySet) -> Iterable[Supplied]:
    region = Coalesce("listed__region__code", "listed__firm__region__code", "supplier__region__code")
    for row in rows.values("listed", "supplier", "role", "listed__place", code=region):
        who = ("listed", row["listed"]) if row["listed"] else ("firm", row["supplier"])
        yield Supplied(who, None, row["role"], 1, None, row["code"] or "", row["listed__place"] or "", None, "", "")


def membership_words(buyer: Enterprise) -> Mapping[int, NetworkMembership]:
    """The latest course of membership of each enterprise in the network of ``buyer``, by its key."""
    rows = NetworkMembership.objects.filter(buyer=buyer).exclude(state=NetworkState.DECLINED).order_by("pk")
    return {row.supplier_id: row for row in rows}
