"""Contact data: after consent only, the posting's before the firm's, each look told to its owner."""

import pytest
from django.utils import timezone

from accounts.choices import Verb
from accounts.models import Change
from common.errors import Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import CONSENTED, Act, Side, State
from matchmaking.partnerships.permissions import can_see_contact, can_see_enterprise_name
from matchmaking.partnerships.queries.partnerships import Contact, counterpart_name
from matchmaking.partnerships.services.contacts import view_contact
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseContactFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingContactFactory

pytestmark = pytest.mark.django_db


def buyer_of(partnership, **traits):
    return MembershipFactory(enterprise=partnership.need.enterprise, **traits).user


@pytest.mark.parametrize("membership", [{}, {"editor": True}, {"viewer": True}])
def test_view_contact_gives_the_firms_contact_and_records_the_look(membership):
    partnership = PartnershipFactory(introduced=True)
    kept = EnterpriseContactFactory(enterprise=partnership.capacity.enterprise)
    EnterpriseContactFactory(enterprise=partnership.need.enterprise)
    buyer = buyer_of(partnership, **membership)

    contact = view_contact(partnership=partnership, actor=buyer)

    assert contact == Contact(kept.person, kept.phone, kept.email)
    event = partnership.events.get()
    assert (event.act, event.side, event.actor, event.to_state) == (
        Act.VIEW_CONTACT,
        Side.NEED,
        buyer,
        State.INTRODUCED,
    )
    told = Change.objects.get(thing="partnership", enterprise=partnership.capacity.enterprise)
    assert (told.verb, told.actor) == (Verb.SEEN, None)


def test_view_contact_prefers_what_the_posting_keeps():
    partnership = PartnershipFactory(introduced=True)
    EnterpriseContactFactory(enterprise=partnership.capacity.enterprise)
    kept = PostingContactFactory(posting=partnership.capacity, other="微信 sample")

    contact = view_contact(partnership=partnership, actor=buyer_of(partnership))

    assert contact == Contact(kept.person, kept.phone, kept.email, kept.other)


def test_view_contact_passes_over_an_empty_posting_contact():
    partnership = PartnershipFactory(introduced=True)
    kept = EnterpriseContactFactory(enterprise=partnership.capacity.enterprise)
    PostingContactFactory(posting=partnership.capacity, person="", phone="", email="", other="")

    assert view_contact(partnership=partnership, actor=buyer_of(partnership)).phone == kept.phone


def test_each_look_is_one_event():
    partnership = PartnershipFactory(introduced=True)
    buyer = buyer_of(partnership)

    for _ in range(3):
        view_contact(partnership=partnership, actor=buyer)

    assert partnership.events.filter(act=Act.VIEW_CONTACT).count() == 3
    partnership.refresh_from_db()
    assert partnership.version == 1


@pytest.mark.parametrize("state", sorted(set(State) - set(CONSENTED)))
def test_view_contact_refuses_without_consent(state):
    failed = {"end_reason": "end.partnership.price"} if state == State.FAILED else {}
    partnership = PartnershipFactory(state=state, introduced_at=timezone.now(), **failed)

    with pytest.raises(Refused) as refusal:
        view_contact(partnership=partnership, actor=buyer_of(partnership))

    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE
    assert partnership.events.count() == 0


@pytest.mark.parametrize("side", ["need", "capacity"])
def test_view_contact_refuses_while_a_firm_is_suspended(side):
    partnership = PartnershipFactory(introduced=True)
    firm = getattr(partnership, side).enterprise
    firm.suspended_at = timezone.now()
    firm.save()

    with pytest.raises(Refused) as refusal:
        view_contact(partnership=partnership, actor=buyer_of(partnership))

    assert refusal.value.reason == Reason.REFUSAL_SUSPENDED


def test_nobody_outside_sees_contact_data():
    partnership = PartnershipFactory(introduced=True)
    coordinator = CoordinatorGrantFactory().user
    for outsider in (coordinator, UserFactory(platform_admin=True), MembershipFactory().user, UserFactory()):
        assert can_see_contact(outsider, partnership).reason == Reason.REFUSAL_NOT_YOURS


def test_names_are_known_to_both_sides_from_mutual_interest_on():
    waiting, agreed = PartnershipFactory(), PartnershipFactory(introduced=True)

    assert can_see_enterprise_name(buyer_of(waiting), waiting).reason == Reason.REFUSAL_OTHER_SIDE
    assert can_see_enterprise_name(buyer_of(agreed), agreed)
    assert can_see_enterprise_name(CoordinatorGrantFactory().user, waiting)
    assert can_see_enterprise_name(UserFactory(platform_admin=True), waiting)
    assert can_see_enterprise_name(MembershipFactory().user, agreed).reason == Reason.REFUSAL_NOT_YOURS


def test_counterpart_name_is_the_alias_until_both_agreed():
    partnership = PartnershipFactory(capacity__visibility="alias")
    own, other = partnership.need.enterprise, partnership.capacity.enterprise

    assert counterpart_name(partnership, own) == other.alias
    partnership.state = State.MUTUAL
    assert counterpart_name(partnership, own) == other.name
    partnership.state, partnership.introduced_at = State.FAILED, timezone.now()
    assert counterpart_name(partnership, own) == other.name
    assert counterpart_name(partnership, None) == ""


def test_somebody_of_both_firms_looks_for_the_one_they_say():
    partnership = PartnershipFactory(introduced=True)
    theirs = EnterpriseContactFactory(enterprise=partnership.need.enterprise)
    both = buyer_of(partnership)
    MembershipFactory(enterprise=partnership.capacity.enterprise, user=both)

    contact = view_contact(partnership=partnership, actor=both, enterprise=partnership.capacity.enterprise)

    assert contact.phone == theirs.phone
