"""From the request to a set that all have consented to, and what becomes of it when somebody leaves."""

from decimal import Decimal

import pytest

from accounts.choices import NoticeKind
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.consortia.choices import State
from matchmaking.consortia.models import Consortium, ConsortiumMember
from matchmaking.consortia.queries.consortia import (
    active_members,
    names_for_member,
    open_amount,
    share_in,
)
from matchmaking.consortia.services.consenting import consent_to_share, leave_consortium
from matchmaking.consortia.services.forming import Share, add_suppliers
from matchmaking.consortia.services.settling import dissolve_consortium, settle_consortia
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.interest import decline_interest, end_partnership
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.consortia import together
from tests.factories.partnerships import PartnershipFactory
from tests.matchmaking.partnerships.talks import Talks

pytestmark = pytest.mark.django_db
LEAVING = Reason.END_PARTNERSHIP_TIME


@pytest.fixture
def world():
    return together()


@pytest.fixture
def complete(world):
    consortium = world.form(9000, 4000, own=2000)
    for place in range(2):
        consortium = world.consent(consortium, place)
    return consortium


def kinds(user):
    return list(Notice.objects.filter(reader=user).order_by("pk").values_list("kind", flat=True))


def problem_of(act):
    before = (Consortium.objects.count(), Partnership.objects.count(), Change.objects.count())
    with pytest.raises(Invalid) as refusal:
        act()
    assert (Consortium.objects.count(), Partnership.objects.count(), Change.objects.count()) == before
    return next(iter(refusal.value.fields.values()))


def test_each_supplier_is_asked_once_for_its_own_share(world):
    consortium = world.form(9000, 4000, own=2000)
    assert consortium.state == State.FORMING
    members = active_members(consortium)
    assert [(one.partnership.state, int(one.amount)) for one in members] == [
        (Stage.INTERESTED, 9000),
        (Stage.INTERESTED, 4000),
    ]
    assert open_amount(consortium, members) == 0
    assert [kinds(user) for user in world.suppliers] == [
        [NoticeKind.CONSORTIUM_ASKED],
        [NoticeKind.CONSORTIUM_ASKED],
        [],
    ]


def test_names_are_known_among_members_once_all_have_consented(world):
    consortium = world.consent(world.form(9000, 4000, own=2000), 0)
    members = active_members(consortium)
    assert [names_for_member(consortium, members, one) for one in members] == [[], []]
    consortium = world.consent(consortium, 1)
    members = active_members(consortium)
    assert consortium.state == State.COMPLETE
    assert names_for_member(consortium, members, members[0]) == [world.capacities[1].enterprise.name]
    for user in (world.owner, *world.suppliers[:2]):
        assert NoticeKind.CONSORTIUM_COMPLETE in kinds(user)


def test_no_notice_names_another_member_or_its_share(world, complete):
    told = [str(notice.facts) for notice in Notice.objects.filter(reader=world.suppliers[0])]
    other = world.capacities[1]
    assert told
    assert [text for text in told if other.enterprise.name in text or other.title in text or "4000" in text] == []


def test_consent_introduces_the_two_firms_and_no_others(world):
    consortium = world.consent(world.form(9000, 4000, own=2000), 0)
    stages = [one.partnership.state for one in active_members(consortium)]
    assert stages == [Stage.INTRODUCED, Stage.INTERESTED]


def test_an_accepted_interest_is_no_consent_to_a_share(world):
    """Who was introduced before is asked for its share all the same."""
    PartnershipFactory(introduced=True, need=world.need, capacity=world.capacities[0])
    consortium = world.form(9000, 4000, own=2000)
    consortium = world.consent(consortium, 1)
    assert consortium.state == State.FORMING
    assert world.consent(consortium, 0).state == State.COMPLETE


def test_consent_counts_once(world):
    consortium = world.form(9000, 4000, own=2000)
    member = world.member(consortium, 0)
    world.consent(consortium, 0)
    with pytest.raises(Refused) as refusal:
        consent_to_share(member=member, actor=world.suppliers[0])
    assert refusal.value.reason == Reason.REFUSAL_ALREADY_THERE


