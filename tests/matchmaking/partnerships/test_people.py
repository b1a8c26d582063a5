"""People who are offered: nobody reaches them before they agreed, and the day on which they did is kept."""

import pytest

from accounts.choices import NoticeKind
from accounts.models import Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import MOVES, Act, Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.permissions import acts_allowed, can_act, can_see_contact
from matchmaking.partnerships.queries.deal import Deal
from matchmaking.partnerships.queries.waiting import NextStep, with_next_steps
from matchmaking.partnerships.services.contacts import view_contact
from matchmaking.partnerships.services.interest import accept_interest
from matchmaking.partnerships.services.people import record_person_agreed
from matchmaking.postings.choices import Subject
from tests.factories.accounts import EnterpriseContactFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    """Both firms introduced about people; members are ``buyer`` and ``seller``."""
    found = PartnershipFactory(introduced=True, capacity__subject=Subject.TALENT)
    EnterpriseContactFactory(enterprise=found.capacity.enterprise)
    EnterpriseContactFactory(enterprise=found.need.enterprise)
    return found


def member(partnership, side, **traits):
    return MembershipFactory(enterprise=getattr(partnership, side).enterprise, **traits).user


def test_the_side_that_needs_waits_until_the_people_agreed(partnership):
    buyer, seller = member(partnership, "need"), member(partnership, "capacity")

    assert can_see_contact(buyer, partnership).reason == Reason.REFUSAL_PERSON_NOT_ASKED
    with pytest.raises(Refused):
        view_contact(partnership=partnership, actor=buyer)
    assert can_see_contact(seller, partnership)

    record_person_agreed(partnership=partnership, actor=seller, agreed=True)

    assert can_see_contact(buyer, partnership)
    event = Deal(partnership).person_agreed
    assert (event.side, event.enterprise, event.from_state, event.to_state) == (
        Side.CAPACITY,
        partnership.capacity.enterprise,
        State.INTRODUCED,
        State.INTRODUCED,
    )
    assert Notice.objects.filter(reader=buyer, kind=NoticeKind.PERSON_AGREED).count() == 1


def test_it_is_recorded_once_and_only_when_ticked(partnership):
    seller = member(partnership, "capacity")

    with pytest.raises(Invalid) as refused:
        record_person_agreed(partnership=partnership, actor=seller, agreed=False)
    assert refused.value.fields == {"agreed": Reason.REFUSAL_REQUIRED}
    record_person_agreed(partnership=partnership, actor=seller, agreed=True)
    with pytest.raises(Refused) as again:
        record_person_agreed(partnership=partnership, actor=seller, agreed=True)
    assert again.value.reason == Reason.REFUSAL_NOTHING_WAITS
    assert partnership.events.filter(act=Act.PERSON_AGREED).count() == 1


@pytest.mark.parametrize(("side", "traits"), [("need", {}), ("capacity", {"viewer": True})])
def test_nobody_else_records_it(partnership, side, traits):
    assert not can_act(member(partnership, side, **traits), partnership, Act.PERSON_AGREED)


def test_a_capacity_posted_otherwise_waits_too_where_people_are_sought():
    found = PartnershipFactory(introduced=True, need__subject=Subject.TALENT)

    assert can_see_contact(member(found, "need"), found).reason == Reason.REFUSAL_PERSON_NOT_ASKED


def test_it_can_be_recorded_after_the_deal_is_completed():
    found = PartnershipFactory(state=State.COMPLETED, capacity__subject=Subject.TALENT)
    buyer, seller = member(found, "need"), member(found, "capacity")

    record_person_agreed(partnership=found, actor=seller, agreed=True)

    assert can_see_contact(buyer, found)


def test_a_note_names_nobody(partnership):
    waiting = PartnershipFactory(capacity__subject=Subject.TALENT, opened_by=Side.NEED)
    seller = member(waiting, "capacity")

    with pytest.raises(Invalid) as refused:
        accept_interest(partnership=waiting, actor=seller, note="王某某教授可以")
    assert refused.value.fields == {"note": Reason.REFUSAL_PERSON_IN_TEXT}


def test_where_no_people_are_offered_nothing_is_asked_and_nothing_read():
    partnership = PartnershipFactory(introduced=True)
    seller = member(partnership, "capacity")

    assert Act.PERSON_AGREED not in acts_allowed(seller, partnership)
    assert can_act(seller, partnership, Act.PERSON_AGREED).reason == Reason.REFUSAL_NOTHING_WAITS
    assert can_see_contact(member(partnership, "need"), partnership)


def test_consent_is_no_step_of_the_course():
    moves = [(state, move.to) for (state, act), move in MOVES.items() if act == Act.PERSON_AGREED]

    assert moves
    assert all(begun == reached for begun, reached in moves)


def test_the_workbench_reminds_the_firm_that_offers(partnership):
    seller = member(partnership, "capacity")

    def step(side):
        rows = with_next_steps(Partnership.objects.all(), getattr(partnership, side).enterprise)
        return rows.get(pk=partnership.pk).next_step

    assert (step("capacity"), step("need")) == (NextStep.ASK_PERSON, "")
    record_person_agreed(partnership=partnership, actor=seller, agreed=True)
    assert (step("capacity"), step("need")) == ("", "")
