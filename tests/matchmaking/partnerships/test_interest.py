"""Interest from either side: what it leads to, what it refuses, whom it tells."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.matching.services.suggestions import suggestions_for
from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import declining_reasons
from matchmaking.partnerships.services.interest import (
    accept_interest,
    declare_interest,
    decline_interest,
    end_partnership,
    withdraw_interest,
)
from matchmaking.postings.models import Posting
from matchmaking.postings.services.capacity import reserve_capacity
from matchmaking.postings.services.drafting import save_draft
from reference.queries.workdays import working_day_after
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory, days_from_today
from tests.matchmaking.partnerships.talks import refusal_of

pytestmark = pytest.mark.django_db


def kinds_told(user):
    return list(Notice.objects.filter(reader=user).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("side", [Side.NEED, Side.CAPACITY])
def test_declare_interest_from_either_side_asks_the_other(need, capacity, buyer, seller, side):
    own, other, actor, told = (need, capacity, buyer, seller) if side == Side.NEED else (capacity, need, seller, buyer)
    other.answer_within_working_days = 3
    other.save()

    partnership = declare_interest(posting=own, counterpart=other, actor=actor, note=" 您好 ")

    assert (partnership.need, partnership.capacity) == (need, capacity)
    assert (partnership.state, partnership.opened_by, partnership.note) == (State.INTERESTED, side, "您好")
    assert partnership.answer_by == working_day_after(timezone.localdate(), 3)
    event = partnership.events.get()
    assert (event.act, event.side, event.actor, event.enterprise) == (
        Act.DECLARE_INTEREST,
        side,
        actor,
        own.enterprise,
    )
    assert (kinds_told(told), kinds_told(actor)) == ([NoticeKind.INTEREST_RECEIVED], [])
    assert [Posting.objects.get(pk=row.pk).open_interest_count for row in (own, other)] == [0, 1]


def test_declare_interest_is_recorded_for_both_sides_without_the_others_person(need, capacity, buyer):
    declare_interest(posting=need, counterpart=capacity, actor=buyer)

    changes = {change.enterprise: change for change in Change.objects.filter(thing="partnership")}
    assert set(changes) == {need.enterprise, capacity.enterprise}
    assert (changes[need.enterprise].actor, changes[capacity.enterprise].actor) == (buyer, None)
    assert {change.verb for change in changes.values()} == {Verb.MOVED}


def test_declare_interest_that_meets_the_others_interest_introduces(need, capacity, buyer, seller):
    first = declare_interest(posting=need, counterpart=capacity, actor=buyer)

    second = declare_interest(posting=capacity, counterpart=need, actor=seller)

    assert (second.pk, second.state) == (first.pk, State.INTRODUCED)
    assert Partnership.objects.count() == 1


def test_accept_interest_introduces_and_tells_both(need, capacity, buyer, seller):
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)

    introduced = accept_interest(partnership=partnership, actor=seller)

    assert (introduced.state, introduced.introduced_at is not None) == (State.INTRODUCED, True)
    assert list(introduced.events.values_list("act", "to_state", "side")) == [
        (Act.DECLARE_INTEREST, State.INTERESTED, Side.NEED),
        (Act.ACCEPT, State.MUTUAL, Side.CAPACITY),
        (Act.INTRODUCE, State.INTRODUCED, Side.PLATFORM),
    ]
    assert kinds_told(buyer) == [NoticeKind.INTRODUCED]
    assert kinds_told(seller) == [NoticeKind.INTEREST_RECEIVED, NoticeKind.INTRODUCED]
    assert Posting.objects.get(pk=capacity.pk).open_interest_count == 0


def test_notices_name_a_firm_under_its_alias_until_both_agreed(need, capacity, buyer, seller):
    Posting.objects.filter(pk=need.pk).update(visibility="alias")
    need.refresh_from_db()
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    received = Notice.objects.get(reader=seller)
    accept_interest(partnership=partnership, actor=seller)
    introduced = Notice.objects.get(reader=seller, kind=NoticeKind.INTRODUCED)

    assert (received.facts["name"], received.facts["title"]) == (need.enterprise.alias, capacity.title)
    assert introduced.facts["name"] == need.enterprise.name
    assert (received.route, received.thing_key) == ("web:partnerships:detail", partnership.key)


@pytest.mark.parametrize("reason", declining_reasons())
def test_decline_interest_tells_the_reason(need, capacity, buyer, seller, reason):
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)

    declined = decline_interest(partnership=partnership, actor=seller, reason=reason)

    assert (declined.state, declined.end_reason) == (State.FAILED, reason.value)
    notice = Notice.objects.get(reader=buyer)
    assert (notice.kind, notice.facts["reason"]) == (NoticeKind.INTEREST_DECLINED, reason.value)
    assert Posting.objects.get(pk=capacity.pk).open_interest_count == 0


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("", Reason.REFUSAL_REQUIRED),
        ("end.need.none_suitable", Reason.REFUSAL_UNKNOWN_CODE),
        ("end.partnership.no_answer", Reason.REFUSAL_UNKNOWN_CODE),
        ("nonsense", Reason.REFUSAL_UNKNOWN_CODE),
    ],
)
def test_decline_interest_takes_only_its_own_reasons(reason, told):
    partnership = PartnershipFactory()
    actor = MembershipFactory(enterprise=partnership.capacity.enterprise).user

    with pytest.raises(Invalid) as refusal:
        decline_interest(partnership=partnership, actor=actor, reason=reason)

    assert refusal.value.fields == {"reason": told}
    partnership.refresh_from_db()
    assert partnership.state == State.INTERESTED


def test_withdraw_interest_gives_the_place_back(need, capacity, buyer, seller):
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)

    withdrawn = withdraw_interest(partnership=partnership, actor=buyer)

    assert (withdrawn.state, withdrawn.end_reason) == (State.FAILED, Reason.END_PARTNERSHIP_WITHDRAWN.value)
    assert Posting.objects.get(pk=capacity.pk).open_interest_count == 0
    assert declare_interest(posting=need, counterpart=capacity, actor=buyer).state == State.INTERESTED


def test_end_partnership_tells_the_other_side(need, capacity, buyer, seller):
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    accept_interest(partnership=partnership, actor=seller)

    end_partnership(partnership=partnership, actor=seller, reason=Reason.END_PARTNERSHIP_TIME)

    assert kinds_told(buyer)[-1] == NoticeKind.PARTNERSHIP_ENDED
    assert NoticeKind.PARTNERSHIP_ENDED not in kinds_told(seller)


def test_declare_interest_refuses_somebody_elses_posting(need, capacity, seller):
    assert refusal_of(posting=need, counterpart=capacity, actor=seller) == Reason.REFUSAL_NOT_YOURS


def test_declare_interest_refuses_viewers(need, capacity):
    viewer = MembershipFactory(enterprise=need.enterprise, viewer=True).user
    assert refusal_of(posting=need, counterpart=capacity, actor=viewer) == Reason.REFUSAL_NOT_YOURS


def test_declare_interest_refuses_ones_own_posting(need, buyer):
    own = PostingFactory(capacity=True, enterprise=need.enterprise)
    assert refusal_of(posting=need, counterpart=own, actor=buyer) == Reason.REFUSAL_OWN_POSTING


def test_declare_interest_refuses_the_same_direction(need, buyer):
    assert refusal_of(posting=need, counterpart=PostingFactory(), actor=buyer) == Reason.REFUSAL_SAME_DIRECTION


@pytest.mark.parametrize("side", ["own", "other"])
def test_declare_interest_refuses_a_suspended_firm(need, capacity, buyer, side):
    firm = need.enterprise if side == "own" else capacity.enterprise
    firm.suspended_at = timezone.now()
    firm.save()
    assert refusal_of(posting=need, counterpart=capacity, actor=buyer) == Reason.REFUSAL_SUSPENDED


@pytest.mark.parametrize("state", ["draft", "paused", "closed", "expired", "in_review"])
def test_declare_interest_refuses_an_own_posting_that_is_not_published(capacity, state):
    own = PostingFactory(**{state: True})
    actor = MembershipFactory(enterprise=own.enterprise).user
    assert refusal_of(posting=own, counterpart=capacity, actor=actor) == Reason.REFUSAL_WRONG_STATE


@pytest.mark.parametrize("state", ["draft", "paused", "closed", "expired", "in_review"])
def test_declare_interest_refuses_what_the_reader_may_not_see(need, buyer, state):
    unseen = PostingFactory(capacity=True, **{state: True})
    assert refusal_of(posting=need, counterpart=unseen, actor=buyer) == Reason.REFUSAL_NOT_YOURS


def test_declare_interest_refuses_a_posting_hidden_from_the_firm(need, capacity, buyer):
    capacity.hidden_from.add(need.enterprise)
    assert refusal_of(posting=need, counterpart=capacity, actor=buyer) == Reason.REFUSAL_NOT_YOURS


def test_declare_interest_refuses_to_show_what_one_hides(need, capacity, buyer):
    need.hidden_from.add(capacity.enterprise)
    assert refusal_of(posting=need, counterpart=capacity, actor=buyer) == Reason.REFUSAL_HIDDEN_FROM


def test_declare_interest_toward_an_alias_never_tells_that_it_is_a_firm_one_hides_from(need, buyer):
    alias = PostingFactory(capacity=True, visibility="alias")
    need.hidden_from.add(alias.enterprise)
    seller = MembershipFactory(enterprise=alias.enterprise).user

    partnership = declare_interest(posting=need, counterpart=alias, actor=buyer)

    assert (partnership.state, kinds_told(seller)) == (State.INTERESTED, [NoticeKind.INTEREST_RECEIVED])
    assert list(need.hidden_from.all()) == [alias.enterprise]
    assert not Posting.objects.visible_to(seller).filter(pk=need.pk).exists()
    assert accept_interest(partnership=partnership, actor=seller).state == State.INTRODUCED


def test_declare_interest_refuses_a_window_that_is_over(need, buyer):
    over = PostingFactory(capacity=True, window_start=days_from_today(-9), window_end=days_from_today(-1))
    assert refusal_of(posting=need, counterpart=over, actor=buyer) == Reason.REFUSAL_WINDOW_PAST


def test_declare_interest_twice_counts_once(need, capacity, buyer):
    declare_interest(posting=need, counterpart=capacity, actor=buyer)
    assert refusal_of(posting=need, counterpart=capacity, actor=buyer) == Reason.REFUSAL_ALREADY_THERE
    assert Posting.objects.get(pk=capacity.pk).open_interest_count == 1


def test_declare_interest_again_after_a_decline_waits_for_a_change(need, capacity, buyer, seller):
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    decline_interest(partnership=partnership, actor=seller, reason=Reason.END_PARTNERSHIP_PRICE)

    assert refusal_of(posting=need, counterpart=capacity, actor=buyer) == Reason.REFUSAL_DECLINED_BEFORE
    save_draft(actor=buyer, posting=need, values={"text": "示例：改用镀锌件"})

    assert declare_interest(posting=need, counterpart=capacity, actor=buyer).state == State.INTERESTED


def test_what_the_platform_writes_into_a_posting_opens_no_declined_pair(need, capacity, buyer, seller):
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    decline_interest(partnership=partnership, actor=seller, reason=Reason.END_PARTNERSHIP_PRICE)

    reserve_capacity(posting=capacity, amount=Decimal(1), days=(timezone.localdate(), timezone.localdate()))
    save_draft(actor=buyer, posting=need, values={"external_key": "A-7", "contact_person": "示例"})

    assert refusal_of(posting=need, counterpart=capacity, actor=buyer) == Reason.REFUSAL_DECLINED_BEFORE


@pytest.mark.parametrize("changes", ["need", "capacity"])
def test_a_declined_pair_is_suggested_to_neither_side_until_one_posting_says_something_else(changes):
    need = PostingFactory()
    capacity = PostingFactory(capacity=True, node=need.node)
    buyer = MembershipFactory(enterprise=need.enterprise).user
    seller = MembershipFactory(enterprise=capacity.enterprise).user

    def suggested():
        return [
            len(suggestions_for(posting=one, viewer=user).matches) for one, user in ((need, buyer), (capacity, seller))
        ]

    assert suggested() == [1, 1]
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    decline_interest(partnership=partnership, actor=seller, reason=Reason.END_PARTNERSHIP_PRICE)
    assert suggested() == [0, 0]

    posting, actor = {"need": (need, buyer), "capacity": (capacity, seller)}[changes]
    save_draft(actor=actor, posting=posting, values={"text": "示例：改用镀锌件"})
    assert suggested() == [1, 1]


def test_declare_interest_toward_who_was_declined_is_open(need, capacity, buyer, seller):
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    decline_interest(partnership=partnership, actor=seller, reason=Reason.END_PARTNERSHIP_PRICE)

    assert declare_interest(posting=capacity, counterpart=need, actor=seller).opened_by == Side.CAPACITY


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("电话 13800001111", Reason.REFUSAL_CONTACT_IN_TEXT),
        ("write to me@example.com", Reason.REFUSAL_CONTACT_IN_TEXT),
        ("长" * 501, Reason.REFUSAL_TOO_LONG),
    ],
)
def test_a_note_holds_no_contact_data_and_is_short(need, capacity, buyer, note, reason):
    with pytest.raises(Invalid) as refusal:
        declare_interest(posting=need, counterpart=capacity, actor=buyer, note=note)

    assert refusal.value.fields == {"note": reason}
    assert Partnership.objects.count() == 0


@pytest.mark.parametrize("side", ["need", "capacity"])
def test_accept_interest_refuses_a_posting_changed_since_unless_it_was_seen(need, capacity, buyer, seller, side):
    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    changed = need if side == "need" else capacity
    Posting.objects.filter(pk=changed.pk).update(version=changed.version + 1, quantity_amount=1)
    seen = tuple(Posting.objects.get(pk=posting.pk).version for posting in (need, capacity))

    for outdated in (None, (need.version, capacity.version), (seen[0] + 1, seen[1])):
        with pytest.raises(Refused) as refusal:
            accept_interest(partnership=partnership, actor=seller, seen=outdated)
        assert refusal.value.reason == Reason.REFUSAL_POSTING_CHANGED
    with pytest.raises(Refused) as refusal:
        declare_interest(posting=capacity, counterpart=need, actor=seller)
    assert refusal.value.reason == Reason.REFUSAL_POSTING_CHANGED

    assert accept_interest(partnership=partnership, actor=seller, seen=seen).state == State.INTRODUCED


def test_declare_interest_again_keeps_the_versions_of_today(need, capacity, buyer, seller):
    withdraw_interest(partnership=declare_interest(posting=need, counterpart=capacity, actor=buyer), actor=buyer)
    Posting.objects.filter(pk=need.pk).update(version=7)

    partnership = declare_interest(posting=need, counterpart=capacity, actor=buyer)

    assert (partnership.need_version, partnership.capacity_version) == (7, capacity.version)
    assert accept_interest(partnership=partnership, actor=seller).state == State.INTRODUCED


@pytest.mark.parametrize("state", ["closed", "expired"])
def test_accept_interest_refuses_when_a_posting_is_over(state):
    partnership = PartnershipFactory(need=PostingFactory(**{state: True}))
    actor = MembershipFactory(enterprise=partnership.capacity.enterprise).user

    with pytest.raises(Refused) as refusal:
        accept_interest(partnership=partnership, actor=actor)

    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE
