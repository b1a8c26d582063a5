"""Shapes of packages: requests for quotation over several needs, as their owner and as their suppliers read them."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1.serializers.partnerships import AgreementSerializer, QuoteSerializer, QuoteTermsSerializer, amount, money
from api.v1.serializers.postings import PostingWriteSerializer, QuantitySerializer
from api.v1.serializers.reference import NamedSerializer
from common.values import normalise_code
from matchmaking.partnerships.choices import AgreementState, FreightPayer, LineState, QuoteState, RfqState
from matchmaking.partnerships.queries.packages import MOST_LINES
from matchmaking.postings.choices import Period

LARGEST_VERSION = 2_147_483_647


class PackageFirmSerializer(serializers.Serializer[Any]):
    """A firm that was introduced to the asker's."""

    key = serializers.CharField()
    name = serializers.CharField()


class PackageSerializer(serializers.Serializer[Any]):
    """A package in a list; while ``is_sealed_now``, nobody but its maker reads a quote."""

    key = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=RfqState.choices)
    is_own = serializers.SerializerMethodField()
    enterprise = PackageFirmSerializer()
    due_at = serializers.DateTimeField()
    takes_quotes = serializers.BooleanField()
    is_sealed = serializers.BooleanField()
    is_sealed_now = serializers.BooleanField(source="hides_quotes")
    window_start = serializers.DateField(allow_null=True)
    window_end = serializers.DateField(allow_null=True)
    answer_within_working_days = serializers.IntegerField(allow_null=True)
    line_count = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    def get_is_own(self, package: Any) -> bool:
        """Whether the asker's own firm asks for the quotes."""
        return bool(package.enterprise_id == self.context["enterprise"].pk)

    def get_line_count(self, package: Any) -> int | None:
        """How many needs it holds, for its own firm."""
        return package.line_count if self.get_is_own(package) else None


class PackagePageSerializer(PackageSerializer):
    """A package with the certificates that every line requires."""

    certificates = serializers.SerializerMethodField()

    def get_certificates(self, package: Any) -> list[str]:
        """Their codes."""
        return sorted(paper.code for paper in package.certificates.all())


class PackageWriteSerializer(serializers.Serializer[Any]):
    """What a package says of itself and of all its lines. Fields that are left out stay as they are."""

    title = serializers.CharField(max_length=120, required=False)
    due_at = serializers.DateTimeField(required=False)
    is_sealed = serializers.BooleanField(required=False)
    window_start = serializers.DateField(required=False, allow_null=True)
    window_end = serializers.DateField(required=False, allow_null=True)
    answer_within_working_days = serializers.IntegerField(min_value=1, max_value=30, required=False, allow_null=True)
    certificates = serializers.ListField(child=serializers.CharField(max_length=40), max_length=30, required=False)


class NewPackageSerializer(PackageWriteSerializer):
    """A package to begin: a draft that its own firm alone sees until it is published."""

    title = serializers.CharField(max_length=120)
    due_at = serializers.DateTimeField()


class SeenPackageSerializer(serializers.Serializer[Any]):
    """The version that was read, so that nothing is published that was changed meanwhile."""

    version = serializers.IntegerField(min_value=1, max_value=LARGEST_VERSION, source="seen_version")


class ChangedPackageSerializer(PackageWriteSerializer):
    """A change of a draft; ``version`` is the one that was read, so that nobody's change is lost."""

    version = serializers.IntegerField(min_value=1, max_value=LARGEST_VERSION)


class NeedsSerializer(serializers.Serializer[Any]):
    """Numbers of one's own needs, drafts or live ones, that become lines."""

    needs = serializers.ListField(child=serializers.CharField(max_length=20), allow_empty=False, max_length=MOST_LINES)


class NewLineSerializer(PostingWriteSerializer):
    """A line to write as a need of its own; period, region and subject may be left out for what is usual."""

    title = serializers.CharField(max_length=120)
    node = serializers.CharField(max_length=80)
    quantity = QuantitySerializer()


class NewLinesSerializer(serializers.Serializer[Any]):
    """Lines to add, all of them or none."""

    lines = serializers.ListField(child=NewLineSerializer(), allow_empty=False, max_length=MOST_LINES)


class LineSerializer(serializers.Serializer[Any]):
    """What a line asks for: a need with a number of its own."""

    posting = serializers.CharField(source="need.number")
    title = serializers.CharField(source="need.title")
    node = NamedSerializer(source="need.node", allow_null=True)
    quantity = serializers.SerializerMethodField()
    period = serializers.ChoiceField(source="need.period", choices=Period.choices)
    window_start = serializers.DateField(source="need.window_start", allow_null=True)
    window_end = serializers.DateField(source="need.window_end", allow_null=True)

    @extend_schema_field(QuantitySerializer(allow_null=True))
    def get_quantity(self, line: Any) -> dict[str, str] | None:
        """The quantity asked for, in the need's unit."""
        need = line.need
        if need.quantity_amount is None or need.unit is None:
            return None
        return {"amount": f"{need.quantity_amount:.3f}", "unit": need.unit.code}


class LineQuoteSerializer(serializers.Serializer[Any]):
    """A supplier's quote for a line; ``price`` is for one of the need's unit, ``quantity_amount`` counted in it."""

    quote = serializers.CharField(source="quote.key")
    partnership = serializers.CharField(source="quote.partnership.key")
    supplier = PackageFirmSerializer()
    state = serializers.ChoiceField(source="quote.state", choices=QuoteState.choices)
    price = money()
    currency = serializers.CharField(source="quote.currency")
    quantity_amount = amount(source="amount")
    period = serializers.ChoiceField(source="quote.period", choices=Period.choices)
    total = serializers.DecimalField(source="quote.total", max_digits=34, decimal_places=2)
    is_best = serializers.BooleanField(
        help_text=_("Whether all quotes of the line can be compared and none is cheaper.")
    )
    is_tax_included = serializers.BooleanField(source="quote.is_tax_included")
    tax_rate = serializers.DecimalField(source="quote.tax_rate", max_digits=5, decimal_places=2, allow_null=True)
    lead_time_days = serializers.IntegerField(source="quote.lead_time_days", allow_null=True)
    minimum_order_amount = amount(source="quote.minimum_order_amount", allow_null=True)
    valid_until = serializers.DateField(source="quote.valid_until")
    freight_payer = serializers.ChoiceField(
        source="quote.freight_payer", choices=FreightPayer.choices, allow_blank=True
    )
    delivery_place = serializers.CharField(source="quote.delivery_place", allow_blank=True)
    payment_days = serializers.IntegerField(source="quote.payment_days", allow_null=True)
    takes_bank_acceptance = serializers.BooleanField(source="quote.takes_bank_acceptance", allow_null=True)
    metal_index = serializers.CharField(source="quote.metal_index", allow_blank=True)
    tooling_cost = money(source="quote.tooling_cost", allow_null=True)
    note = serializers.CharField(source="quote.note", allow_blank=True)
    awarded = amount(allow_null=True)
    award_state = serializers.ChoiceField(
        source="agreement.state", choices=AgreementState.choices, default=None, allow_null=True
    )


class PackageLineSerializer(LineSerializer):
    """A line as its owner reads it, with the quotes that can be read now, cheapest first; ``number`` is its place."""

    number = serializers.IntegerField(source="line.position")
    external_key = serializers.CharField(source="need.external_key", allow_blank=True)
    state = serializers.ChoiceField(choices=LineState.choices)
    quote_count = serializers.IntegerField(help_text=_("How many quotes stand, those that are still sealed included."))
    awarded = amount()
    quotes = LineQuoteSerializer(source="offers", many=True)


class SupplierTotalSerializer(serializers.Serializer[Any]):
    """What one supplier asks for in one currency over all lines that it quoted; tooling and freight not counted."""

    supplier = PackageFirmSerializer()
    currency = serializers.CharField()
    lines = serializers.IntegerField()
    best = serializers.IntegerField()
    asked = serializers.DecimalField(max_digits=40, decimal_places=2)
    awarded = serializers.DecimalField(max_digits=40, decimal_places=2)


class ComparisonSerializer(serializers.Serializer[Any]):
    """All lines of one's own package with their quotes side by side, and what each supplier asks for in all."""

    lines = PackageLineSerializer(many=True)
    suppliers = SupplierTotalSerializer(many=True)


class OfferedLineSerializer(LineSerializer):
    """A line as a supplier reads it: its own quote, with price and quantity in the need's unit, and its own award."""

    number = serializers.IntegerField()
    partnership = serializers.CharField(source="partnership.key", default=None, allow_null=True)
    price = money(allow_null=True)
    quantity_amount = amount(source="amount", allow_null=True)
    quote = QuoteSerializer(allow_null=True)
    agreement = AgreementSerializer(allow_null=True)


class OfferedLinesSerializer(serializers.Serializer[Any]):
    """The lines that one's own firm may quote."""

    lines = OfferedLineSerializer(many=True)


class QuotedLineSerializer(serializers.Serializer[Any]):
    """A price for one of the need's unit; without a quantity all of the line is offered."""

    posting = serializers.CharField(max_length=20)
    unit_price = money(min_value=Decimal(0))
    quantity_amount = amount(min_value=Decimal(0), required=False, allow_null=True)


class LineQuotesSerializer(QuoteTermsSerializer):
    """Quotes for several lines, in CNY; ``capacity`` is one's own posting for lines that are not talked about yet."""

    quantity_amount = None
    unit = None
    period = None
    unit_price = None
    minimum_order_amount = None
    tooling_cost = None
    capacity = serializers.CharField(max_length=20, required=False)
    lines = serializers.ListField(child=QuotedLineSerializer(), allow_empty=False, max_length=MOST_LINES)

    def validate_lines(self, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each line once."""
        return once(told, "posting")


class AwardSerializer(serializers.Serializer[Any]):
    """How much of a quote is taken, in the need's unit."""

    quote = serializers.CharField(max_length=10)
    quantity_amount = amount(min_value=Decimal(0))


class AwardsSerializer(serializers.Serializer[Any]):
    """What is awarded, in whole or split: an agreement from the first to the last day is proposed for each."""

    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    awards = serializers.ListField(child=AwardSerializer(), allow_empty=False, max_length=10 * MOST_LINES)

    def validate_awards(self, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each quote once."""
        return once(told, "quote")


def once(told: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """``told`` unless two of it name the same thing."""
    if len({normalise_code(one[name]) for one in told}) < len(told):
        raise serializers.ValidationError(_("Each of them once."))
    return told
