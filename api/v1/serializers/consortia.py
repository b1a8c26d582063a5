"""Shapes of sets of suppliers: what the need's firm reads of all shares, and a supplier of its own alone."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.v1.serializers.matching import NoteSerializer
from api.v1.serializers.partnerships import SIDES, amount
from api.v1.serializers.postings import PostingSerializer
from matchmaking.consortia.choices import MOST_SUPPLIERS, State
from matchmaking.partnerships.choices import State as Stage
from matchmaking.postings.choices import Period

ACTS = ("add", "consent", "dissolve", "leave")
"""What can be done with a set, by the side that stands where it may; ``add`` is ``shares/``."""

DAYS_HELP = _("The first and last day of the lot; null where it runs through the need's window.")


class ProposedShareSerializer(serializers.Serializer[Any]):
    """A supplier and what it would carry, in the need's own unit and period."""

    posting = PostingSerializer()
    quantity_amount = amount(source="amount")
    starts_on = serializers.DateField(allow_null=True, help_text=DAYS_HELP)
    ends_on = serializers.DateField(allow_null=True)
    points = serializers.DecimalField(source="suggested.points", max_digits=5, decimal_places=1)
    reasons = NoteSerializer(many=True)


class ProposedSetSerializer(serializers.Serializer[Any]):
    """Suppliers that carry all of it together; each meets every must of the need."""

    shares = ProposedShareSerializer(many=True)


class SupplierSetsSerializer(serializers.Serializer[Any]):
    """Who could carry a quantity of the need: ``singles`` alone, at most three ``sets`` together, best first."""

    posting = serializers.CharField(source="posting.number")
    quantity_amount = amount(source="amount")
    unit = serializers.CharField(source="posting.unit.code", default=None, allow_null=True)
    singles = ProposedShareSerializer(many=True)
    sets = ProposedSetSerializer(many=True)


class AskedShareSerializer(serializers.Serializer[Any]):
    """A capacity and what it is asked to carry, in the need's own unit and period."""

    capacity = serializers.CharField(max_length=20)
    quantity_amount = amount(min_value=Decimal(0))
    starts_on = serializers.DateField(required=False, allow_null=True, help_text=DAYS_HELP)
    ends_on = serializers.DateField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Both days or none."""
        if bool(attrs.get("starts_on")) != bool(attrs.get("ends_on")):
            raise serializers.ValidationError({"ends_on": _("Both days or none.")})
        return attrs


class AskedSharesSerializer(serializers.Serializer[Any]):
    """Suppliers to ask, each for its own share; together they carry all that is open."""

    shares = serializers.ListField(child=AskedShareSerializer(), allow_empty=False, max_length=MOST_SUPPLIERS)


class FurtherSharesSerializer(serializers.Serializer[Any]):
    """Suppliers to ask for all that is open; with ``own_amount`` one's own firm makes that much itself from now on."""

    shares = serializers.ListField(child=AskedShareSerializer(), max_length=MOST_SUPPLIERS)
    own_amount = amount(min_value=Decimal(0), required=False)


class NewConsortiumSerializer(AskedSharesSerializer):
    """A set to ask for one's own need; ``own_amount`` is the part that one's own firm makes."""

    need = serializers.CharField(max_length=20)
    own_amount = amount(min_value=Decimal(0), default=Decimal(0))


class ConsortiumSerializer(serializers.Serializer[Any]):
    """A set of suppliers in a list, and the side of it on which one's own firm stands."""

    key = serializers.CharField(source="consortium.key")
    state = serializers.ChoiceField(source="consortium.state", choices=State.choices)
    side = serializers.ChoiceField(choices=SIDES)
    need = serializers.CharField(source="consortium.need.number")
    title = serializers.CharField(source="consortium.need.title")
    unit = serializers.CharField(source="consortium.need.unit.code", default=None, allow_null=True)
    period = serializers.ChoiceField(source="consortium.need.period", choices=Period.choices)
    supplier_count = serializers.IntegerField(source="consortium.supplier_count")


class CarriedShareSerializer(serializers.Serializer[Any]):
    """A share as the need's firm reads it; ``supplier`` under the name that the firm may know."""

    supplier = serializers.CharField(source="name")
    capacity = serializers.CharField(source="member.partnership.capacity.number")
    partnership = serializers.CharField(source="member.partnership.key")
    partnership_state = serializers.ChoiceField(source="member.partnership.state", choices=Stage.choices)
    answer_by = serializers.DateField(source="member.asked_until", allow_null=True)
    quantity_amount = amount(source="member.amount")
    starts_on = serializers.DateField(source="member.starts_on", allow_null=True, help_text=DAYS_HELP)
    ends_on = serializers.DateField(source="member.ends_on", allow_null=True)
    consented_at = serializers.DateTimeField(source="member.consented_at", allow_null=True)
    agreed_amount = amount(source="agreement.quantity_amount", default=None, allow_null=True)
    agreed_unit = serializers.CharField(source="agreement.unit.code", default=None, allow_null=True)


class WholeSetSerializer(serializers.Serializer[Any]):
    """All of a set, for the need's firm; ``open_amount`` is the most that nobody carries on any day."""

    total_amount = amount()
    own_amount = amount()
    open_amount = amount()
    shares = CarriedShareSerializer(many=True)


class OwnShareSerializer(serializers.Serializer[Any]):
    """A supplier's own share; the other suppliers' names once all have consented, neither shares nor prices ever."""

    buyer = serializers.CharField()
    partnership = serializers.CharField(source="mine.partnership.key")
    capacity = serializers.CharField(source="mine.partnership.capacity.number")
    need_version = serializers.IntegerField(source="mine.partnership.need.version")
    capacity_version = serializers.IntegerField(source="mine.partnership.capacity.version")
    quantity_amount = amount(source="mine.amount")
    starts_on = serializers.DateField(source="mine.starts_on", allow_null=True, help_text=DAYS_HELP)
    ends_on = serializers.DateField(source="mine.ends_on", allow_null=True)
    answer_by = serializers.DateField(source="mine.asked_until", allow_null=True)
    consented_at = serializers.DateTimeField(source="mine.consented_at", allow_null=True)
    other_suppliers = serializers.ListField(child=serializers.CharField())


class ConsortiumPageSerializer(ConsortiumSerializer):
    """A set as one's own firm reads it: ``whole`` for the need's firm, ``own_share`` for a supplier."""

    allowed_acts = serializers.ListField(
        child=serializers.ChoiceField(choices=ACTS),
        help_text=_("What may be done now: each is an address below this one, ``add`` is ``shares/``."),
    )
    whole = WholeSetSerializer(allow_null=True)
    own_share = OwnShareSerializer(allow_null=True)
