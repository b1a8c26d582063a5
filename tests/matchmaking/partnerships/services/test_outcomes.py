"""Outcomes: confirmed by two, disputed by two, never won by one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Enterprise, Notice
from accounts.services.changes import last_change_number
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.matching.services.snapshots import changes_since, touched_by
from matchmaking.partnerships.choices import Act, Answer, OutcomeState, State
from matchmaking.partnerships.models import Outcome
from matchmaking.partnerships.queries.deal import Plan
from matchmaking.partnerships.services.agreeing import propose_agreement
from matchmaking.partnerships.services.delivering import accept_delivery, deliver
from matchmaking.partnerships.services.interest import end_partnership
from matchmaking.partnerships.services.outcomes import (
    follow_outcomes,
    release_outcome,
    state_outcome,
    suggest_outcome,
)
from matchmaking.partnerships.services.sampling import move_sample
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.months import most_agreed
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import agreement_terms, talks

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    found = talks()
    found.agree()
    return found


def say(pair, actor, answer=Answer.YES, amount=None, **more):
    return state_outcome(
        partnership=pair.now,
        actor=actor,
        answer=answer,
        delivered_amount=None if amount is None else Decimal(amount),
        **more,
    )


def confirmed_counts(pair):
    firms = (pair.now.need.enterprise_id, pair.now.capacity.enterprise_id)
    return list(Enterprise.objects.filter(pk__in=firms).values_list("confirmed_outcomes", flat=True))


def test_one_side_alone_confirms_nothing(pair):
    say(pair, pair.buyer, amount=1000)
    outcome = Outcome.objects.get()
    assert (outcome.state, pair.now.state, confirmed_counts(pair)) == (OutcomeState.OPEN, State.AGREED, [0, 0])
    assert Notice.objects.get(reader=pair.seller, kind=NoticeKind.OUTCOME_STATED)


@pytest.mark.parametrize(("theirs", "state"), [(1000, "confirmed"), (900, "confirmed"), (899, "disputed")])
def test_two_yes_within_a_tenth_confirm_the_lower_amount(pair, theirs, state):
    say(pair, pair.buyer, amount=1000)
    say(pair, pair.seller, amount=theirs)

    outcome = Outcome.objects.get()
    assert outcome.state == state
    if state == "confirmed":
        assert (outcome.confirmed_amount, outcome.confirmed_on) == (theirs, timezone.localdate())
        assert (pair.now.state, confirmed_counts(pair)) == (State.COMPLETED, [1, 1])
        assert most_agreed(Posting.objects.get(pk=pair.now.capacity.pk)) == 0
    else:
        assert (pair.now.state, confirmed_counts(pair)) == (State.AGREED, [0, 0])
        assert Notice.objects.filter(kind=NoticeKind.OUTCOME_DISPUTED).count() == 2


def test_the_ranking_hears_of_a_confirmed_outcome(pair):
    say(pair, pair.buyer, amount=1000)
    before = last_change_number()
    say(pair, pair.seller, amount=1000)
    assert {pair.now.need.number, pair.now.capacity.number} <= touched_by(changes_since(before))


def test_of_a_stock_what_was_delivered_stays_off_what_is_left():
    pair = talks(PartnershipFactory(introduced=True, capacity=PostingFactory(capacity=True, period="once")))
    pair.agree(period="once")
    say(pair, pair.buyer, amount=6000)
    say(pair, pair.seller, amount=6000)
    assert most_agreed(Posting.objects.get(pk=pair.now.capacity.pk)) == 6000


def test_ending_a_stock_after_deliveries_frees_what_is_left_alone():
    pair = talks(PartnershipFactory(introduced=True, capacity=PostingFactory(capacity=True, period="once")))
    day = timezone.localdate()
    agreement = propose_agreement(
        partnership=pair.now,
        actor=pair.buyer,
        terms=agreement_terms(pair.partnership, period="once"),
        plan=[Plan("示例首批", day, Decimal(3000)), Plan("示例次批", day, Decimal(5000))],
    )
    pair.sign(agreement)
    deliver(partnership=pair.now, milestone=agreement.milestones.numbered().first().number, actor=pair.seller)
    end_partnership(partnership=pair.now, actor=pair.buyer, reason=Reason.END_PARTNERSHIP_TIME)
    assert most_agreed(Posting.objects.get(pk=pair.now.capacity.pk)) == 3000
    assert Outcome.objects.get().state == OutcomeState.ENDED


def test_an_amendment_keeps_deliveries_booked_and_forgets_earlier_statements():
    pair = talks(PartnershipFactory(introduced=True, capacity=PostingFactory(capacity=True, period="once")))
    first = pair.agree(period="once")
    deliver(partnership=pair.now, milestone=first.milestones.numbered().get().number, actor=pair.seller)
    say(pair, pair.buyer, amount=8000)
    pair.agree(period="once", quantity_amount=Decimal(100))

    assert most_agreed(Posting.objects.get(pk=pair.now.capacity.pk)) == 8000
    say(pair, pair.seller, amount=8000)
    assert Outcome.objects.get().state == OutcomeState.OPEN
    carried = pair.now.agreements.get(version=2).milestones.numbered().get(delivered_on__isnull=False)
    accept_delivery(partnership=pair.now, milestone=carried.number, actor=pair.buyer)


def test_nobody_leaves_a_dispute_by_ending_it(pair):
    say(pair, pair.buyer, amount=1)
    say(pair, pair.seller, amount=1000)
    with pytest.raises(Refused) as refusal:
        end_partnership(partnership=pair.now, actor=pair.seller, reason=Reason.END_PARTNERSHIP_TIME)
    assert refusal.value.reason == Reason.REFUSAL_DISPUTED


def test_two_not_yet_are_reminded_as_silence_is(pair):
    asked = pair.now.agreements.get().ends_on + timedelta(days=1)
    for actor in (pair.buyer, pair.seller):
        say(pair, actor, Answer.NOT_YET)
    follow_outcomes(on=asked)
    assert follow_outcomes(on=asked + timedelta(days=8))["reminded"] == 1
    assert Notice.objects.filter(kind=NoticeKind.OUTCOME_ASKED).count() == 4


def test_two_failures_end_it_and_free_the_capacity(pair):
    for actor in (pair.buyer, pair.seller):
        say(pair, actor, Answer.FAILED, reason=Reason.END_PARTNERSHIP_NOT_DELIVERED)
    assert (Outcome.objects.get().state, pair.now.state) == (OutcomeState.FAILED, State.FAILED)
    assert pair.now.end_reason == "end.partnership.not_delivered"
    assert most_agreed(Posting.objects.get(pk=pair.now.capacity.pk)) == 0


def test_a_yes_against_a_failure_is_disputed_and_settled_by_both_on_a_coordinators_word(pair):
    say(pair, pair.buyer, Answer.FAILED, reason=Reason.END_PARTNERSHIP_QUALITY)
    say(pair, pair.seller, amount=1000)
    assert Outcome.objects.get().state == OutcomeState.DISPUTED
    for stranger in (pair.buyer, UserFactory()):
        with pytest.raises(Refused):
            suggest_outcome(partnership=pair.now, actor=stranger, amount=Decimal(500), note="示例说明")

    coordinator = UserFactory(platform_admin=True)
    with pytest.raises(Invalid):
        suggest_outcome(partnership=pair.now, actor=coordinator, amount=Decimal(500), note=" ")
    suggest_outcome(partnership=pair.now, actor=coordinator, amount=Decimal(500), note="示例：验收 500 件")
    assert pair.now.state == State.AGREED
    assert Notice.objects.filter(kind=NoticeKind.OUTCOME_SUGGESTED).count() == 2
    for actor in (pair.buyer, pair.seller):
        say(pair, actor, amount=500)
    assert (Outcome.objects.get().confirmed_amount, pair.now.state) == (500, State.COMPLETED)
    assert confirmed_counts(pair) == [1, 1]


def test_not_yet_keeps_it_open(pair):
    say(pair, pair.buyer, Answer.NOT_YET)
    say(pair, pair.seller, amount=1000)
    assert Outcome.objects.get().state == OutcomeState.OPEN


@pytest.mark.parametrize(
    ("answer", "more", "field"),
    [
        (Answer.YES, {}, "delivered_amount"),
        (Answer.FAILED, {}, "reason"),
        (Answer.FAILED, {"reason": "end.partnership.no_answer"}, "reason"),
        ("perhaps", {}, "answer"),
        (Answer.YES, {"amount": -1}, "delivered_amount"),
        (Answer.YES, {"amount": 0}, "delivered_amount"),
        (Answer.YES, {"amount": 1, "value_band": "much"}, "value_band"),
    ],
)
def test_an_answer_that_does_not_fit_is_named(pair, answer, more, field):
    with pytest.raises(Invalid) as refusal:
        say(pair, pair.buyer, answer, **more)
    assert set(refusal.value.fields) == {field}


def test_time_asks_reminds_and_ends_it_unconfirmed_never_won(pair):
    last = pair.now.agreements.get().ends_on
    say(pair, pair.buyer, amount=1000)
    assert follow_outcomes(on=last) == {"asked": 0, "reminded": 0, "ended": 0}
    asked = last + timedelta(days=1)
    assert follow_outcomes(on=asked)["asked"] == 1
    assert follow_outcomes(on=asked) == {"asked": 0, "reminded": 0, "ended": 0}
    assert Notice.objects.filter(kind=NoticeKind.OUTCOME_ASKED).count() == 2

    assert follow_outcomes(on=asked + timedelta(days=7))["reminded"] == 1
    silent = Notice.objects.filter(kind=NoticeKind.OUTCOME_ASKED, reader=pair.seller)
    assert (silent.count(), Notice.objects.filter(kind=NoticeKind.OUTCOME_ASKED, reader=pair.buyer).count()) == (2, 1)

    due = Outcome.objects.get().due_on
    assert follow_outcomes(on=due)["ended"] == 0
    assert follow_outcomes(on=due + timedelta(days=1))["ended"] == 1
    assert follow_outcomes(on=due + timedelta(days=1))["ended"] == 0
    assert (Outcome.objects.get().state, pair.now.state) == (OutcomeState.UNCONFIRMED, State.FAILED)
    assert pair.now.end_reason == "end.partnership.unconfirmed"
    assert confirmed_counts(pair) == [0, 0]


def test_a_confirmed_outcome_is_public_when_both_release_it(pair):
    for actor in (pair.buyer, pair.seller):
        say(pair, actor, amount=1000)
    viewer = MembershipFactory(enterprise=pair.now.need.enterprise, viewer=True).user
    with pytest.raises(Refused):
        release_outcome(partnership=pair.now, actor=viewer, enterprise=pair.now.need.enterprise, is_public=True)
    for actor, firm, public in (
        (pair.buyer, pair.now.need.enterprise, False),
        (pair.seller, pair.now.capacity.enterprise, True),
    ):
        outcome = release_outcome(partnership=pair.now, actor=actor, enterprise=firm, is_public=True)
        assert outcome.is_public is public


def test_deliveries_are_made_and_accepted_by_their_sides(pair):
    milestone = pair.now.agreements.get().milestones.numbered().get()
    with pytest.raises(Refused):
        accept_delivery(partnership=pair.now, milestone=milestone.number, actor=pair.buyer)
    with pytest.raises(Refused):
        deliver(partnership=pair.now, milestone=milestone.number, actor=pair.buyer)
    other = talks()
    other.agree()
    with pytest.raises(Refused):
        deliver(partnership=pair.now, milestone=2, actor=pair.seller)

    deliver(partnership=pair.now, milestone=milestone.number, actor=pair.seller)
    assert pair.now.state == State.DELIVERING
    accept_delivery(partnership=pair.now, milestone=milestone.number, actor=pair.buyer)
    milestone.refresh_from_db()
    assert milestone.accepted_on == timezone.localdate()


def test_a_sample_goes_its_way_step_by_step():
    pair = talks()
    steps = [
        (Act.ASK_SAMPLE, pair.buyer, State.SAMPLING),
        (Act.SEND_SAMPLE, pair.seller, State.SAMPLING),
        (Act.RECEIVE_SAMPLE, pair.buyer, State.SAMPLING),
        (Act.PASS_SAMPLE, pair.buyer, State.QUOTING),
    ]
    for place, (act, actor, state) in enumerate(steps):
        for later, other, _state in steps[place + 1 :]:
            with pytest.raises(Refused):
                move_sample(partnership=pair.now, actor=other, act=later)
        move_sample(partnership=pair.now, actor=actor, act=act, note="示例图纸 C 版")
        assert pair.now.state == state
    assert Notice.objects.filter(kind=NoticeKind.SAMPLE_MOVED).count() == len(steps)


def test_a_sample_that_failed_says_why():
    pair = talks()
    for act, actor in ((Act.ASK_SAMPLE, pair.buyer), (Act.SEND_SAMPLE, pair.seller)):
        move_sample(partnership=pair.now, actor=actor, act=act)
    with pytest.raises(Invalid):
        move_sample(partnership=pair.now, actor=pair.buyer, act=Act.FAIL_SAMPLE)
    move_sample(partnership=pair.now, actor=pair.buyer, act=Act.FAIL_SAMPLE, note="示例：壁厚超差")
    assert pair.now.state == State.QUOTING
