"""Shapes of partnerships, as the one side reads them for which a system acts, and of what it sends for each act."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.reason_texts import text_of
from matchmaking.partnerships.choices import (
    Act,
    AgreementState,
    Answer,
    FreightPayer,
    OutcomeState,
    QuoteState,
    Side,
    State,
    ValueBand,
)
from matchmaking.partnerships.queries.deal import Plan
from matchmaking.postings.choices import Period
from reference.choices import CooperationType
from reference.queries.measures import units_in_use

MOST_DECLINED = 100
"""Interests that one call declines."""
SIDES = [choice for choice in Side.choices if choice[0] != Side.PLATFORM]


def amount(**options: Any) -> serializers.DecimalField:
    """A quantity as postings write it."""
    return serializers.DecimalField(max_digits=17, decimal_places=3, **options)


def money(**options: Any) -> serializers.DecimalField:
    """A sum of money."""
    return serializers.DecimalField(max_digits=17, decimal_places=4, **options)


def words(length: int) -> serializers.CharField:
    """A line that may be left empty."""
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


def count(largest: int = 10_000_000) -> serializers.IntegerField:
    """A whole number that may be left out."""
    return serializers.IntegerField(min_value=1, max_value=largest, required=False, allow_null=True)


class PartnershipSerializer(serializers.Serializer[Any]):
    """A partnership in a list. Before both agreed the other firm has the name under which its posting shows it."""

    key = serializers.CharField(source="partnership.key")
    state = serializers.ChoiceField(source="partnership.state", choices=State.choices)
    side = serializers.ChoiceField(choices=SIDES)
    own_posting = serializers.CharField(source="own.number")
    other_posting = serializers.CharField(source="other.number")
    other_name = serializers.CharField(source="name")
    is_your_turn = serializers.BooleanField(source="is_our_turn")
    answer_by = serializers.DateField(source="partnership.answer_by", allow_null=True)
    introduced_at = serializers.DateTimeField(source="partnership.introduced_at", allow_null=True)
    end_reason = serializers.CharField(source="partnership.end_reason", allow_blank=True)
    changed_at = serializers.DateTimeField(source="partnership.changed_at")


class PartnershipEventSerializer(serializers.Serializer[Any]):
    """A step that was taken; ``side`` took it."""

    act = serializers.ChoiceField(choices=Act.choices)
    from_state = serializers.ChoiceField(choices=State.choices)
    to_state = serializers.ChoiceField(choices=State.choices)
    side = serializers.ChoiceField(choices=Side.choices)
    reason = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    happened_at = serializers.DateTimeField()


class QuoteTermsSerializer(serializers.Serializer[Any]):
    """What a supplier asks for a need, in CNY; ``unit_price`` is for one ``unit``, ``tax_rate`` in percent."""

    quantity_amount = amount(min_value=0)
    unit = serializers.SlugRelatedField(slug_field="code", queryset=units_in_use())
    period = serializers.ChoiceField(choices=Period.choices, default=Period.ONCE)
    unit_price = money(min_value=0)
    is_tax_included = serializers.BooleanField(default=True)
    tax_rate = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False, allow_null=True
    )
    lead_time_days = count(32_767)
    minimum_order_amount = amount(min_value=0, required=False, allow_null=True)
    valid_until = serializers.DateField()
    freight_payer = serializers.ChoiceField(choices=FreightPayer.choices, required=False, allow_blank=True)
    delivery_place = words(120)
    payment_days = count(32_767)
    takes_bank_acceptance = serializers.BooleanField(required=False, allow_null=True)
    metal_index = words(80)
    tooling_cost = money(min_value=0, required=False, allow_null=True)
    note = words(500)


class QuoteSerializer(QuoteTermsSerializer):
    """A quote with where it stands."""

    key = serializers.CharField()
    state = serializers.ChoiceField(choices=QuoteState.choices)


class PlannedDeliverySerializer(serializers.Serializer[Any]):
    """A delivery that is planned; its amount in the agreement's unit."""

    title = serializers.CharField(max_length=120)
    planned_on = serializers.DateField()
    quantity_amount = amount(min_value=0, required=False, allow_null=True)


class DeliverySerializer(PlannedDeliverySerializer):
    """A planned delivery and what became of it; ``number`` names it among those of the agreement."""

    number = serializers.IntegerField()
    delivered_on = serializers.DateField(allow_null=True)
    accepted_on = serializers.DateField(allow_null=True)


class AgreementTermsSerializer(serializers.Serializer[Any]):
    """What both sides sign: a quantity per ``period`` from the first to the last day, its value in CNY."""

    cooperation_type = serializers.ChoiceField(choices=CooperationType.choices, default=CooperationType.SUPPORTING)
    quantity_amount = amount(min_value=0)
    unit = serializers.SlugRelatedField(slug_field="code", queryset=units_in_use())
    period = serializers.ChoiceField(choices=Period.choices, default=Period.ONCE)
    value = money(min_value=0, required=False, allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    terms = words(8000)
    floor_area = count()
    workers = count()
    opens_on = serializers.DateField(required=False, allow_null=True)
    people = count()
    months = count(32_767)
    mode = words(80)


class AgreementSerializer(AgreementTermsSerializer):
    """One version of the agreement and who has signed it."""

    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=AgreementState.choices)
    need_signed_at = serializers.DateTimeField(allow_null=True)
    capacity_signed_at = serializers.DateTimeField(allow_null=True)