@pytest.mark.parametrize("place", [1, 2])
def test_nobody_consents_for_another(world, place):
    member = world.member(world.form(9000, 4000, own=2000), 0)
    for stranger in (
        world.suppliers[place],
        world.owner,
        MembershipFactory(viewer=True, enterprise=world.capacities[0].enterprise).user,
    ):
        with pytest.raises(Refused) as refusal:
            consent_to_share(member=member, actor=stranger)
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_consent_to_a_need_that_was_changed_asks_for_another_look(world):
    consortium = world.form(9000, 4000, own=2000)
    Posting.objects.filter(pk=world.need.pk).update(version=7)
    with pytest.raises(Refused) as refusal:
        world.consent(consortium, 0)
    assert refusal.value.reason == Reason.REFUSAL_POSTING_CHANGED
    consent_to_share(
        member=world.member(consortium, 0), actor=world.suppliers[0], seen=(7, world.capacities[0].version)
    )
    assert world.member(consortium, 0).consented_at is not None


def test_who_was_introduced_before_consents_to_what_the_page_showed(world):
    PartnershipFactory(introduced=True, need=world.need, capacity=world.capacities[0])
    member = world.member(world.form(9000, 4000, own=2000), 0)
    with pytest.raises(Refused) as refusal:
        consent_to_share(member=member, actor=world.suppliers[0], seen=(7, 7))
    assert refusal.value.reason == Reason.REFUSAL_POSTING_CHANGED


def test_shares_must_add_up(world):
    assert problem_of(lambda: world.form(9000, 4000)) == Reason.REFUSAL_SHARES_SUM
    assert problem_of(lambda: world.form(9000, 4000, own=15_000)) == Reason.REFUSAL_NO_GAP


def test_a_split_below_the_least_share_is_refused(world):
    """D2: a fifth of 15,000 is 3,000."""
    assert problem_of(lambda: world.form(9000, 2999, own=3001)) == Reason.REFUSAL_SHARE_SMALL


def test_a_share_above_what_the_capacity_posted_is_refused(world):
    assert problem_of(lambda: world.form(9001, 4000, own=1999)) == Reason.REFUSAL_SHARE_LARGE


def test_one_supplier_is_no_set_and_five_are_none():
    assert problem_of(lambda: together(9000).form(9000, own=6000)) == Reason.REFUSAL_SET_SIZE
    five = together(*[3000] * 5)
    assert problem_of(lambda: five.form(*[3000] * 5)) == Reason.REFUSAL_SET_SIZE


def test_a_need_for_one_supplier_is_refused():
    with pytest.raises(Refused) as refusal:
        together(9000, 8000, consortium_allowed=False).form(9000, 6000)
    assert refusal.value.reason == Reason.REFUSAL_NOT_SHARED


def test_one_set_a_need(world):
    world.form(9000, 4000, own=2000)
    with pytest.raises(Refused) as refusal:
        world.form(9000, 4000, own=2000)
    assert refusal.value.reason == Reason.REFUSAL_ALREADY_THERE


def test_an_exit_reopens_the_part_and_loses_nothing_agreed(world, complete):
    stays = world.member(complete, 0)
    talk = Talks(stays.partnership, world.owner, world.suppliers[0])
    talk.agree(quantity_amount=Decimal(9000), period="once")
    after = leave_consortium(member=world.member(complete, 1), actor=world.suppliers[1], reason=LEAVING)

    assert after.state == State.DISSOLVED
    world.capacities[0].refresh_from_db()
    assert world.capacities[0].reserved_amount == 9000
    assert Partnership.objects.get(pk=stays.partnership_id).state == Stage.AGREED
    assert kinds(world.suppliers[0])[-1] == NoticeKind.CONSORTIUM_DISSOLVED
    assert Notice.objects.filter(reader=world.owner).latest("pk").facts["open"] == "4000"


