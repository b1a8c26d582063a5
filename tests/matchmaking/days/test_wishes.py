"""What firms say: answers and wishes until the limit, that nobody else reads them, and places given up."""

import pytest

from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.days.choices import GuestState, Wish
from matchmaking.days.models import Guest, Mark
from matchmaking.days.queries.days import marks_of, others_at, shown_count
from matchmaking.days.services.answers import MOST_MUSTS, answer_invitation, give_up_place, mark_firms
from matchmaking.days.services.days import cancel_day
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.days import GuestFactory, gathering

pytestmark = pytest.mark.django_db


def wish(meet, who, **wishes):
    """``who`` says ``wishes`` about the guests behind the letters a, b, c, d."""
    told = {meet.guests["abcd".index(letter)].pk: value for letter, value in wishes.items()}
    return mark_firms(guest=meet.guests[who], actor=meet.people[who], wishes=told)


def test_a_firm_takes_part_changes_its_mind_and_comes_back_until_the_limit(meet):
    guest, person = meet.guests[0], meet.people[0]
    for accepts, state in ((False, GuestState.REFUSED), (True, GuestState.ACCEPTED)):
        assert answer_invitation(guest=guest, actor=person, accepts=accepts, most=2).state == state
    assert Guest.objects.get(pk=guest.pk).most == 2
    with pytest.raises(Invalid) as wrong:
        answer_invitation(guest=guest, actor=person, accepts=True, most=5)
    assert wrong.value.fields == {"most": Reason.REFUSAL_LIMIT_REACHED}
    meet.end_wishes()
    with pytest.raises(Refused) as refusal:
        answer_invitation(guest=guest, actor=person, accepts=True)
    assert refusal.value.reason == Reason.REFUSAL_WISHES_CLOSED


def test_only_editors_and_owners_of_the_firm_answer_and_wish(meet):
    viewer = MembershipFactory(enterprise=meet.guests[0].enterprise, viewer=True).user
    for user in (viewer, meet.people[1], meet.host, UserFactory(platform_admin=True)):
        for act, told in ((answer_invitation, {"accepts": False}), (mark_firms, {"wishes": {}}), (give_up_place, {})):
            with pytest.raises(Refused) as refusal:
                act(guest=meet.guests[0], actor=user, **told)
            assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_wishes_replace_what_was_said_before(meet):
    wish(meet, 0, b=Wish.MUST, c=Wish.NO)
    wish(meet, 0, b=Wish.MEET)
    assert marks_of(meet.people[0], meet.guests[0]) == {meet.guests[1].pk: Wish.MEET}
    meet.end_wishes()
    with pytest.raises(Refused):
        wish(meet, 0, b=Wish.NO)


def test_wishes_are_read_by_nobody_but_the_firms_own_people(meet):
    wish(meet, 0, b=Wish.NO)
    viewer = MembershipFactory(enterprise=meet.guests[0].enterprise, viewer=True).user
    assert set(Mark.objects.visible_to(viewer).values_list("wish", flat=True)) == {Wish.NO}
    for user in (meet.people[1], meet.host, UserFactory(), UserFactory(platform_admin=True)):
        assert not Mark.objects.visible_to(user).exists()
        assert marks_of(user, meet.guests[0]) == {}


def test_wishes_about_oneself_strangers_and_nonsense_are_refused(meet):
    stranger = GuestFactory()
    asked = GuestFactory(day=meet.day, state=GuestState.ASKED)
    for about in (meet.guests[0].pk, stranger.pk, asked.pk, 999_999):
        with pytest.raises(Invalid):
            mark_firms(guest=meet.guests[0], actor=meet.people[0], wishes={about: Wish.MEET})
    with pytest.raises(Invalid):
        mark_firms(guest=meet.guests[0], actor=meet.people[0], wishes={meet.guests[1].pk: "love"})
    assert not Mark.objects.exists()


def test_a_firm_calls_but_a_few_others_a_must(host):
    meet = gathering(host, firms=MOST_MUSTS + 2)
    all_others = {one.pk: Wish.MUST for one in meet.guests[1:]}
    with pytest.raises(Invalid) as wrong:
        mark_firms(guest=meet.guests[0], actor=meet.people[0], wishes=all_others)
    assert wrong.value.fields == {"wishes": Reason.REFUSAL_LIMIT_REACHED}


def test_who_does_not_take_part_learns_neither_names_nor_small_counts(meet):
    asked = GuestFactory(day=meet.day, state=GuestState.ASKED)
    person = MembershipFactory(enterprise=asked.enterprise).user
    assert others_at(asked) == []
    assert set(Guest.objects.visible_to(person)) == {asked}
    assert shown_count(meet.day) == 4
    Guest.objects.filter(pk__in=[one.pk for one in meet.guests[2:]]).update(state=GuestState.REFUSED)
    assert shown_count(meet.day) is None
    assert set(Guest.objects.visible_to(meet.people[0])) == set(meet.guests[:2])
    assert not Guest.objects.visible_to(UserFactory()).exists()
    with pytest.raises(Refused) as refusal:
        mark_firms(guest=asked, actor=person, wishes={})
    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE


def test_nothing_is_answered_once_the_day_is_cancelled(meet):
    cancel_day(day=meet.day, actor=meet.host)
    with pytest.raises(Refused) as refusal:
        answer_invitation(guest=meet.guests[0], actor=meet.people[0], accepts=True)
    assert refusal.value.reason == Reason.REFUSAL_INVITATION_OVER
    with pytest.raises(Refused):
        give_up_place(guest=meet.guests[0], actor=meet.people[0])
