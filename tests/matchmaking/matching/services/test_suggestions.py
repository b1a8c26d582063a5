"""Suggestions over real rows: ranked live, seen as the viewer may, recorded once shown."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import CheckState, MembershipStatus
from common.errors import Refused
from common.reasons import Reason
from matchmaking.matching.choices import Channel
from matchmaking.matching.models import Suggestion
from matchmaking.matching.services.suggestions import (
    explain_pair,
    publish_and_suggest,
    record_shown,
    suggestions_for,
)
from matchmaking.matching.tasks import record_shown_suggestions
from matchmaking.postings.choices import Operator, PriceKind, Status, Visibility
from matchmaking.postings.models import Posting
from matchmaking.postings.services.publishing import close_posting, pause_posting
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseCertificateFactory,
    EnterpriseFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.postings import PostingCertificateFactory, PostingFactory, PostingParameterFactory
from tests.factories.reference import ParameterFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def owner(need):
    return MembershipFactory(enterprise=need.enterprise).user


def numbers(matches):
    return [match.posting.number for match in matches]


def test_a_need_finds_a_capacity_and_the_capacity_finds_the_need(need, owner):
    capacity = PostingFactory(capacity=True)
    other = MembershipFactory(enterprise=capacity.enterprise).user
    one = suggestions_for(posting=need, viewer=owner)
    two = suggestions_for(posting=capacity, viewer=other)
    assert (numbers(one.matches), numbers(two.matches)) == ([capacity.number], [need.number])
    assert one.matches[0].points == two.matches[0].points == sum(part.points for part in one.matches[0].parts)
    assert one.firms == 1


def test_only_published_and_visible_postings_of_others_are_suggested(need, owner):
    PostingFactory(capacity=True, enterprise=need.enterprise)
    PostingFactory(capacity=True, draft=True)
    PostingFactory(capacity=True, paused=True)
    PostingFactory(capacity=True, enterprise=EnterpriseFactory(suspended=True))
    hidden = PostingFactory(capacity=True)
    hidden.hidden_from.add(need.enterprise)
    found = suggestions_for(posting=need, viewer=owner)
    assert (found.matches, found.near_misses, found.neighbours, found.dropped) == ((), (), (), ())


def test_what_is_hidden_from_another_firm_of_the_viewer_is_neither_shown_nor_counted(need, owner):
    second = MembershipFactory(user=owner).enterprise
    for posting in (PostingFactory(capacity=True), PostingFactory(capacity=True, quantity_amount=1)):
        posting.hidden_from.add(second)
    found = suggestions_for(posting=need, viewer=owner)
    assert (found.matches, found.near_misses, found.dropped, found.firms) == ((), (), (), 0)
    as_system = suggestions_for(posting=need, viewer=owner, system_of=need.enterprise)
    assert (len(as_system.matches), as_system.firms) == (1, 1)


def test_hiding_from_a_firm_does_not_tell_which_alias_is_its_own(need, owner):
    named = PostingFactory(capacity=True)
    alias = PostingFactory(capacity=True, enterprise=named.enterprise, visibility=Visibility.ALIAS)
    hiding = PostingFactory(enterprise=need.enterprise)
    hiding.hidden_from.add(named.enterprise)
    before, after = (suggestions_for(posting=row, viewer=owner) for row in (need, hiding))
    assert [(row.posting.number, row.more_from_firm) for row in before.matches] == [
        (posting.number, 0) for posting in sorted((named, alias), key=lambda one: one.number)
    ]
    assert (numbers(after.matches), before.firms, after.firms) == ([alias.number], 2, 1)


def test_a_row_that_has_changed_behind_the_snapshot_is_not_shown(need, owner):
    capacity = PostingFactory(capacity=True)
    assert numbers(suggestions_for(posting=need, viewer=owner).matches) == [capacity.number]
    Posting.objects.filter(pk=capacity.pk).update(status=Status.PAUSED)
    assert suggestions_for(posting=need, viewer=owner).matches == ()


def test_a_posting_published_later_is_found_at_once(need, owner):
    assert suggestions_for(posting=need, viewer=owner).matches == ()
    draft = PostingFactory(capacity=True, draft=True)
    seller = MembershipFactory(enterprise=draft.enterprise).user
    publish_and_suggest(posting=draft, actor=seller)
    assert numbers(suggestions_for(posting=need, viewer=owner).matches) == [draft.number]
    pause_posting(posting=draft, actor=seller)
    assert suggestions_for(posting=need, viewer=owner).matches == ()


def test_a_closed_posting_leaves_the_suggestions(need, owner):
    capacity = PostingFactory(capacity=True)
    seller = MembershipFactory(enterprise=capacity.enterprise).user
    assert suggestions_for(posting=need, viewer=owner).firms == 1
    close_posting(posting=capacity, actor=seller, reason=Reason.END_CAPACITY_WITHDRAWN)
    assert suggestions_for(posting=need, viewer=owner).firms == 0


@pytest.mark.parametrize(("state", "fits"), [(CheckState.CLAIMED, False), (CheckState.CHECKED, True)])
def test_only_a_checked_certificate_meets_a_must(need, owner, state, fits):
    wanted = PostingCertificateFactory(posting=need).certification
    capacity = PostingFactory(capacity=True)
    last = need.window_end + timedelta(days=1)
    EnterpriseCertificateFactory(enterprise=capacity.enterprise, certification=wanted, expires_on=last, state=state)
    pair = explain_pair(posting=need, counterpart=capacity, viewer=owner)
    assert (Reason.GAP_CERTIFICATE_MISSING in [gap.reason for gap in pair.gaps]) != fits
    assert bool(suggestions_for(posting=need, viewer=owner).matches) == fits


def test_levels_are_compared_by_their_order(need, owner):
    asil = ParameterFactory(levels=["QM", "A", "B"])
    PostingParameterFactory(posting=need, parameter=asil, number=None, level="A", operator=Operator.AT_LEAST)
    better, worse = PostingFactory(capacity=True), PostingFactory(capacity=True)
    PostingParameterFactory(posting=better, parameter=asil, number=None, level="B")
    PostingParameterFactory(posting=worse, parameter=asil, number=None, level="QM")
    found = suggestions_for(posting=need, viewer=owner)
    assert (numbers(found.matches), numbers(found.near_misses)) == ([better.number], [worse.number])


def test_an_open_price_is_matched_and_a_sealed_one_never(need, owner):
    Posting.objects.filter(pk=need.pk).update(price_kind=PriceKind.OPEN, price_max=Decimal(10))
    PostingFactory(capacity=True, price_kind=PriceKind.OPEN, price_min=Decimal(12))
    sealed = PostingFactory(capacity=True, price_kind=PriceKind.SEALED, price_min=Decimal(99))
    need.refresh_from_db()
    found = suggestions_for(posting=need, viewer=owner)
    assert numbers(found.matches) == [sealed.number]
    assert [gap.reason for gap in found.near_misses[0].gaps][:1] == [Reason.GAP_PRICE_ABOVE]


@pytest.mark.parametrize("trait", ["draft", "paused", "closed"])
def test_a_posting_that_is_not_published_has_no_suggestions(trait):
    posting = PostingFactory(**{trait: True})
    viewer = MembershipFactory(enterprise=posting.enterprise).user
    with pytest.raises(Refused) as refusal:
        suggestions_for(posting=posting, viewer=viewer)
    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE


@pytest.mark.parametrize("who", ["stranger", "former", "requested"])
def test_nobody_else_reads_them(need, who):
    viewer = UserFactory() if who == "stranger" else MembershipFactory(enterprise=need.enterprise, **{who: True}).user
    with pytest.raises(Refused) as refusal:
        suggestions_for(posting=need, viewer=viewer)
    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


def test_viewers_coordinators_and_administrators_read_them(need):
    capacity = PostingFactory(capacity=True)
    people = [
        MembershipFactory(enterprise=need.enterprise, viewer=True, status=MembershipStatus.ACTIVE).user,
        CoordinatorGrantFactory().user,
        UserFactory(platform_admin=True),
    ]
    assert [numbers(suggestions_for(posting=need, viewer=viewer).matches) for viewer in people] == [
        [capacity.number]
    ] * 3


def test_the_number_of_queries_is_small_and_does_not_grow(need, owner, django_assert_num_queries):
    PostingFactory(capacity=True)
    suggestions_for(posting=need, viewer=owner)
    for _ in range(2):
        with django_assert_num_queries(6):
            suggestions_for(posting=need, viewer=owner)
        for posting in PostingFactory.create_batch(4, capacity=True, draft=True):
            publish_and_suggest(posting=posting, actor=MembershipFactory(enterprise=posting.enterprise).user)
        assert suggestions_for(posting=need, viewer=owner).firms >= 5


def test_what_was_shown_is_recorded_once_a_channel_and_counted(need, owner):
    capacity = PostingFactory(capacity=True)
    found = suggestions_for(posting=need, viewer=owner)
    assert record_shown(posting=need, shown=found.shown, viewer=owner) == 1
    assert record_shown_suggestions.call(need.number, found.shown, viewer=owner.pk) == 1
    record_shown(posting=need, shown=found.shown, viewer=None, channel=Channel.API)
    rows = Suggestion.objects.order_by("channel").values_list(
        "counterpart", "channel", "shown_count", "position", "grade"
    )
    assert list(rows) == [
        (capacity.pk, Channel.API, 1, 1, found.matches[0].grade),
        (capacity.pk, Channel.PAGE, 2, 1, found.matches[0].grade),
    ]
    first = Suggestion.objects.get(channel=Channel.PAGE)
    assert (first.points, first.engine_version) == (found.matches[0].points, found.engine_version)
    assert first.reasons == [note.reason.value for note in found.matches[0].reasons]


def test_recording_for_a_posting_that_is_gone_does_nothing():
    assert record_shown_suggestions.call("GONE000000", [], viewer=None) == 0


def test_a_stale_posting_is_a_near_miss_with_the_hint_to_confirm(need, owner):
    PostingFactory(capacity=True, confirmed_on=timezone.localdate() - timedelta(days=61))
    miss = suggestions_for(posting=need, viewer=owner).near_misses[0]
    assert [note.reason for note in miss.hints] == [Reason.HINT_CAPACITY_CONFIRM]
