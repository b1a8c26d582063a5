"""Shapes of postings: what a signed-in firm may see, never a contact, a sealed price or an exact amount left."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1.serializers.reference import NamedSerializer
from matchmaking.postings.choices import (
    BusyLevel,
    Direction,
    Operator,
    Period,
    PriceKind,
    RegionPreference,
    Status,
    Subject,
    Visibility,
)
from matchmaking.postings.models import NETWORK_FIRST_MOST_DAYS, Posting
from matchmaking.postings.queries.months import capacity_left_class, is_by_month, months_ahead
from matchmaking.postings.queries.postings import busy_until, region_shown


class QuantitySerializer(serializers.Serializer[Any]):
    """An amount never travels without its unit."""

    amount = serializers.DecimalField(max_digits=17, decimal_places=3)
    unit = serializers.CharField()


class PriceBandSerializer(serializers.Serializer[Any]):
    """An open price band, per unit."""

    min = serializers.DecimalField(max_digits=17, decimal_places=4, allow_null=True)
    max = serializers.DecimalField(max_digits=17, decimal_places=4, allow_null=True)
    currency = serializers.CharField()


class EnterpriseNameSerializer(serializers.Serializer[Any]):
    """Who posts, as far as it is told: an alias hides name and key."""

    key = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    is_alias = serializers.BooleanField()
    is_verified = serializers.BooleanField()


class RequiredCertificateSerializer(serializers.Serializer[Any]):
    """A certificate asked for; a must decides, a wish ranks."""

    code = serializers.CharField(source="certification.code")
    is_must = serializers.BooleanField()


class ParameterSerializer(serializers.Serializer[Any]):
    """A technical requirement, or what a capacity offers."""

    parameter = serializers.CharField(source="parameter.code")
    operator = serializers.ChoiceField(choices=Operator.choices)
    number = serializers.DecimalField(max_digits=17, decimal_places=4, allow_null=True)
    level = serializers.CharField()
    is_must = serializers.BooleanField()


MOMENT = serializers.DateTimeField()


def named(row: Any) -> dict[str, str] | None:
    """A reference row as ``NamedSerializer`` shows it, without the cost of one."""
    return {"code": row.code, "name_zh": row.name_zh, "name_en": row.name_en} if row else None


def by_fields(shape: serializers.Serializer[Any], posting: Posting) -> dict[str, Any]:
    """What the fields of ``shape`` make of a posting."""
    return dict(serializers.Serializer.to_representation(shape, posting))


class PostingSerializer(serializers.Serializer[Any]):
    """A posting in a list. Platform systems, which act for no firm, get the quantity's class alone."""

    number = serializers.CharField()
    direction = serializers.ChoiceField(choices=Direction.choices)
    subject = serializers.ChoiceField(choices=Subject.choices)
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    is_own = serializers.SerializerMethodField()
    enterprise = serializers.SerializerMethodField()
    node = NamedSerializer(allow_null=True)
    region = serializers.SerializerMethodField()
    quantity = serializers.SerializerMethodField()
    quantity_class = serializers.IntegerField(allow_null=True)
    period = serializers.ChoiceField(choices=Period.choices)
    window_start = serializers.DateField(allow_null=True)
    window_end = serializers.DateField(allow_null=True)
    busy_level = serializers.ChoiceField(choices=BusyLevel.choices)
    published_at = serializers.DateTimeField(allow_null=True)
    confirmed_on = serializers.DateField(allow_null=True)
    is_sample = serializers.BooleanField()

    def to_representation(self, posting: Posting) -> dict[str, Any]:
        """The fields above as plain values; a test holds it equal to what they would make, one after the other."""
        return {
            "number": posting.number,
            "direction": str(posting.direction),
            "subject": str(posting.subject),
            "title": posting.title,
            "status": str(posting.status),
            "is_own": self.owns(posting),
            "enterprise": self.get_enterprise(posting),
            "node": named(posting.node),
            "region": self.get_region(posting),
            "quantity": self.get_quantity(posting),
            "quantity_class": posting.quantity_class,
            "period": str(posting.period),
            "window_start": posting.window_start.isoformat() if posting.window_start else None,
            "window_end": posting.window_end.isoformat() if posting.window_end else None,
            "busy_level": posting.busy_level,
            "published_at": MOMENT.to_representation(posting.published_at) if posting.published_at else None,
            "confirmed_on": posting.confirmed_on.isoformat() if posting.confirmed_on else None,
            "is_sample": posting.is_sample,
        }

    @property
    def enterprise_asking(self) -> Any:
        """The enterprise that the partner system acts for."""
        return self.context["request"].auth.enterprise

    def owns(self, posting: Posting) -> bool:
        """Whether the posting is the asker's own."""
        return self.enterprise_asking is not None and posting.enterprise_id == self.enterprise_asking.pk

    def get_is_own(self, posting: Posting) -> bool:
        """Whether the posting is the asker's own."""
        return self.owns(posting)

    @extend_schema_field(EnterpriseNameSerializer)
    def get_enterprise(self, posting: Posting) -> dict[str, Any]:
        """Name and key, or the alias alone."""
        hides = posting.visibility == Visibility.ALIAS and not self.owns(posting)
        return {
            "key": None if hides else posting.enterprise.key,
            "name": posting.enterprise.alias if hides else posting.enterprise.name,
            "is_alias": hides,
            "is_verified": posting.enterprise.is_verified,
        }

    @extend_schema_field(NamedSerializer(allow_null=True))
    def get_region(self, posting: Posting) -> dict[str, Any] | None:
        """The region; the prefecture where the asker acts for no firm."""
        return named(region_shown(posting, self.enterprise_asking is not None))

    @extend_schema_field(QuantitySerializer(allow_null=True))
    def get_quantity(self, posting: Posting) -> dict[str, str] | None:
        """The exact quantity, for systems of a firm."""
        if self.enterprise_asking is None or posting.quantity_amount is None or posting.unit is None:
            return None
        return {"amount": f"{posting.quantity_amount:.3f}", "unit": posting.unit.code}


