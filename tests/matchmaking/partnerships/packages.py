"""A package of three needs and two suppliers; shared by the tests of packages."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Enterprise, User
from matchmaking.partnerships.models import Partnership, Rfq
from matchmaking.partnerships.services.lines import LinePrice, quote_lines
from matchmaking.partnerships.services.packages import add_line, begin_package, publish_package
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

NODE = "AUTO.BODY.CAST"


def in_days(days: int) -> Any:
    """This moment so many days ahead."""
    return timezone.now() + timedelta(days=days)


def line_values(number: int = 1, **changed: Any) -> dict[str, Any]:
    """What a row of a spreadsheet says."""
    return {
        "title": f"示例铸件 {number}",
        "node": NODE,
        "unit": "pcs",
        "quantity": Decimal(1000 * number),
        "period": "once",
        "region": "510104",
        "subject": "component",
        **changed,
    }


@dataclass
class Buyer:
    """A verified firm with an owner, and its package."""

    firm: Enterprise
    user: User
    rfq: Rfq

    @property
    def now(self) -> Rfq:
        """The row as the database has it."""
        return Rfq.objects.select_related("enterprise").get(pk=self.rfq.pk)

    def lines(self) -> list[Any]:
        """The lines in their order."""
        return list(self.rfq.lines.select_related("need").order_by("position"))

    def publish(self) -> Rfq:
        """Publish the package."""
        return publish_package(rfq=self.now, actor=self.user)


@dataclass
class Supplier:
    """A firm in talks about one line of a package."""

    firm: Enterprise
    user: User
    partnership: Partnership

    def quote(self, rfq: Rfq, prices: dict[int, Any], **terms: Any) -> Any:
        """Quote for lines by row number, at a price or at (price, amount)."""
        given = {
            key: LinePrice(*map(Decimal, price if isinstance(price, tuple) else (price,)))
            for key, price in prices.items()
        }
        told = {"valid_until": timezone.localdate() + timedelta(days=30), "lead_time_days": 20, **terms}
        return quote_lines(rfq=rfq, actor=self.user, enterprise=self.firm, prices=given, terms=told)


def buyer(lines: int = 3, **values: Any) -> Buyer:
    """A firm with a draft package of so many lines."""
    firm = EnterpriseFactory(verification="verified")
    user = MembershipFactory(enterprise=firm).user
    rfq = begin_package(
        enterprise=firm, actor=user, values={"title": "示例铸件包", "due_at": in_days(7), "is_sealed": False, **values}
    )
    for number in range(1, lines + 1):
        add_line(rfq=rfq, actor=user, values=line_values(number))
    return Buyer(firm, user, rfq)


def supplier(need: Any, **traits: Any) -> Supplier:
    """A firm with a capacity that is introduced to the need's firm about it."""
    firm = EnterpriseFactory(verification="verified")
    user = MembershipFactory(enterprise=firm).user
    capacity = PostingFactory(
        capacity=True,
        enterprise=firm,
        node=need.node,
        unit=need.unit,
        quantity_amount=Decimal(100_000),
        period="once",
    )
    return Supplier(firm, user, PartnershipFactory(need=need, capacity=capacity, introduced=True, **traits))
