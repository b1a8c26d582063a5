"""The eighteen scenarios as rows of the database: reference units, regions and papers, ranked through the services."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import CheckState
from common.reasons import DROPPING
from matchmaking.matching.services.suggestions import explain_pair, suggestions_for
from matchmaking.postings.choices import Direction, Operator, Period, PriceKind, RegionPreference
from reference.models import Certification, ChainNode, Parameter, Region, Unit
from tests.factories.accounts import EnterpriseCertificateFactory, MembershipFactory, UserFactory
from tests.factories.matching import REASON_CODES, SCENARIOS, TODAY
from tests.factories.postings import PostingCertificateFactory, PostingFactory, PostingParameterFactory

pytestmark = pytest.mark.django_db
OPERATORS = {">=": Operator.AT_LEAST, "<=": Operator.AT_MOST, "=": Operator.EQUAL}
TOLD = json.loads(SCENARIOS.read_text(encoding="utf-8"))["scenarios"]


def moved(day):
    """A scenario's day, as far from today as it is from the scenarios' reference date."""
    return timezone.localdate() + (date.fromisoformat(day) - TODAY)


def posted(told, direction):
    need = direction == Direction.NEED
    prices = [Decimal(price) for price in (told["price_band"] if need else told["price"]).split("-") if price]
    stems = told.get("regions_allowed", [])
    posting = PostingFactory(
        direction=direction,
        title=told["title_zh"],
        text=f"{told['text_zh']}\n{told['text_en']}",
        node=ChainNode.objects.get(code=told["node"]),
        region=Region.objects.get(code=told["region"]),
        unit=Unit.objects.get(code=told["unit"]),
        quantity_amount=Decimal(told["qty"]),
        period=Period.ONCE,
        window_start=moved(told["window_from"]),
        window_end=moved(told["window_to"]),
        minimum_order_amount=None if need else Decimal(told["moq"]) or None,
        reserved_amount=0 if need else Decimal(told["booked"]),
        confirmed_on=timezone.localdate() if need else moved(told["confirmed_on"]),
        price_kind=PriceKind.OPEN if prices else PriceKind.NONE,
        price_min=prices[0] if prices else None,
        price_max=prices[-1] if prices else None,
        region_preference=RegionPreference.LIST if stems else RegionPreference.ANY,
    )
    for stem in stems:
        posting.regions_allowed.add(*Region.objects.filter(code__startswith=stem, valid_to=None))
    for code in told["certs"]:
        paper = Certification.objects.get(code=code)
        if need:
            PostingCertificateFactory(posting=posting, certification=paper)
        else:
            last = moved(told["certs"][code])
            EnterpriseCertificateFactory(
                enterprise=posting.enterprise, certification=paper, expires_on=last, state=CheckState.CHECKED
            )
    for code, operator, value in re.findall(r"(\w+)(>=|<=|=)([^;]+)", told["spec"]):
        number = {"number": Decimal(value)} if value.isdigit() else {"number": None, "level": value}
        parameter = Parameter.objects.get(code=code)
        PostingParameterFactory(posting=posting, parameter=parameter, operator=OPERATORS[operator], **number)
    return posting


def test_every_scenario_comes_out_right_through_the_services():
    rows = [
        (
            posted(told["need"], Direction.NEED),
            [(posted(row, Direction.CAPACITY), row["reason"]) for row in told["capacities"]],
        )
        for told in TOLD
    ]
    support = UserFactory(platform_admin=True)
    for need, capacities in rows:
        buyer = MembershipFactory(enterprise=need.enterprise).user
        found = suggestions_for(posting=need, viewer=buyer)
        assert [match.posting.pk for match in found.matches] == [row.pk for row, reason in capacities if not reason]
        for row, reason in capacities:
            gaps = explain_pair(posting=need, counterpart=row, viewer=support).gaps
            refused = [gap.reason.value for gap in gaps if gap.reason in DROPPING]
            assert refused == ([REASON_CODES[reason]] if reason else []), (need.title, row.title)
