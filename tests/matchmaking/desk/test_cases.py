"""Cases: opened, changed, handed across the border, closed; who may, and what is written down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.desk.choices import CaseAct, CaseEnd
from matchmaking.desk.models import Case
from matchmaking.desk.queries.cases import receivers_of, success_of
from matchmaking.desk.services.cases import change_case, close_case, hand_over_case, open_case
from matchmaking.insights.queries.coordination import scope_of
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.matchmaking.desk.conftest import coordinator_of

pytestmark = pytest.mark.django_db


def values(**changed):
    due_on = timezone.localdate() + timedelta(days=5)
    return {"subject": "示例：买方未答复", "department": "示例经信局", "due_on": due_on, **changed}


def opened(border, thing=None, actor=None, **changed):
    return open_case(thing=thing or border.partnership, actor=actor or border.near, **values(**changed))


def test_a_case_is_opened_changed_handed_over_and_closed_and_each_step_stays(border):
    case = opened(border)
    change_case(case=case, actor=border.near, **values(department="示例商务局"))
    hand_over_case(case=case, actor=border.near, receiver=border.far, note="示例：请联系卖方")
    close_case(case=case, actor=border.far, end=CaseEnd.SOLVED, note="示例：已签约")

    case = Case.objects.get()
    assert (case.owner, case.end, case.closed_on) == (border.far, CaseEnd.SOLVED, timezone.localdate())
    assert [event.act for event in case.events.all()] == list(CaseAct)
    assert Notice.objects.get(reader=border.far, kind=NoticeKind.CASE_HANDED).thing_key == case.key
    lines = Change.objects.filter(thing="case", thing_key=case.key)
    assert [line.verb for line in lines.order_by("seq")] == [Verb.CREATED, Verb.CHANGED, Verb.CHANGED, Verb.CLOSED]
    assert {line.enterprise_id for line in lines} == {None}


def test_receivers_are_those_whose_scope_reaches_it_the_other_province_first(border):
    case = opened(border)
    beside = coordinator_of("510104")
    coordinator_of("511000")
    MembershipFactory(enterprise=border.partnership.need.enterprise, user=CoordinatorGrantFactory().user)
    found = receivers_of(case, scope_of(border.near))
    assert [one.user for one in found] == [border.far, beside]
    assert [one.is_across for one in found] == [True, False]


@pytest.mark.parametrize("who", ["buyer", "seller", "stranger", "elsewhere"])
def test_nobody_outside_the_scope_opens_reads_or_works_on_a_case(border, who):
    case = opened(border)
    people = {"stranger": UserFactory(), "elsewhere": coordinator_of("511000")}
    user = people.get(who) or getattr(border, who)
    assert not Case.objects.visible_to(user).exists()
    for act in (
        lambda: change_case(case=case, actor=user, **values()),
        lambda: close_case(case=case, actor=user, end=CaseEnd.SOLVED, note="示例"),
        lambda: hand_over_case(case=case, actor=border.near, receiver=user, note="示例"),
        lambda: opened(border, thing=border.partnership.need, actor=user),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_a_coordinator_at_their_own_table_neither_opens_nor_sees_a_case(border):
    opened(border)
    opened(border, thing=border.partnership.need)
    MembershipFactory(enterprise=border.partnership.need.enterprise, user=border.near)
    assert not Case.objects.visible_to(border.near).exists()


def test_a_second_case_about_the_same_and_a_second_end_are_refused(border):
    case = opened(border)
    with pytest.raises(Refused) as refusal:
        opened(border, actor=border.far)
    assert refusal.value.reason == Reason.REFUSAL_ALREADY_THERE
    close_case(case=case, actor=border.near, end=CaseEnd.SOLVED, note="示例")
    with pytest.raises(Refused) as refusal:
        close_case(case=case, actor=border.far, end=CaseEnd.NO_ANSWER, note="示例")
    assert refusal.value.reason == Reason.REFUSAL_NOTHING_WAITS
    assert opened(border).pk != case.pk


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"due_on": None}, "due_on"),
        ({"due_on": timezone.localdate() - timedelta(days=1)}, "due_on"),
        ({"subject": " "}, "subject"),
        ({"department": "示" * 121}, "department"),
    ],
)
def test_what_is_missing_is_told_at_its_field(border, wrong, field):
    with pytest.raises(Invalid) as refusal:
        opened(border, **wrong)
    assert list(refusal.value.fields) == [field]
    assert not Case.objects.exists()


def test_a_case_is_not_closed_without_a_reason_and_words(border):
    case = opened(border)
    for end, note in (("", "示例"), ("nothing", "示例"), (CaseEnd.SOLVED, " ")):
        with pytest.raises(Invalid):
            close_case(case=case, actor=border.near, end=end, note=note)
    assert Case.objects.get().closed_on is None


def test_success_counts_ones_own_work(border):
    close_case(case=opened(border), actor=border.near, end=CaseEnd.SOLVED, note="示例")
    opened(border, thing=border.partnership.need)
    Case.objects.filter(closed_on=None).update(due_on=timezone.localdate() - timedelta(days=1))
    told = success_of(scope_of(border.near), border.near)
    assert (told.open_cases, told.overdue_cases, told.closed_cases, told.solved_cases) == (1, 1, 1, 1)
    assert told.days_to_close == 0
    assert success_of(scope_of(border.far), border.far).closed_cases == 0