class ProposalSerializer(AgreementTermsSerializer):
    """An agreement to put before both sides; without planned deliveries one at the end is planned."""

    plan = PlannedDeliverySerializer(many=True, required=False)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """What the service takes: the terms by their names, the deliveries beside them."""
        terms = dict(super().to_internal_value(data))
        plan = [Plan(one["title"], one["planned_on"], one.get("quantity_amount")) for one in terms.pop("plan", [])]
        return {"terms": terms, "plan": plan}


class StatementSerializer(serializers.Serializer[Any]):
    """What one side says came of it; a delivered amount in the agreement's unit, in total."""

    answer = serializers.ChoiceField(choices=Answer.choices)
    delivered_amount = amount(min_value=0, required=False, allow_null=True)
    value_band = serializers.ChoiceField(choices=ValueBand.choices, required=False, allow_blank=True)
    reason = words(60)
    note = words(500)


class SaidSerializer(StatementSerializer):
    """A statement and the side that made it."""

    side = serializers.ChoiceField(choices=SIDES)


class OutcomeSerializer(serializers.Serializer[Any]):
    """How the statements stand to each other; confirmed is the lower of two within a tenth of each other."""

    state = serializers.ChoiceField(choices=OutcomeState.choices)
    due_on = serializers.DateField()
    confirmed_amount = amount(allow_null=True)
    confirmed_on = serializers.DateField(allow_null=True)
    proposed_amount = amount(allow_null=True)


class PartnershipPageSerializer(PartnershipSerializer):
    """A partnership with its deal, and what may be done now: each act is an address below this one."""

    need_version = serializers.IntegerField(source="partnership.need.version")
    capacity_version = serializers.IntegerField(source="partnership.capacity.version")
    queue_place = serializers.CharField(
        allow_null=True, help_text=_("The place in the queue before the other firm: 1 to 10, or `10+`.")
    )
    allowed_acts = serializers.ListField(child=serializers.ChoiceField(choices=Act.choices))
    quotes = QuoteSerializer(many=True)
    agreements = AgreementSerializer(many=True)
    deliveries = DeliverySerializer(many=True)
    outcome = OutcomeSerializer(allow_null=True)
    statements = SaidSerializer(many=True)
    events = PartnershipEventSerializer(many=True, help_text="The newest of what happened, in the order taken.")


class InterestSerializer(serializers.Serializer[Any]):
    """Interest of one's own posting in another firm's."""

    posting = serializers.CharField(max_length=20)
    counterpart = serializers.CharField(max_length=20)
    note = words(500)


class AcceptanceSerializer(serializers.Serializer[Any]):
    """The versions of both postings that were read, so that nothing is accepted that was changed meanwhile."""

    need_version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    capacity_version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """What the service takes."""
        read = super().to_internal_value(data)
        return {"seen": (read["need_version"], read["capacity_version"])}


class EndingSerializer(serializers.Serializer[Any]):
    """Why: one of the register's codes `end.partnership.*`, and some words to the other side."""

    reason = serializers.CharField(max_length=60)
    note = words(500)


class ManyDeclinedSerializer(EndingSerializer):
    """Interests to decline for one reason, by their keys; each firm is told it."""

    partnerships = serializers.ListField(
        child=serializers.CharField(max_length=20), allow_empty=False, max_length=MOST_DECLINED
    )


class DeclinedSerializer(serializers.Serializer[Any]):
    """What came of one of them: ``code`` and ``detail`` are null where it was declined."""

    partnership = serializers.CharField()
    is_declined = serializers.SerializerMethodField()
    code = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()

    def get_is_declined(self, told: dict[str, Any]) -> bool:
        """Whether it was declined."""
        return told["refusal"] is None

    def get_code(self, told: dict[str, Any]) -> str | None:
        """The reason why it was not."""
        return str(told["refusal"].reason.value) if told["refusal"] else None

    def get_detail(self, told: dict[str, Any]) -> str | None:
        """Why not, in the asked language."""
        refusal = told["refusal"]
        return text_of(refusal.reason, get_language() or "zh-hans", refusal.facts) if refusal else None


class RemarkSerializer(serializers.Serializer[Any]):
    """Some words to the other side."""

    note = words(500)


class PersonAgreedSerializer(serializers.Serializer[Any]):
    """That the people offered agreed to be named; only `true` is taken."""

    agreed = serializers.BooleanField()


class SnoozeSerializer(serializers.Serializer[Any]):
    """The day after which one answers."""

    until = serializers.DateField()


class DeliveryNumberSerializer(serializers.Serializer[Any]):
    """Which of the planned deliveries, by its number; ``version`` is that of the agreement that was read."""

    number = serializers.IntegerField(min_value=1, max_value=10_000, source="milestone")
    version = serializers.IntegerField(min_value=1, max_value=32_767, required=False)


class ContactSerializer(serializers.Serializer[Any]):
    """Whom to reach at the other firm; empty where nothing was given."""

    person = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    other = serializers.CharField(allow_blank=True)
