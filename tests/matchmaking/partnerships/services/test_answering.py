"""More time for an answer, reminders before it, and the next firm after a silence."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Notice
from common.errors import Invalid
from common.reasons import Reason
from matchmaking.partnerships.choices import Act, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.answering import next_match, remind_of_answers, snooze_interest
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.partnerships.services.lapsing import end_overdue_interests
from matchmaking.postings.models import Posting
from reference.queries.workdays import working_day_after
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def asked(**row):
    partnership = PartnershipFactory(**row)
    buyer = MembershipFactory(enterprise=partnership.need.enterprise).user
    seller = MembershipFactory(enterprise=partnership.capacity.enterprise).user
    return partnership, buyer, seller


def kinds_told(user):
    return list(Notice.objects.filter(reader=user).order_by("pk").values_list("kind", flat=True))


def test_an_answer_is_put_off_and_who_asked_reads_until_when():
    partnership, buyer, seller = asked()
    until = timezone.localdate() + timedelta(days=9)

    row = snooze_interest(partnership=partnership, actor=seller, until=until)

    assert (row.state, row.snoozed_until, row.answer_by) == (State.INTERESTED, until, working_day_after(until, 1))
    event = row.events.get()
    assert (event.act, event.actor, event.note) == (Act.SNOOZE, seller, until.isoformat())
    assert (kinds_told(buyer), kinds_told(seller)) == ([NoticeKind.INTEREST_SNOOZED], [])


@pytest.mark.parametrize(
    ("days", "reason"),
    [(0, Reason.REFUSAL_DAY_NOT_AHEAD), (-1, Reason.REFUSAL_DAY_NOT_AHEAD), (31, Reason.REFUSAL_DAY_TOO_FAR)],
)
def test_an_answer_is_put_off_to_a_day_ahead_within_a_month_of_the_interest(days, reason):
    partnership, _buyer, seller = asked()

    with pytest.raises(Invalid) as refusal:
        snooze_interest(partnership=partnership, actor=seller, until=timezone.localdate() + timedelta(days=days))

    assert refusal.value.fields == {"until": reason}
    assert Partnership.objects.get().snoozed_until is None


def test_putting_off_again_does_not_reach_beyond_a_month_after_the_interest():
    need, capacity = PostingFactory(), PostingFactory(capacity=True)
    buyer = MembershipFactory(enterprise=need.enterprise).user
    seller = MembershipFactory(enterprise=capacity.enterprise).user
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    partnership.events.update(happened_at=timezone.now() - timedelta(days=20))
    today = timezone.localdate()

    snooze_interest(partnership=partnership, actor=seller, until=today + timedelta(days=10))
    with pytest.raises(Invalid):
        snooze_interest(partnership=partnership, actor=seller, until=today + timedelta(days=11))


def test_who_was_asked_is_reminded_the_working_day_before_and_on_the_day_once_each():
    partnership, buyer, seller = asked(answer_by=MONDAY + timedelta(days=2))

    told = []
    for day in (0, 1, 1, 2, 2, 3):
        remind_of_answers(on=MONDAY + timedelta(days=day))
        told.append(len(kinds_told(seller)))

    assert told == [0, 1, 1, 2, 2, 2]
    assert (set(kinds_told(seller)), kinds_told(buyer)) == ({NoticeKind.ANSWER_DUE}, [])


def test_reminders_leave_weekends_and_answers_that_were_put_off_alone():
    asked(answer_by=MONDAY)
    asked(answer_by=MONDAY, snoozed_until=MONDAY - timedelta(days=1))

    assert [remind_of_answers(on=MONDAY - timedelta(days=days)) for days in (4, 3, 0)] == [0, 1, 2]


def two_capacities():
    """A need and two capacities that fit it, the first asked in vain."""
    need = PostingFactory()
    first, second = (PostingFactory(capacity=True, node=need.node) for _ in range(2))
    buyer = MembershipFactory(enterprise=need.enterprise).user
    MembershipFactory(enterprise=first.enterprise)
    partnership = declare_interest(posting=need, counterpart=first, actor=buyer)
    return partnership, second, buyer


def test_at_the_limit_the_request_closes_itself_and_who_asked_is_offered_the_next_firm():
    partnership, second, buyer = two_capacities()
    Partnership.objects.update(answer_by=timezone.localdate() - timedelta(days=1))

    assert end_overdue_interests() == 1

    notice = Notice.objects.get(reader=buyer)
    assert (notice.kind, notice.route, notice.facts["next"]) == (
        NoticeKind.INTEREST_LAPSED,
        "web:partnerships:next",
        second.title,
    )
    other = Notice.objects.exclude(reader=buyer).latest("pk")
    assert (other.kind, other.route, "next" in other.facts) == (
        NoticeKind.INTEREST_LAPSED,
        "web:partnerships:detail",
        False,
    )
    panel = next_match(partnership=Partnership.objects.get(), viewer=buyer)
    assert [card.posting for card in panel.cards] == [second]


def test_nobody_is_offered_twice_and_nothing_for_a_need_that_is_over():
    partnership, second, buyer = two_capacities()
    declare_interest(posting=partnership.need, counterpart=second, actor=buyer)
    assert next_match(partnership=partnership, viewer=buyer) is None

    Posting.objects.filter(pk=partnership.need_id).update(status="closed")
    assert next_match(partnership=Partnership.objects.get(pk=partnership.pk)) is None
