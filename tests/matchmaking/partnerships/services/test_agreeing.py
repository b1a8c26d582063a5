"""Agreements: signed by both, booked at once, never more than is left, freed again when they end."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import Evidence, NoticeKind
from accounts.models import Notice, SupplyRelation
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import Act, AgreementState, QuoteState, State
from matchmaking.partnerships.models import Agreement, Outcome
from matchmaking.partnerships.queries.deal import Plan
from matchmaking.partnerships.services.agreeing import propose_agreement, sign_agreement, take_back_agreement
from matchmaking.partnerships.services.interest import end_partnership
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.months import most_agreed
from matchmaking.postings.services.drafting import save_draft
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.factories.reference import UnitFactory
from tests.matchmaking.partnerships.talks import agreement_terms, talks

pytestmark = pytest.mark.django_db


def booked(posting):
    return most_agreed(Posting.objects.get(pk=posting.pk))


def test_two_signatures_put_it_in_force_and_take_its_quantity_off_the_capacity():
    pair = talks()
    quote = pair.quote()
    agreement = pair.propose()
    sign_agreement(partnership=pair.now, actor=pair.buyer, seen=agreement.digest)
    assert (pair.now.state, booked(pair.now.capacity)) == (State.QUOTING, 0)

    sign_agreement(partnership=pair.now, actor=pair.seller, seen=agreement.digest)

    agreement.refresh_from_db()
    quote.refresh_from_db()
    assert (pair.now.state, agreement.state, quote.state) == (
        State.AGREED,
        AgreementState.IN_FORCE,
        QuoteState.AWARDED,
    )
    assert booked(pair.now.capacity) == agreement.booked_amount == 8000
    relation = SupplyRelation.objects.get(buyer=pair.now.need.enterprise)
    assert (relation.supplier, relation.evidence) == (pair.now.capacity.enterprise, Evidence.AGREED_HERE)
    assert Outcome.objects.get(partnership=pair.now).due_on == agreement.ends_on + timedelta(days=30)
    assert agreement.milestones.count() == 1
    acts = list(pair.now.events.values_list("act", flat=True))
    assert acts == [Act.QUOTE, Act.PROPOSE, Act.SIGN, Act.SIGN, Act.AGREE]
    for user in (pair.buyer, pair.seller):
        assert Notice.objects.filter(reader=user, kind=NoticeKind.AGREEMENT_IN_FORCE).count() == 1


def test_what_is_left_is_never_sold_twice_and_the_refused_signature_leaves_nothing():
    capacity = PostingFactory(capacity=True)
    first = talks(PartnershipFactory(introduced=True, capacity=capacity))
    second = talks(PartnershipFactory(introduced=True, capacity=capacity))
    first.agree()
    agreement = second.propose()
    sign_agreement(partnership=second.now, actor=second.buyer, seen=agreement.digest)

    with pytest.raises(Refused) as refusal:
        sign_agreement(partnership=second.now, actor=second.seller, seen=agreement.digest)

    agreement.refresh_from_db()
    assert refusal.value.reason == Reason.GAP_CAPACITY_BOOKED
    assert (agreement.state, agreement.capacity_signed_at) == (AgreementState.PROPOSED, None)
    assert (second.now.state, booked(capacity)) == (State.INTRODUCED, 8000)

    end_partnership(partnership=first.now, actor=first.buyer, reason=Reason.END_PARTNERSHIP_TIME)
    assert booked(capacity) == 0
    sign_agreement(partnership=second.now, actor=second.seller, seen=agreement.digest)
    assert (second.now.state, booked(capacity)) == (State.AGREED, 8000)


def test_an_amendment_replaces_the_version_in_force_and_its_booking():
    pair = talks()
    first = pair.agree()
    second = pair.agree(quantity_amount=Decimal(11000))

    first.refresh_from_db()
    assert (first.state, second.state, second.version) == (AgreementState.REPLACED, AgreementState.IN_FORCE, 2)
    assert (booked(pair.now.capacity), pair.now.state) == (11000, State.AGREED)


@pytest.mark.parametrize(
    ("posted", "agreed", "amount", "expected"),
    [
        ("month", "month", 8000, "8000.000"),
        ("month", "once", 12000, "4013.737"),
        ("once", "month", 100, "298.974"),
        ("year", "month", 1000, "12000.000"),
    ],
)
def test_what_is_booked_counts_in_the_capacitys_own_period_rounded_up(posted, agreed, amount, expected):
    """Over 91 days, which are 91 / 30.4375 months: 12,000 are 4,013.7362… a month, 100 a month are 298.9733… in all."""
    pair = talks(PartnershipFactory(introduced=True, capacity=PostingFactory(capacity=True, period=posted)))
    day = timezone.localdate()
    agreement = pair.agree(
        quantity_amount=Decimal(amount), period=agreed, starts_on=day, ends_on=day + timedelta(days=90)
    )
    assert agreement.booked_amount == Decimal(expected)


def test_a_larger_unit_is_converted():
    base = PostingFactory(capacity=True)
    thousand = UnitFactory(code="XTHOUSAND", dimension=base.unit.dimension, factor_to_base=1000, base=base.unit)
    pair = talks(PartnershipFactory(introduced=True, capacity=base))
    assert pair.agree(quantity_amount=Decimal(3), unit=thousand).booked_amount == 3000


def test_terms_that_changed_since_they_were_read_are_not_signed():
    pair = talks()
    seen = pair.propose()
    pair.propose(quantity_amount=Decimal(9000))
    with pytest.raises(Refused) as refusal:
        sign_agreement(partnership=pair.now, actor=pair.seller, seen=seen.digest)
    assert refusal.value.reason == Reason.REFUSAL_TERMS_CHANGED


def test_the_digest_is_over_every_term_and_the_plan():
    pair = talks()
    digests = {pair.propose().digest}
    pair.partnership.agreements.all().delete()
    day = timezone.localdate()
    for changed in (
        {"quantity_amount": Decimal(1)},
        {"terms": "示例条款"},
        {"workers": 100},
        {"starts_on": day + timedelta(days=5)},
        {"value": Decimal(5)},
    ):
        digests.add(pair.propose(**changed).digest)
        pair.partnership.agreements.all().delete()
    planned = propose_agreement(
        partnership=pair.now,
        actor=pair.buyer,
        terms=agreement_terms(pair.partnership),
        plan=[Plan("示例首批", day, Decimal(100))],
    )
    digests.add(planned.digest)
    assert len(digests) == 7


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_on": timezone.localdate() - timedelta(days=1)}, "ends_on"),
        ({"starts_on": None}, "starts_on"),
        ({"ends_on": date.max}, "ends_on"),
        ({"quantity_amount": Decimal(-5)}, "quantity_amount"),
        ({"workers": 0}, "workers"),
    ],
)
def test_values_that_do_not_fit_are_named(changed, field):
    pair = talks()
    with pytest.raises(Invalid) as refusal:
        pair.propose(**changed)
    assert set(refusal.value.fields) == {field}
    assert not Agreement.objects.exists()


def test_nobody_signs_twice_nor_for_the_other_side_nor_as_a_viewer():
    pair = talks()
    agreement = pair.propose()
    sign_agreement(partnership=pair.now, actor=pair.buyer, seen=agreement.digest)
    with pytest.raises(Refused) as refusal:
        sign_agreement(partnership=pair.now, actor=pair.buyer, seen=agreement.digest)
    assert refusal.value.reason == Reason.REFUSAL_ALREADY_THERE
    viewer = MembershipFactory(enterprise=pair.now.capacity.enterprise, viewer=True).user
    for actor in (viewer, talks().buyer):
        with pytest.raises(Refused) as refusal:
            sign_agreement(partnership=pair.now, actor=actor, seen=agreement.digest)
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_either_side_drops_a_proposal():
    pair = talks()
    pair.propose()
    take_back_agreement(partnership=pair.now, actor=pair.seller)
    assert Agreement.objects.get().state == AgreementState.TAKEN_BACK
    with pytest.raises(Refused) as refusal:
        take_back_agreement(partnership=pair.now, actor=pair.seller)
    assert refusal.value.reason == Reason.REFUSAL_NOTHING_WAITS


def test_one_person_of_both_firms_signs_for_each_in_turn():
    pair = talks()
    MembershipFactory(enterprise=pair.now.capacity.enterprise, user=pair.buyer)
    agreement = pair.propose()
    for _ in range(2):
        sign_agreement(
            partnership=pair.now, actor=pair.buyer, seen=agreement.digest, enterprise=pair.now.need.enterprise
        )
    agreement.refresh_from_db()
    assert (agreement.state, pair.now.state) == (AgreementState.IN_FORCE, State.AGREED)


def test_unit_and_period_of_a_booked_capacity_stay():
    pair = talks()
    pair.agree()
    with pytest.raises(Invalid) as refusal:
        save_draft(actor=pair.seller, posting=pair.now.capacity, values={"period": "year"})
    assert refusal.value.fields == {"unit": Reason.REFUSAL_BOOKED_MEASURE}


def test_a_proposal_whose_last_day_is_over_is_not_signed():
    pair = talks()
    agreement = pair.propose()
    Agreement.objects.filter(pk=agreement.pk).update(
        starts_on=timezone.localdate() - timedelta(days=9), ends_on=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(Refused) as refusal:
        sign_agreement(partnership=pair.now, actor=pair.buyer, seen=agreement.digest)
    assert refusal.value.reason == Reason.REFUSAL_WINDOW_PAST
