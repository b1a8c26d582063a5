"""Firms that were introduced earlier and are asked for a share: until when, reminded, without it once that is over."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Change, Notice
from common.errors import Refused
from common.reasons import Reason
from matchmaking.consortia.choices import State
from matchmaking.consortia.models import ConsortiumMember
from matchmaking.consortia.queries.consortia import active_members, open_amount, shares_to_consent
from matchmaking.consortia.services.forming import Share, add_suppliers
from matchmaking.consortia.services.settling import remind_of_consents, settle_consortia
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.interest import accept_interest
from reference.queries.workdays import working_day_after
from tests.factories.consortia import together
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """The second supplier and the need's firm know each other already."""
    made = together(9000, 4000, 4500)
    PartnershipFactory(introduced=True, need=made.need, capacity=made.capacities[1], answer_by=None)
    return made


def told(user, kind):
    return Notice.objects.filter(reader=user, kind=kind).count()


def late(member):
    ConsortiumMember.objects.filter(pk=member.pk).update(consent_by=timezone.localdate() - timedelta(days=1))


def test_the_day_is_that_of_the_postings_answers_and_ends_with_the_consent(world):
    consortium = world.form(9000, 4000, own=2000)
    member = world.member(consortium, 1)
    expected = working_day_after(timezone.localdate(), world.capacities[1].answer_within_working_days)

    assert member.asked_until == expected
    assert list(shares_to_consent(world.capacities[1].enterprise)) == [member]
    assert list(shares_to_consent(world.capacities[0].enterprise)) == []
    world.consent(consortium, 1)
    assert world.member(consortium, 1).asked_until is None
    assert list(shares_to_consent(world.capacities[1].enterprise)) == []


def test_reminded_the_working_day_before_and_on_the_day_once_each(world):
    consortium = world.form(9000, 4000, own=2000)
    due = world.member(consortium, 1).asked_until
    before = next(due - timedelta(days=n) for n in range(1, 15) if working_day_after(due - timedelta(days=n), 1) == due)

    found = []
    for day in (before, before, due, due, due + timedelta(days=1)):
        remind_of_consents(on=day)
        found.append(told(world.suppliers[1], NoticeKind.CONSORTIUM_DUE))

    assert found == [1, 1, 2, 2, 2]
    assert told(world.suppliers[0], NoticeKind.CONSORTIUM_DUE) == 0
    assert told(world.owner, NoticeKind.CONSORTIUM_DUE) == 0


def test_without_a_consent_in_time_the_share_is_open_again_and_the_partnership_goes_on(world):
    consortium = world.form(9000, 4000, own=2000)
    world.consent(consortium, 0)
    member = world.member(consortium, 1)
    assert settle_consortia() == 0
    late(member)

    assert settle_consortia() == 1
    assert settle_consortia() == 0

    consortium.refresh_from_db()
    assert (consortium.state, open_amount(consortium, active_members(consortium))) == (State.SHORT, 4000)
    assert Partnership.objects.get(pk=member.partnership_id).state == Stage.INTRODUCED
    assert told(world.suppliers[1], NoticeKind.CONSORTIUM_LAPSED) == 1
    assert told(world.owner, NoticeKind.CONSORTIUM_SHORT) == told(world.suppliers[0], NoticeKind.CONSORTIUM_SHORT) == 1
    assert told(world.suppliers[1], NoticeKind.CONSORTIUM_SHORT) == 0
    firm = world.capacities[1].enterprise
    assert Change.objects.filter(enterprise=firm, thing_key=consortium.key).latest("seq").facts["act"] == "lapse"
    with pytest.raises(Refused) as refusal:
        add_suppliers(consortium=consortium, shares=[Share(world.capacities[1], Decimal(4000))], actor=world.owner)
    assert refusal.value.reason == Reason.REFUSAL_ALREADY_THERE


def test_who_consented_or_is_only_asked_yet_does_not_lapse(world):
    consortium = world.form(9000, 4000, own=2000)
    world.consent(consortium, 1)
    for place in range(2):
        late(world.member(consortium, place))

    assert settle_consortia() == 0
    consortium.refresh_from_db()
    assert consortium.state == State.FORMING


def test_whoever_accepts_the_introduction_has_the_day_of_the_request_for_the_share():
    world = together(9000, 4000, 4500)
    consortium = world.form(9000, 4000, own=2000)
    member = world.member(consortium, 0)
    accept_interest(partnership=member.partnership, actor=world.suppliers[0])
    late(member)
    assert settle_consortia() == 0

    Partnership.objects.filter(pk=member.partnership_id).update(answer_by=timezone.localdate() - timedelta(days=1))
    assert settle_consortia() == 1
    assert told(world.suppliers[0], NoticeKind.CONSORTIUM_LAPSED) == 1
