"""Members that act at the same moment: both consents count, the set is complete once, an exit is seen by all."""

import pytest

from accounts.choices import NoticeKind
from accounts.models import Notice
from common.reasons import Reason
from matchmaking.consortia.choices import State
from matchmaking.consortia.services.consenting import consent_to_share, leave_consortium
from matchmaking.consortia.services.settling import settle_consortia
from tests.factories.consortia import together
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
