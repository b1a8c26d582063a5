"""Members that act at the same moment: both consents count, the set is complete once, an exit is seen by all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Notice
from common.reasons import Reason
from matchmaking.consortia.choices import State
from matchmaking.consortia.models import ConsortiumMember
from matchmaking.consortia.services.closing import close_overflow
from matchmaking.consortia.services.consenting import consent_to_share, leave_consortium
from matchmaking.consortia.services.settling import settle_consortia, settle_consortium
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Partnership
from tests.factories.consortia import together
from tests.factories.overflows import overflowing
from tests.factories.partnerships import PartnershipFactory
from tests.matchmaking.partnerships.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


def test_two_consents_at_once_complete_the_set_once():
    for _ in range(ROUNDS):
        world = together(9000, 6000)
        consortium = world.form(9000, 6000)
        members = [world.member(consortium, place) for place in range(2)]
        told = at_once(
            *(
                lambda m=member, a=actor: consent_to_share(member=m, actor=a)
                for member, actor in zip(members, world.suppliers, strict=True)
            )
        )
        consortium.refresh_from_db()
        assert told == [None, None]
        assert consortium.state == State.COMPLETE
        assert Notice.objects.filter(reader=world.owner, kind=NoticeKind.CONSORTIUM_COMPLETE).count() == 1


def test_a_consent_and_an_exit_at_once_never_leave_a_complete_set_with_a_hole():
    for _ in range(ROUNDS):
        world = together(9000, 6000)
        consortium = world.form(9000, 6000)
        first, second = (world.member(consortium, place) for place in range(2))
        told = at_once(
            lambda m=first, a=world.suppliers[0]: consent_to_share(member=m, actor=a),
            lambda m=second, a=world.suppliers[1]: leave_consortium(
                member=m, actor=a, reason=Reason.END_PARTNERSHIP_TIME
            ),
        )
        settle_consortia()
        consortium.refresh_from_db()
        assert told[1] is None
        assert told[0] in (None, Reason.REFUSAL_WRONG_STATE)
        assert consortium.state in (State.SHORT, State.DISSOLVED)


def test_one_of_two_at_one_firm_consents():
    from_one = together(9000, 6000)
    consortium = from_one.form(9000, 6000)
    member, actor = from_one.member(consortium, 0), from_one.suppliers[0]
    told = at_once(*[lambda: consent_to_share(member=member, actor=actor)] * 2)
    assert sorted(told, key=str) == [None, Reason.REFUSAL_ALREADY_THERE]


def test_an_overflow_is_closed_while_a_partner_consents_and_neither_waits_for_ever():
    for _ in range(ROUNDS):
        world = overflowing()
        overflow = world.begin()
        plan = world.plan(overflow, 9000, 4000)
        member = plan.members.select_related("partnership").get(partnership__capacity=world.shops[0])
        told = at_once(
            lambda o=overflow, a=world.owner: close_overflow(overflow=o, actor=a, reason=Reason.END_NEED_WITHDRAWN),
            lambda m=member, a=world.sellers[0]: consent_to_share(member=m, actor=a),
        )
        plan.refresh_from_db()
        assert told[0] is None
        assert told[1] in (None, Reason.REFUSAL_WRONG_STATE)
        assert plan.state == State.DISSOLVED
        assert set(Partnership.objects.filter(need=overflow.gap).values_list("state", flat=True)) == {Stage.FAILED}


def test_a_consent_and_the_end_of_its_day_at_once_leave_no_member_both_in_and_out():
    for _ in range(ROUNDS):
        world = together(9000, 6000)
        PartnershipFactory(introduced=True, need=world.need, capacity=world.capacities[0], answer_by=None)
        consortium = world.form(9000, 6000)
        member = world.member(consortium, 0)
        yesterday = timezone.localdate() - timedelta(days=1)
        ConsortiumMember.objects.filter(pk=member.pk).update(consent_by=yesterday)
        told = at_once(
            lambda m=member, a=world.suppliers[0]: consent_to_share(member=m, actor=a),
            lambda c=consortium: settle_consortium(consortium=c),
        )
        member.refresh_from_db()
        assert told[1] is None
        assert told[0] in (None, Reason.REFUSAL_WRONG_STATE)
        assert (member.left_at is None) == (told[0] is None)
        assert (member.consented_at is not None) == (told[0] is None)
