"""Opening a day, inviting firms, changing and cancelling it: the scope, what is refused, who is told."""

from datetime import time

import pytest

from accounts.choices import NoticeKind
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.days.choices import DayState, GuestState
from matchmaking.days.models import Guest, MatchDay
from matchmaking.days.permissions import MOST_GUESTS
from matchmaking.days.queries.days import Search, firms_to_invite
from matchmaking.days.services.answers import answer_invitation
from matchmaking.days.services.days import cancel_day, change_day, invite_firms, open_day, withdraw_guest
from matchmaking.postings.choices import Visibility
from reference.models import IndustryChain, Region
from tests.factories.accounts import CoordinatorGrantFactory, EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.days import GuestFactory, days_ahead, terms
from tests.factories.postings import PostingFactory
from tests.matchmaking.desk.conftest import coordinator_of

pytestmark = pytest.mark.django_db


def region(code):
    return Region.objects.get(code=code)


def test_a_coordinator_opens_a_day_in_scope_and_the_other_province_sees_it_where_it_is_named(host):
    day = open_day(actor=host, terms=terms(), regions=[region("510000"), region("500000")])
    far, elsewhere = coordinator_of("500000"), coordinator_of("511000")
    for user, sees in ((host, True), (far, True), (elsewhere, False), (UserFactory(), False)):
        assert MatchDay.objects.visible_to(user).filter(pk=day.pk).exists() is sees
    own = open_day(actor=host, terms=terms())
    assert not MatchDay.objects.visible_to(far).filter(pk=own.pk).exists()
    platform = UserFactory(platform_admin=True)
    assert MatchDay.objects.visible_to(platform).count() == 2


def test_outside_the_scope_and_without_a_right_no_day_is_opened(host):
    with pytest.raises(Invalid) as wrong:
        open_day(actor=host, terms=terms(), regions=[region("500000")])
    assert wrong.value.fields == {"regions": Reason.REFUSAL_OUTSIDE_SCOPE}
    grant = CoordinatorGrantFactory()
    grant.chains.add(IndustryChain.objects.get(code="AUTO"))
    with pytest.raises(Invalid):
        open_day(actor=grant.user, terms=terms(), chains=[IndustryChain.objects.exclude(code="AUTO").first()])
    assert open_day(actor=grant.user, terms=terms(), chains=list(IndustryChain.objects.filter(code="AUTO")))
    with pytest.raises(Refused) as refusal:
        open_day(actor=MembershipFactory().user, terms=terms())
    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_once_the_right_has_ended_the_day_is_out_of_reach(host):
    day = open_day(actor=host, terms=terms())
    host.coordinator_grants.update(ends_on=days_ahead(-1))
    assert not MatchDay.objects.visible_to(host).exists()
    with pytest.raises(Refused):
        cancel_day(day=day, actor=host)


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"title_en": ""}, "title_en", Reason.REFUSAL_REQUIRED),
        ({"day": None}, "day", Reason.REFUSAL_REQUIRED),
        ({"day": days_ahead(0)}, "day", Reason.REFUSAL_DAY_NOT_AHEAD),
        ({"day": days_ahead(400)}, "day", Reason.REFUSAL_DAY_TOO_FAR),
        ({"marks_until": days_ahead(10)}, "marks_until", Reason.REFUSAL_DAY_TOO_FAR),
        ({"marks_until": days_ahead(-1)}, "marks_until", Reason.REFUSAL_WINDOW_PAST),
        ({"place": "示例厅 13800138000"}, "place", Reason.REFUSAL_CONTACT_HERE),
        ({"place": "https://example.com/hall"}, "place", Reason.REFUSAL_CONTACT_HERE),
        ({"title_zh": "示例 name@example.com"}, "title_zh", Reason.REFUSAL_CONTACT_HERE),
        ({"begins_at": time(22, 0), "slot_minutes": 60}, "slots", Reason.REFUSAL_LIMIT_REACHED),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(host, changed, field, reason):
    with pytest.raises(Invalid) as wrong:
        open_day(actor=host, terms=terms(**changed))
    assert wrong.value.fields[field] == reason
    assert not MatchDay.objects.exists()


@pytest.mark.parametrize(("name", "value"), [("slots", 25), ("tables", 61), ("slot_minutes", 4), ("slots", 0)])
def test_hall_and_slots_have_their_limits(host, name, value):
    with pytest.raises(Invalid) as wrong:
        open_day(actor=host, terms=terms(**{name: value}))
    assert name in wrong.value.fields


def test_invited_firms_are_told_once_and_only_members_who_act(host):
    day = open_day(actor=host, terms=terms())
    owner = MembershipFactory()
    MembershipFactory(enterprise=owner.enterprise, viewer=True)
    for _again in range(2):
        invite_firms(day=day, actor=host, enterprises=[owner.enterprise])
    notice = Notice.objects.get(kind=NoticeKind.DAY_INVITED)
    assert (notice.reader, notice.thing_key) == (owner.user, day.key)
    assert Change.objects.filter(thing="matchday", enterprise=owner.enterprise, actor=None).count() == 1