def test_an_exit_with_somebody_to_replace_it_keeps_the_set():
    world = together(9000, 4000, 4500)
    consortium = world.form(9000, 4000, own=2000)
    for place in range(2):
        world.consent(consortium, place)
    after = leave_consortium(member=world.member(consortium, 1), actor=world.suppliers[1], reason=LEAVING)
    assert (after.state, open_amount(after, active_members(after))) == (State.SHORT, 4000)
    assert kinds(world.suppliers[0])[-1] == NoticeKind.CONSORTIUM_SHORT
    assert kinds(world.owner)[-1] == NoticeKind.CONSORTIUM_SHORT
    assert names_for_member(after, active_members(after), active_members(after)[0]) == []

    share = Share(world.capacities[2], Decimal(4000))
    add_suppliers(consortium=after, shares=[share], actor=world.owner)
    assert world.consent(after, 2).state == State.COMPLETE
    gone = ConsortiumMember.objects.get(consortium=after, left_at__isnull=False)
    assert gone.partnership.state == Stage.FAILED


def test_who_left_is_not_asked_again_and_the_sum_holds():
    world = together(9000, 4000, 4500)
    consortium = world.form(9000, 4000, own=2000)
    after = leave_consortium(member=world.member(consortium, 1), actor=world.suppliers[1], reason=LEAVING)

    def add(place, amount):
        add_suppliers(consortium=after, shares=[Share(world.capacities[place], Decimal(amount))], actor=world.owner)

    with pytest.raises(Refused) as refusal:
        add(1, 4000)
    assert refusal.value.reason == Reason.REFUSAL_ALREADY_THERE
    assert problem_of(lambda: add(2, 4500)) == Reason.REFUSAL_SHARES_SUM


@pytest.mark.parametrize("way", ["decline", "end"])
def test_an_end_on_the_page_of_the_partnership_is_an_exit_too(world, way):
    consortium = world.form(9000, 4000, own=2000)
    if way == "end":
        world.consent(consortium, 0)
        end_partnership(partnership=world.member(consortium, 0).partnership, actor=world.suppliers[0], reason=LEAVING)
    else:
        decline_interest(partnership=world.member(consortium, 0).partnership, actor=world.suppliers[0], reason=LEAVING)
    assert settle_consortia() == 1
    assert settle_consortia() == 0
    consortium.refresh_from_db()
    assert consortium.state == State.DISSOLVED


def test_all_deliver_and_the_set_is_delivered(complete):
    Partnership.objects.update(state=Stage.COMPLETED)
    assert settle_consortia() == 1
    complete.refresh_from_db()
    assert complete.state == State.DELIVERED


def test_the_owner_dissolves_and_each_goes_on_alone(world, complete):
    dissolve_consortium(consortium=complete, actor=world.owner)
    assert set(Partnership.objects.values_list("state", flat=True)) == {Stage.INTRODUCED}
    assert kinds(world.suppliers[1])[-1] == NoticeKind.CONSORTIUM_DISSOLVED
    assert share_in(partnership=Partnership.objects.first().pk) is None
    with pytest.raises(Refused):
        dissolve_consortium(consortium=complete, actor=world.owner)


def test_only_the_needs_firm_dissolves(world, complete):
    with pytest.raises(Refused) as refusal:
        dissolve_consortium(consortium=complete, actor=world.suppliers[0])
    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_who_sees_what(world, complete):
    sees = {
        "owner": (world.owner, 1, 2),
        "member": (world.suppliers[0], 1, 1),
        "outsider": (world.suppliers[2], 0, 0),
        "stranger": (MembershipFactory().user, 0, 0),
    }
    for user, sets, shares in sees.values():
        found = (Consortium.objects.visible_to(user).count(), ConsortiumMember.objects.visible_to(user).count())
        assert found == (sets, shares)
    leave_consortium(member=world.member(complete, 0), actor=world.suppliers[0], reason=LEAVING)
    assert not Consortium.objects.visible_to(world.suppliers[0]).exists()


def test_both_firms_find_the_steps_in_their_record(world, complete):
    def acts(firm):
        return [change.facts["act"] for change in Change.objects.filter(thing="consortium", enterprise=firm)]

    assert acts(world.need.enterprise) == ["form", "complete"]
    assert acts(world.capacities[0].enterprise) == ["ask", "consent"]
    assert acts(world.capacities[2].enterprise) == []