LEFT_CLASSES = ("none", "low", "some", "plenty")
FOR_FIRMS = (
    "further_nodes",
    "required_certificates",
    "parameters",
    "lead_time_days",
    "minimum_share_percent",
    "region_preference",
    "price_kind",
)
"""Fields of a posting's page that are empty for systems that act for no firm, as its page leaves them out."""


EXACT_OF_MONTHS = ("planned_amount", "agreed_amount", "free_amount")
"""Fields of a month that only its own side is told."""


@extend_schema_field({"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"})
class MonthField(serializers.DateField):
    """A month by its first day, written as 2027-03."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m"], format="%Y-%m", **kwargs)


class MonthSerializer(serializers.Serializer[Any]):
    """One month of a capacity; without a planned amount it carries what was posted."""

    month = MonthField()
    capacity_left = serializers.ChoiceField(source="left", choices=LEFT_CLASSES)
    planned_amount = serializers.DecimalField(source="planned", max_digits=17, decimal_places=3, allow_null=True)
    agreed_amount = serializers.DecimalField(source="agreed", max_digits=17, decimal_places=3, allow_null=True)
    free_amount = serializers.DecimalField(source="free", max_digits=17, decimal_places=3, allow_null=True)


class PostingPageSerializer(PostingSerializer):
    """A posting with its text and requirements. A sealed price band is shown to nobody, its own side included."""

    text = serializers.SerializerMethodField()
    language = serializers.CharField()
    further_nodes = serializers.SerializerMethodField()
    required_certificates = RequiredCertificateSerializer(many=True, allow_null=True)
    parameters = ParameterSerializer(many=True, allow_null=True)
    lead_time_days = serializers.IntegerField(allow_null=True)
    minimum_order_amount = serializers.SerializerMethodField()
    minimum_share_percent = serializers.IntegerField(allow_null=True)
    region_preference = serializers.ChoiceField(choices=RegionPreference.choices, allow_null=True)
    price_kind = serializers.ChoiceField(choices=PriceKind.choices, allow_null=True)
    open_price = serializers.SerializerMethodField()
    consortium_allowed = serializers.BooleanField()
    capacity_left = serializers.SerializerMethodField()
    months = serializers.SerializerMethodField()
    busy_until = serializers.SerializerMethodField()
    network_first_days = serializers.SerializerMethodField()
    opens_on = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    def to_representation(self, posting: Posting) -> dict[str, Any]:
        """Field by field: one posting is shown, not a list. Who acts for no firm learns what a visitor does."""
        shown = by_fields(self, posting)
        return shown if self.enterprise_asking is not None else shown | dict.fromkeys(FOR_FIRMS)

    def get_further_nodes(self, posting: Posting) -> list[str] | None:
        """Codes of the nodes that it stands at besides."""
        return sorted(node.code for node in posting.further_nodes.all())

    def get_text(self, posting: Posting) -> str | None:
        """The description, for systems of a firm."""
        return None if self.enterprise_asking is None else posting.text

    @extend_schema_field(serializers.DecimalField(max_digits=17, decimal_places=3, allow_null=True))
    def get_minimum_order_amount(self, posting: Posting) -> str | None:
        """The smallest order, for systems of a firm."""
        if self.enterprise_asking is None or posting.minimum_order_amount is None:
            return None
        return f"{posting.minimum_order_amount:.3f}"

    @extend_schema_field(PriceBandSerializer(allow_null=True))
    def get_open_price(self, posting: Posting) -> dict[str, str | None] | None:
        """The band where it is open, for systems of a firm."""
        if self.enterprise_asking is None or posting.price_kind != PriceKind.OPEN:
            return None
        ends = {"min": posting.price_min, "max": posting.price_max}
        return {name: None if end is None else f"{end:.4f}" for name, end in ends.items()} | {
            "currency": posting.price_currency
        }

    @extend_schema_field(serializers.ChoiceField(choices=LEFT_CLASSES, allow_null=True))
    def get_capacity_left(self, posting: Posting) -> str | None:
        """How much is not agreed yet, in classes, for systems of a firm."""
        return None if self.enterprise_asking is None else capacity_left_class(posting)

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_busy_until(self, posting: Posting) -> str | None:
        """The last day on which it takes no new requests."""
        until = busy_until(posting)
        return until.isoformat() if until else None

    @extend_schema_field(MonthSerializer(many=True, allow_null=True))
    def get_months(self, posting: Posting) -> list[dict[str, Any]] | None:
        """The months ahead of a monthly capacity, for systems of a firm; amounts for its own side alone."""
        if self.enterprise_asking is None or not is_by_month(posting):
            return None
        is_own = posting.enterprise_id == self.enterprise_asking.pk
        rows = months_ahead(posting)
        return [{**MonthSerializer(row).data, **({} if is_own else dict.fromkeys(EXACT_OF_MONTHS))} for row in rows]

    @extend_schema_field(serializers.IntegerField(allow_null=True, min_value=1, max_value=NETWORK_FIRST_MOST_DAYS))
    def get_network_first_days(self, posting: Posting) -> int | None:
        """For how many days its firm's network was to be asked first, for its own side alone."""
        return posting.network_first_days if self.owns(posting) else None

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_opens_on(self, posting: Posting) -> str | None:
        """The day on which it opens to everybody, for its own side, and for who is asked before."""
        tells = posting.opens_on is not None and (self.owns(posting) or posting.asks_network_first)
        return posting.opens_on.isoformat() if posting.opens_on and tells else None