def test_firms_that_cannot_be_invited(host):
    day = open_day(actor=host, terms=terms())
    own = MembershipFactory(user=host).enterprise
    for firm, reason in (
        (EnterpriseFactory(suspended=True), Reason.REFUSAL_SUSPENDED),
        (EnterpriseFactory(is_unclaimed=True), Reason.REFUSAL_NOT_YOURS),
        (own, Reason.REFUSAL_NOT_YOURS),
    ):
        with pytest.raises(Refused) as refusal:
            invite_firms(day=day, actor=host, enterprises=[firm])
        assert refusal.value.reason == reason
    with pytest.raises(Refused):
        invite_firms(day=day, actor=coordinator_of("500000"), enterprises=[EnterpriseFactory()])
    assert not Guest.objects.exists()


def test_too_many_guests_are_refused_whole(host, monkeypatch):
    assert MOST_GUESTS == 120
    monkeypatch.setattr("matchmaking.days.services.days.MOST_GUESTS", 2)
    day = open_day(actor=host, terms=terms())
    with pytest.raises(Refused) as refusal:
        invite_firms(day=day, actor=host, enterprises=[EnterpriseFactory() for _ in range(3)])
    assert refusal.value.reason == Reason.REFUSAL_LIMIT_REACHED
    assert not Guest.objects.exists()


def test_after_the_last_day_for_wishes_nobody_is_invited(meet):
    meet.end_wishes()
    with pytest.raises(Refused) as refusal:
        invite_firms(day=meet.day, actor=meet.host, enterprises=[EnterpriseFactory()])
    assert refusal.value.reason == Reason.REFUSAL_WISHES_CLOSED


def test_search_finds_firms_of_both_provinces_and_no_name_behind_an_alias(host):
    day = open_day(actor=host, terms=terms())
    near, far = EnterpriseFactory(region=region("510104")), EnterpriseFactory(region=region("500153"))
    named = PostingFactory(enterprise=near, visibility=Visibility.NAMED)
    PostingFactory(enterprise=far, visibility=Visibility.ALIAS)
    assert firms_to_invite(host, day, Search()) == []
    assert {near, far} <= set(firms_to_invite(host, day, Search(words=near.name[:2])))
    assert firms_to_invite(host, day, Search(province="50")) == [far]
    found = firms_to_invite(host, day, Search(chain=named.node.chain.code))
    assert near in found
    assert far not in found
    GuestFactory(day=day, enterprise=near)
    assert near not in firms_to_invite(host, day, Search(words=near.name))


def test_an_invitation_taken_back_is_told_and_may_be_made_again(meet):
    guest, person = meet.guests[0], meet.people[0]
    withdraw_guest(guest=guest, actor=meet.host)
    assert Notice.objects.filter(reader=person, kind=NoticeKind.DAY_WITHDRAWN).count() == 1
    with pytest.raises(Refused) as refusal:
        answer_invitation(guest=guest, actor=person, accepts=True)
    assert refusal.value.reason == Reason.REFUSAL_INVITATION_OVER
    with pytest.raises(Refused):
        withdraw_guest(guest=guest, actor=meet.host)
    invite_firms(day=meet.day, actor=meet.host, enterprises=[guest.enterprise])
    guest.refresh_from_db()
    assert guest.state == GuestState.ASKED


def test_firms_are_told_what_concerns_them_when_a_day_is_changed(meet):
    change_day(day=meet.day, actor=meet.host, terms=terms(title_zh="示例：新名称"))
    assert not Notice.objects.filter(kind=NoticeKind.DAY_CHANGED).exists()
    change_day(day=meet.day, actor=meet.host, terms=terms(title_zh="示例：新名称", place="示例二号厅"))
    assert set(Notice.objects.filter(kind=NoticeKind.DAY_CHANGED).values_list("reader", flat=True)) == {
        one.pk for one in meet.people
    }


def test_what_a_plan_was_made_from_stays_once_it_is_published(meet):
    meet.published()
    changed = change_day(day=meet.day, actor=meet.host, terms=terms(slots=9, tables=9, place="示例二号厅"))
    assert (changed.slots, changed.tables, changed.place) == (4, 3, "示例二号厅")
    assert changed.marks_until == days_ahead(-1)


def test_a_cancelled_day_is_told_and_over(meet):
    refused = GuestFactory(day=meet.day, state=GuestState.REFUSED)
    MembershipFactory(enterprise=refused.enterprise)
    cancel_day(day=meet.day, actor=meet.host)
    told = Notice.objects.filter(kind=NoticeKind.DAY_OFF).values_list("reader", flat=True)
    assert set(told) == {one.pk for one in meet.people}
    meet.day.refresh_from_db()
    assert meet.day.state == DayState.CANCELLED
    for act in (cancel_day, lambda day, actor: change_day(day=day, actor=actor, terms=terms())):
        with pytest.raises(Refused) as refusal:
            act(day=meet.day, actor=meet.host)
        assert refusal.value.reason == Reason.REFUSAL_NOTHING_WAITS


def test_a_coordinator_who_belongs_to_an_invited_firm_looks_after_the_day_no_longer(meet):
    MembershipFactory(user=meet.host, enterprise=meet.guests[0].enterprise)
    assert not MatchDay.objects.coordinated_by(meet.host).exists()
    with pytest.raises(Refused):
        cancel_day(day=meet.day, actor=meet.host)
