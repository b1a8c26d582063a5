"""What is put aside stays away until it is taken back."""

import pytest

from accounts.models import Change
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.matching.models import Dismissal
from matchmaking.matching.services.dismissals import dismiss_suggestion, restore_suggestion
from matchmaking.matching.services.suggestions import suggestions_for
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    need, capacity = PostingFactory(), PostingFactory(capacity=True)
    return need, capacity, MembershipFactory(enterprise=need.enterprise, editor=True).user


def test_dismissing_takes_a_counterpart_out_and_restoring_brings_it_back(pair):
    need, capacity, editor = pair
    dismiss_suggestion(posting=need, counterpart=capacity, actor=editor, reason=Reason.END_SUGGESTION_TOO_FAR)
    assert suggestions_for(posting=need, viewer=editor).matches == ()
    restore_suggestion(posting=need, counterpart=capacity, actor=editor)
    assert suggestions_for(posting=need, viewer=editor).firms == 1
    assert [change.thing for change in Change.objects.order_by("seq")] == ["dismissal", "dismissal"]


def test_dismissing_twice_keeps_one_row_and_the_later_reason(pair):
    need, capacity, editor = pair
    for reason in (Reason.END_SUGGESTION_TOO_FAR, Reason.END_SUGGESTION_SIZE):
        dismiss_suggestion(posting=need, counterpart=capacity, actor=editor, reason=reason)
    assert list(Dismissal.objects.values_list("reason", flat=True)) == ["end.suggestion.size"]


def test_the_other_side_still_sees_the_pair(pair):
    need, capacity, editor = pair
    dismiss_suggestion(posting=need, counterpart=capacity, actor=editor, reason=Reason.END_SUGGESTION_KNOWN)
    seller = MembershipFactory(enterprise=capacity.enterprise).user
    assert suggestions_for(posting=capacity, viewer=seller).firms == 1


def test_dismissing_refuses_viewers_and_strangers(pair):
    need, capacity, _ = pair
    for person in (MembershipFactory(enterprise=need.enterprise, viewer=True).user, MembershipFactory().user):
        with pytest.raises(Refused) as refusal:
            dismiss_suggestion(posting=need, counterpart=capacity, actor=person, reason=Reason.END_SUGGESTION_SIZE)
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
        with pytest.raises(Refused):
            restore_suggestion(posting=need, counterpart=capacity, actor=person)
    assert list(Dismissal.objects.all()) == []


def test_dismissing_wants_a_reason_of_its_kind_and_the_other_direction(pair):
    need, capacity, editor = pair
    with pytest.raises(Invalid) as wrong:
        dismiss_suggestion(posting=need, counterpart=capacity, actor=editor, reason=Reason.GAP_BUSY)
    assert wrong.value.fields == {"reason": Reason.REFUSAL_UNKNOWN_CODE}
    with pytest.raises(Invalid) as same:
        dismiss_suggestion(posting=need, counterpart=PostingFactory(), actor=editor, reason=Reason.END_SUGGESTION_SIZE)
    assert same.value.fields == {"counterpart": Reason.REFUSAL_SAME_DIRECTION}


def test_restoring_what_was_never_dismissed_changes_nothing(pair):
    need, capacity, editor = pair
    restore_suggestion(posting=need, counterpart=capacity, actor=editor)
    assert list(Change.objects.all()) == []
