"""A firm in Longchang with more orders for pram covers than lines, and who could help it."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Enterprise, User
from matchmaking.consortia.models import Consortium, Overflow
from matchmaking.consortia.queries.overflows import plan_of
from matchmaking.consortia.services.consenting import consent_to_share
from matchmaking.consortia.services.forming import Share
from matchmaking.consortia.services.overflowing import begin_overflow, plan_overflow
from matchmaking.postings.models import Posting
from reference.models import ChainNode, Region, Unit
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingFactory

SEWING, LONGCHANG, RONGCHANG = "CONS.SEW.SEWING", "511083", "500153"
SHOPS = (("示例荣昌车缝", 9000), ("示例隆昌车缝", 4000), ("示例东兴车缝", 4000))


def wanted(**changes: Any) -> dict[str, Any]:
    """What the firm types: orders of 40,000 in ten weeks, own lines for 25,000."""
    told: dict[str, Any] = {
        "node": SEWING,
        "ordered": Decimal(40_000),
        "own": Decimal(25_000),
        "unit": "PCS",
        "window_start": timezone.localdate() + timedelta(days=7),
        "weeks": 10,
        "region": LONGCHANG,
        "radius_km": 60,
        "partners": 2,
        "least_share": 20,
        "floor_area": Decimal(2000),
        "workers": Decimal(100),
        "visibility": "named",
        "text": "",
    }
    return told | changes


def offered(name: str, node: str, amount: int, unit: str = "PCS", **values: Any) -> Posting:
    """A capacity of a verified firm in Rongchang."""
    place = Region.objects.get(code=RONGCHANG)
    posting: Posting = PostingFactory(
        capacity=True,
        enterprise=EnterpriseFactory(name=name, region=place),
        title=f"{name}产能",
        region=place,
        node=ChainNode.objects.get(code=node),
        unit=Unit.objects.get(code=unit),
        quantity_amount=Decimal(amount),
        period="once",
        **values,
    )
    return posting


@dataclass
class Overflowing:
    """The firm, its owner, and sewing shops with theirs."""

    firm: Enterprise
    owner: User
    shops: list[Posting] = field(default_factory=list)
    sellers: list[User] = field(default_factory=list)

    def begin(self, **changes: Any) -> Overflow:
        """The overflow as the form makes it."""
        return begin_overflow(enterprise=self.firm, actor=self.owner, values=wanted(**changes))

    def plan(self, overflow: Overflow, *amounts: int, own: int = 2000, first: int = 0) -> Consortium:
        """The shops from ``first`` on are asked for these amounts, the rest falls to the own line."""
        shops = self.shops[first:]
        shares = [Share(shop, Decimal(amount)) for shop, amount in zip(shops, amounts, strict=False)]
        return plan_overflow(overflow=overflow, shares=shares, own=Decimal(own), actor=self.owner)

    def consent(self, overflow: Overflow, place: int) -> Consortium:
        """The shop at this place consents to its share."""
        plan = plan_of(overflow)
        assert plan is not None
        member = plan.members.active().get(partnership__capacity=self.shops[place])
        return consent_to_share(member=member, actor=self.sellers[place])


def overflowing() -> Overflowing:
    """The firm and the shops of ``SHOPS``."""
    firm = EnterpriseFactory(name="示例隆昌童车", alias="隆昌童车企业", region=Region.objects.get(code=LONGCHANG))
    shops = [offered(name, SEWING, amount) for name, amount in SHOPS]
    return Overflowing(
        firm=firm,
        owner=MembershipFactory(enterprise=firm).user,
        shops=shops,
        sellers=[MembershipFactory(enterprise=shop.enterprise).user for shop in shops],
    )