class WantedCertificateSerializer(serializers.Serializer[Any]):
    """A certificate to ask for."""

    code = serializers.CharField(max_length=40)
    is_must = serializers.BooleanField(default=True)


class WantedParameterSerializer(serializers.Serializer[Any]):
    """A technical requirement to state; ``value`` is a number or a level, as text."""

    parameter = serializers.CharField(max_length=60)
    operator = serializers.ChoiceField(choices=Operator.choices, required=False)
    value = serializers.CharField(max_length=40)
    is_must = serializers.BooleanField(default=True)


class PostingWriteSerializer(serializers.Serializer[Any]):
    """What the owner's side writes. Fields that are left out stay as they are."""

    subject = serializers.ChoiceField(choices=Subject.choices, required=False)
    title = serializers.CharField(max_length=120, required=False)
    text = serializers.CharField(max_length=8000, required=False, allow_blank=True)
    node = serializers.CharField(max_length=80, required=False)
    region = serializers.CharField(max_length=6, required=False)
    quantity = QuantitySerializer(required=False)
    period = serializers.ChoiceField(choices=Period.choices, required=False)
    window_start = serializers.DateField(required=False, allow_null=True)
    window_end = serializers.DateField(required=False, allow_null=True)
    lead_time_days = serializers.IntegerField(min_value=0, max_value=3650, required=False, allow_null=True)
    required_certificates = WantedCertificateSerializer(many=True, required=False)
    parameters = WantedParameterSerializer(many=True, required=False)
    further_nodes = serializers.ListField(child=serializers.CharField(max_length=80), max_length=30, required=False)
    region_preference = serializers.ChoiceField(choices=RegionPreference.choices, required=False)
    radius_km = serializers.IntegerField(min_value=1, max_value=3000, required=False, allow_null=True)
    regions_allowed = serializers.ListField(child=serializers.CharField(max_length=6), max_length=300, required=False)
    consortium_allowed = serializers.BooleanField(required=False)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    network_first_days = serializers.IntegerField(
        min_value=1,
        max_value=NETWORK_FIRST_MOST_DAYS,
        required=False,
        allow_null=True,
        help_text=_("So many days from the first publication, only members of your network see it; fixed after that."),
    )
    external_key = serializers.CharField(max_length=80, required=False, allow_blank=True)

    def to_internal_value(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Values by the names that the services take: the quantity's unit beside its amount, certificates as pairs."""
        values: dict[str, Any] = dict(super().to_internal_value(data))
        if "quantity" in values:
            quantity = values.pop("quantity")
            values["quantity"], values["unit"] = Decimal(quantity["amount"]), quantity["unit"]
        if "required_certificates" in values:
            papers = values.pop("required_certificates")
            values["certificates"] = [(paper["code"], paper["is_must"]) for paper in papers]
        return values


class NewPostingSerializer(PostingWriteSerializer):
    """A posting to begin: it is a draft until it is published."""

    direction = serializers.ChoiceField(choices=Direction.choices)
    subject = serializers.ChoiceField(choices=Subject.choices)
    title = serializers.CharField(max_length=120)


class ChangedPostingSerializer(PostingWriteSerializer):
    """A change; ``version`` is the one that was read, so that nobody's change is lost."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class RenewalSerializer(serializers.Serializer[Any]):
    """The new last day; without one the window stays as it is."""

    window_end = serializers.DateField(required=False, allow_null=True)


class BusySerializer(serializers.Serializer[Any]):
    """The last day on which no new requests are taken; null takes them again."""

    until = serializers.DateField(allow_null=True)


class ClosingSerializer(serializers.Serializer[Any]):
    """Why a posting ends: one of the register's codes for its direction."""

    reason = serializers.CharField(max_length=60)


class PlannedMonthSerializer(serializers.Serializer[Any]):
    """What a capacity can carry in one month; null for what was posted."""

    month = MonthField(help_text=_("Year and month, as 2027-03."))
    planned_amount = serializers.DecimalField(max_digits=17, decimal_places=3, min_value=0, allow_null=True)


class PlannedMonthsSerializer(serializers.Serializer[Any]):
    """Months to plan; those that are not named stay as they are."""

    months = serializers.ListField(child=PlannedMonthSerializer(), allow_empty=False, max_length=120)

    def validate_months(self, told: list[dict[str, Any]]) -> dict[date, Decimal | None]:
        """By the month's first day; each month once."""
        plan = {one["month"]: one["planned_amount"] for one in told}
        if len(plan) < len(told):
            raise serializers.ValidationError(_("Each month once."))
        return plan
