"""More orders than lines: one act posts the needs, one plan meets them, and a partner that leaves opens it again."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.choices import NoticeKind
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.consortia.choices import State
from matchmaking.consortia.models import Consortium, Overflow
from matchmaking.consortia.queries.consortia import active_members, open_amount
from matchmaking.consortia.queries.overflows import lines_of, overflows_of, plan_of
from matchmaking.consortia.services.consenting import leave_consortium
from matchmaking.consortia.services.overflowing import begin_overflow
from matchmaking.consortia.services.settling import settle_consortia
from matchmaking.postings.choices import RegionPreference, Status, Subject
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.overflows import overflowing, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return overflowing()


def problems(act):
    before = (Posting.objects.count(), Overflow.objects.count(), Change.objects.count(), Consortium.objects.count())
    with pytest.raises(Invalid) as refusal:
        act()
    now = (Posting.objects.count(), Overflow.objects.count(), Change.objects.count(), Consortium.objects.count())
    assert now == before
    return refusal.value.fields


def test_one_act_posts_the_needs_of_which_it_consists(world):
    overflow = world.begin()
    parts = (overflow.gap, overflow.premises, overflow.workers)
    assert [(one.subject, int(one.quantity_amount), one.unit.code) for one in parts] == [
        (Subject.PROCESSING, 15_000, "PCS"),
        (Subject.PREMISES, 2000, "M2"),
        (Subject.TALENT, 100, "PERSON"),
    ]
    start = wanted()["window_start"]
    for one in parts:
        assert one.status == Status.PUBLISHED
        assert (one.window_start, one.window_end) == (start, start + timedelta(days=69))
        assert (one.region_preference, one.radius_km) == (RegionPreference.RADIUS, 60)
    assert (overflow.gap.consortium_allowed, overflow.gap.minimum_share_percent) == (True, 20)


def test_work_alone_asks_for_neither_premises_nor_workers(world):
    overflow = world.begin(floor_area=None, workers=None)
    assert (overflow.premises, overflow.workers) == (None, None)
    assert Posting.objects.needs().count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"own": Decimal(40_000)}, "own", Reason.REFUSAL_NO_GAP),
        ({"own": Decimal(50_000)}, "own", Reason.REFUSAL_NO_GAP),
        ({"ordered": None}, "ordered", Reason.REFUSAL_REQUIRED),
        ({"ordered": Decimal(10) ** 14}, "ordered", Reason.REFUSAL_TOO_LARGE),
        ({"node": "NO.SUCH"}, "node", Reason.REFUSAL_UNKNOWN_CODE),
        ({"node": ""}, "node", Reason.REFUSAL_REQUIRED),
        ({"unit": ""}, "unit", Reason.REFUSAL_REQUIRED),
        ({"region": None}, "region", Reason.REFUSAL_REQUIRED),
        ({"weeks": 0}, "weeks", Reason.REFUSAL_LIMIT_REACHED),
        ({"weeks": 105}, "weeks", Reason.REFUSAL_LIMIT_REACHED),
        ({"window_start": None}, "window_start", Reason.REFUSAL_REQUIRED),
        ({"window_start": wanted()["window_start"] - timedelta(days=400)}, "weeks", Reason.REFUSAL_WINDOW_PAST),
        ({"least_share": Decimal(101)}, "least_share", Reason.REFUSAL_LIMIT_REACHED),
        ({"radius_km": Decimal(0)}, "radius_km", Reason.REFUSAL_NOT_POSITIVE),
        ({"floor_area": Decimal(0)}, "floor_area", Reason.REFUSAL_NOT_POSITIVE),
        ({"workers": Decimal(-1)}, "workers", Reason.REFUSAL_NOT_POSITIVE),
        ({"text": "请电 13800138000"}, "text", Reason.REFUSAL_CONTACT_IN_TEXT),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_is_posted(world, changes, field, reason):
    assert problems(lambda: world.begin(**changes)) == {field: reason}


@pytest.mark.parametrize("partners", [None, 0, 5])
def test_the_number_of_partners_is_told_at_its_field(world, partners):
    assert set(problems(lambda: world.begin(partners=partners))) == {"partners"}


def test_the_same_form_sent_twice_begins_one(world):
    told = {"enterprise": world.firm, "actor": world.owner, "values": wanted(), "key": "ABCDEFGHJK"}
    assert begin_overflow(**told) == begin_overflow(**told)
    assert (Overflow.objects.count(), Posting.objects.needs().count()) == (1, 3)


def test_only_editors_of_the_firm_begin_one(world):
    for user in (world.sellers[0], MembershipFactory(enterprise=world.firm, role="viewer").user):
        with pytest.raises(Refused) as refusal:
            begin_overflow(enterprise=world.firm, actor=user, values=wanted())
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_orders_and_own_lines_stand_in_no_posting_and_no_record(world):
    world.begin()
    told = [str(row) for row in Posting.objects.needs().values()]
    told += [str(row) for row in Posting.history.values()] + [str(row) for row in Change.objects.values()]
    assert [text for text in told if "40000" in text or "25000" in text] == []


def test_a_plan_leaves_nothing_and_is_complete_once_all_consent(world):
    overflow = world.begin()
    plan = world.plan(overflow, 9000, 4000)
    assert (plan.state, open_amount(plan, active_members(plan))) == (State.FORMING, 0)
    world.consent(overflow, 0)
    assert world.consent(overflow, 1).state == State.COMPLETE
    notice = Notice.objects.get(reader=world.owner, kind=NoticeKind.CONSORTIUM_COMPLETE)
    assert (notice.route, notice.thing_key) == ("web:overflows:detail", overflow.key)


def test_one_partner_beside_the_own_line_is_a_plan(world):
    overflow = world.begin(partners=1)
    assert world.plan(overflow, 9000, own=6000).state == State.FORMING
    assert world.consent(overflow, 0).state == State.COMPLETE


@pytest.mark.parametrize(
    ("amounts", "own", "changes", "field", "reason"),
    [
        ((9000, 4000), 1999, {}, "shares", Reason.REFUSAL_SHARES_SUM),
        ((9000, 4000), 2001, {}, "shares", Reason.REFUSAL_SHARES_SUM),
        ((9000, 2000), 4000, {}, "amount", Reason.REFUSAL_SHARE_SMALL),
        ((9001, 4000), 1999, {}, "amount", Reason.REFUSAL_SHARE_LARGE),
        ((9000, 4000), 2000, {"partners": 1}, "shares", Reason.REFUSAL_SET_SIZE),
        ((7000, 4000, 4000), 0, {}, "shares", Reason.REFUSAL_SET_SIZE),
        ((), 15_000, {}, "own", Reason.REFUSAL_NO_GAP),
    ],
)
def test_a_plan_that_does_not_fit_asks_nobody(world, amounts, own, changes, field, reason):
    overflow = world.begin(**changes)
    found = problems(lambda: world.plan(overflow, *amounts, own=own))
    assert {name.partition("_")[0]: told for name, told in found.items()} == {field: reason}


def leave(world, overflow, place):
    member = plan_of(overflow).members.active().get(partnership__capacity=world.shops[place])
    return leave_consortium(member=member, actor=world.sellers[place], reason=Reason.END_PARTNERSHIP_TIME)


@pytest.fixture
def short(world):
    overflow = world.begin()
    world.plan(overflow, 9000, 4000)
    world.consent(overflow, 0)
    leave(world, overflow, 1)
    return overflow


def test_a_partner_that_leaves_opens_its_part_again_and_the_owner_is_told(world, short):
    plan = plan_of(short)
    assert (plan.state, open_amount(plan, active_members(plan))) == (State.SHORT, 4000)
    notice = Notice.objects.get(reader=world.owner, kind=NoticeKind.CONSORTIUM_SHORT)
    assert (notice.route, notice.thing_key, notice.facts["open"]) == ("web:overflows:detail", short.key, "4000")
    assert [one.remainder for one in lines_of(overflows_of(user=world.owner, enterprise=world.firm))] == [4000]


def test_another_partner_fills_the_open_part(world, short):
    world.plan(short, 4000, own=2000, first=2)
    assert world.consent(short, 2).state == State.COMPLETE


def test_the_own_line_takes_the_open_part_and_nobody_is_asked(world, short):
    plan = world.plan(short, own=6000)
    assert (plan.state, plan.own_amount) == (State.COMPLETE, 6000)
    assert [int(one.amount) for one in active_members(plan)] == [9000]


def test_both_share_the_open_part(world, short):
    plan = world.plan(short, 3000, own=3000, first=2)
    assert (plan.state, open_amount(plan, active_members(plan))) == (State.FORMING, 0)


def test_the_open_part_is_not_filled_by_half(world, short):
    assert problems(lambda: world.plan(short, own=4000)) == {"shares": Reason.REFUSAL_SHARES_SUM}
    assert plan_of(short).own_amount == 2000


def test_the_last_partner_that_leaves_keeps_the_plan_open(world, short):
    leave(world, short, 0)
    assert settle_consortia() == 0
    plan = plan_of(short)
    assert (plan.state, open_amount(plan, active_members(plan))) == (State.SHORT, 13_000)


def test_only_the_firm_sees_its_overflow(world):
    overflow = world.begin()
    world.plan(overflow, 9000, 4000)
    assert Overflow.objects.visible_to(world.owner).count() == 1
    for user in (*world.sellers, MembershipFactory().user):
        assert not Overflow.objects.visible_to(user).exists()
