"""An overflow closed in one act: needs, plan, requests and talks; what is signed goes on."""

import pytest

from accounts.choices import NoticeKind
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.consortia.choices import State
from matchmaking.consortia.models import Consortium
from matchmaking.consortia.services.closing import close_overflow
from matchmaking.consortia.services.settling import settle_consortia
from matchmaking.matching.models import RefusedPair
from matchmaking.partnerships.choices import Act
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.services.publishing import close_posting
from tests.factories.accounts import MembershipFactory
from tests.factories.overflows import offered, overflowing
from tests.matchmaking.partnerships.talks import Talks

pytestmark = pytest.mark.django_db
OVER = Reason.END_NEED_WITHDRAWN


@pytest.fixture
def world():
    return overflowing()


def told(user):
    return list(Notice.objects.filter(reader=user).order_by("pk").values_list("kind", flat=True))


def test_needs_plan_requests_and_talks_end_and_what_is_signed_goes_on(world):
    hall = offered("示例安富厂房", "SVC.SPACE.WORKSHOP", 2000, "M2", subject="premises")
    host = MembershipFactory(enterprise=hall.enterprise).user
    overflow = world.begin()
    world.plan(overflow, 9000, 4000)
    world.consent(overflow, 0)
    signed = Talks(Partnership.objects.get(capacity=world.shops[0]), world.owner, world.sellers[0])
    signed.agree(quantity_amount=9000, period="once")
    declare_interest(posting=overflow.premises, counterpart=hall, actor=world.owner)
    Notice.objects.all().delete()

    closed = close_overflow(overflow=overflow, actor=world.owner, reason=OVER)

    assert (closed.needs, closed.talks) == (3, 2)
    needs = Posting.objects.filter(pk__in=(overflow.gap_id, overflow.premises_id, overflow.workers_id))
    assert set(needs.values_list("status", "end_reason")) == {(Status.CLOSED, OVER.value)}
    states = dict(Partnership.objects.values_list("capacity", "state"))
    assert states == {world.shops[0].pk: Stage.AGREED, world.shops[1].pk: Stage.FAILED, hall.pk: Stage.FAILED}
    over = Reason.END_PARTNERSHIP_POSTING_OVER.value
    assert set(Partnership.objects.filter(state=Stage.FAILED).values_list("end_reason", flat=True)) == {over}
    assert Consortium.objects.get().state == State.DISSOLVED
    assert not RefusedPair.objects.exists()
    assert [told(user) for user in (*world.sellers[:2], host, world.owner)] == [
        [NoticeKind.CONSORTIUM_DISSOLVED],
        [NoticeKind.INTEREST_WITHDRAWN],
        [NoticeKind.INTEREST_WITHDRAWN],
        [],
    ]
    assert set(Posting.objects.filter(pk__in=(world.shops[1].pk, hall.pk)).values_list("open_interest_count")) == {(0,)}
    assert settle_consortia() == 0
    assert Change.objects.filter(thing_key=overflow.key).latest("seq").reason == OVER.value
    with pytest.raises(Refused) as again:
        close_overflow(overflow=overflow, actor=world.owner, reason=OVER)
    assert again.value.reason == Reason.REFUSAL_NOTHING_WAITS


def test_talks_and_requests_of_the_other_side_end_too_and_each_once(world):
    overflow = world.begin()
    world.plan(overflow, 9000, 4000)
    world.consent(overflow, 0)
    declare_interest(posting=world.shops[2], counterpart=overflow.gap, actor=world.sellers[2])

    assert close_overflow(overflow=overflow, actor=world.owner, reason=OVER).talks == 3

    assert set(Partnership.objects.values_list("state", flat=True)) == {Stage.FAILED}
    ends = [row.events.latest("pk").act for row in Partnership.objects.order_by("capacity_id")]
    assert ends == [Act.END, Act.WITHDRAW, Act.DECLINE]
    assert told(world.sellers[0])[-1] == NoticeKind.PARTNERSHIP_ENDED
    assert told(world.sellers[2])[-1] == NoticeKind.INTEREST_DECLINED


def test_what_was_closed_by_itself_keeps_its_reason(world):
    overflow = world.begin()
    close_posting(posting=overflow.workers, actor=world.owner, reason=Reason.END_NEED_FILLED_ELSEWHERE)
    assert close_overflow(overflow=overflow, actor=world.owner, reason=OVER).needs == 2
    overflow.workers.refresh_from_db()
    assert overflow.workers.end_reason == Reason.END_NEED_FILLED_ELSEWHERE.value


@pytest.mark.parametrize("reason", ["", "end.partnership.price", "x"])
def test_only_a_reason_of_a_need_closes_it(world, reason):
    overflow = world.begin()
    with pytest.raises(Invalid):
        close_overflow(overflow=overflow, actor=world.owner, reason=reason)
    overflow.gap.refresh_from_db()
    assert overflow.gap.status == Status.PUBLISHED


@pytest.mark.parametrize("who", ["stranger", "viewer", "partner"])
def test_nobody_else_closes_it(world, who):
    overflow = world.begin()
    world.plan(overflow, 9000, 4000)
    actor = {
        "stranger": lambda: MembershipFactory().user,
        "viewer": lambda: MembershipFactory(enterprise=world.firm, viewer=True).user,
        "partner": lambda: world.sellers[0],
    }[who]()
    with pytest.raises(Refused) as refusal:
        close_overflow(overflow=overflow, actor=actor, reason=OVER)
    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    assert Partnership.objects.filter(state=Stage.INTERESTED).count() == 2
