"""Quotes: made, replaced, limited, marked after a change, confirmed, refused, sealed until the deadline."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import QuoteState, RfqState, State
from matchmaking.partnerships.models import Quote, Rfq
from matchmaking.partnerships.queries.deal import MOST_QUOTES
from matchmaking.partnerships.services.agreeing import sign_agreement
from matchmaking.partnerships.services.interest import end_partnership
from matchmaking.partnerships.services.quoting import (
    ask_for_quotes,
    close_rfq,
    confirm_quote,
    lapse_quotes,
    refuse_quote,
    review_quotes,
    withdraw_quote,
)
from matchmaking.postings.services.drafting import save_draft
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.factories.reference import UnitFactory
from tests.matchmaking.partnerships.talks import quote_terms, talks

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


def told(user):
    return list(Notice.objects.filter(reader=user).order_by("pk").values_list("kind", flat=True))


def test_a_quote_moves_the_talks_and_is_told_to_the_buyer_without_its_price():
    pair = talks()
    quote = pair.quote()

    assert pair.now.state == State.QUOTING
    assert (quote.state, quote.total) == (QuoteState.OPEN, Decimal("100000.00"))
    notice = Notice.objects.get(reader=pair.buyer)
    assert notice.kind == NoticeKind.QUOTE_RECEIVED
    assert "12.5" not in str(notice.facts)


def test_the_next_quote_replaces_the_one_that_stands():
    pair = talks()
    first, second = pair.quote(), pair.quote(unit_price=Decimal(12))

    first.refresh_from_db()
    assert (first.state, second.state) == (QuoteState.REPLACED, QuoteState.OPEN)
    assert told(pair.buyer) == [NoticeKind.QUOTE_RECEIVED] * 2


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("quantity_amount", Decimal(0), None),
        ("quantity_amount", Decimal(10) ** 13, None),
        ("unit_price", Decimal(-1), None),
        ("tax_rate", Decimal(101), None),
        ("valid_until", timezone.localdate() - TOMORROW, Reason.REFUSAL_WINDOW_PAST),
    ],
)
def test_values_that_do_not_fit_are_named_and_nothing_is_left(field, value, reason):
    pair = talks()
    with pytest.raises(Invalid) as refusal:
        pair.quote(**{field: value})

    assert set(refusal.value.fields) == {field}
    assert reason is None or refusal.value.fields[field] == reason
    assert (Quote.objects.count(), pair.now.state) == (0, State.INTRODUCED)


def test_a_unit_that_measures_something_else_is_refused():
    pair = talks()
    with pytest.raises(Invalid) as refusal:
        pair.quote(unit=UnitFactory(code="XKG"))
    assert refusal.value.fields == {"unit": Reason.REFUSAL_UNIT_OTHER}


def test_ten_quotes_stand_on_one_need_and_the_eleventh_is_refused():
    need = PostingFactory()
    pairs = [talks(PartnershipFactory(introduced=True, need=need)) for _ in range(MOST_QUOTES + 1)]
    for pair in pairs[:MOST_QUOTES]:
        pair.quote()
    with pytest.raises(Refused) as refusal:
        pairs[-1].quote()
    assert refusal.value.reason == Reason.REFUSAL_TOO_MANY_QUOTES

    withdraw_quote(partnership=pairs[0].now, actor=pairs[0].seller)
    pairs[-1].quote()


@pytest.mark.parametrize(
    "changed", [{"quantity": Decimal(9000)}, {"window_end": timezone.localdate() + timedelta(days=99)}]
)
def test_a_changed_need_asks_the_makers_of_its_quotes_to_confirm(changed):
    pair = talks()
    quote, other = pair.quote(), talks()
    other.quote()
    need = pair.now.need
    save_draft(actor=pair.buyer, posting=need, values=changed)

    assert review_quotes(numbers=[need.number, other.now.need.number]) == 1
    assert review_quotes(numbers=[need.number]) == 0
    quote.refresh_from_db()
    assert quote.state == QuoteState.UNSURE
    assert told(pair.seller) == [NoticeKind.QUOTE_UNSURE]

    confirm_quote(partnership=pair.now, actor=pair.seller)
    quote.refresh_from_db()
    assert quote.state == QuoteState.OPEN
    assert review_quotes(numbers=[need.number]) == 0


def test_a_title_that_changes_leaves_the_quotes_alone():
    pair = talks()
    pair.quote()
    save_draft(actor=pair.buyer, posting=pair.now.need, values={"title": "示例改过的标题"})
    assert review_quotes(numbers=[pair.now.need.number]) == 0


def test_a_refused_quote_is_told_with_its_reason_and_may_come_again():
    pair = talks()
    quote = pair.quote()
    refuse_quote(partnership=pair.now, actor=pair.buyer, reason=Reason.END_PARTNERSHIP_PRICE)

    quote.refresh_from_db()
    assert (quote.state, quote.end_reason) == (QuoteState.REFUSED, "end.partnership.price")
    assert told(pair.seller) == [NoticeKind.QUOTE_REFUSED]
    pair.quote(unit_price=Decimal(11))


def test_each_act_on_a_quote_is_its_sides_alone():
    pair = talks()
    pair.quote()
    for act, actor in ((withdraw_quote, pair.buyer), (confirm_quote, pair.buyer)):
        with pytest.raises(Refused) as refusal:
            act(partnership=pair.now, actor=actor)
        assert refusal.value.reason == Reason.REFUSAL_OTHER_SIDE
    with pytest.raises(Refused) as refusal:
        refuse_quote(partnership=pair.now, actor=pair.seller, reason=Reason.END_PARTNERSHIP_PRICE)
    assert refusal.value.reason == Reason.REFUSAL_OTHER_SIDE


def test_quotes_end_with_their_day_and_with_the_talks():
    late, ended = talks(), talks()
    quote = late.quote()
    gone = ended.quote()
    assert lapse_quotes(on=quote.valid_until) == 0
    end_partnership(partnership=ended.now, actor=ended.buyer, reason=Reason.END_PARTNERSHIP_PRICE)
    assert lapse_quotes(on=quote.valid_until + TOMORROW) == 1
    for one in (quote, gone):
        one.refresh_from_db()
        assert one.state == QuoteState.LAPSED


def test_a_request_takes_quotes_until_its_deadline(monkeypatch):
    pair = talks()
    rfq = ask_for_quotes(needs=[pair.now.need], actor=pair.buyer, due_at=timezone.now() + TOMORROW)
    assert told(pair.seller) == [NoticeKind.QUOTE_ASKED]
    pair.quote()

    Rfq.objects.filter(pk=rfq.pk).update(due_at=timezone.now() - TOMORROW)
    with pytest.raises(Refused) as refusal:
        pair.quote()
    assert refusal.value.reason == Reason.REFUSAL_DEADLINE_OVER


def test_a_need_stands_in_one_open_request_and_of_ones_own_firm_only():
    pair, stranger = talks(), talks()
    due = timezone.now() + TOMORROW
    rfq = ask_for_quotes(needs=[pair.now.need], actor=pair.buyer, due_at=due)
    with pytest.raises(Refused) as refusal:
        ask_for_quotes(needs=[pair.now.need], actor=pair.buyer, due_at=due)
    assert refusal.value.reason == Reason.REFUSAL_IN_REQUEST
    with pytest.raises(Refused):
        ask_for_quotes(needs=[pair.now.need, stranger.now.need], actor=pair.buyer, due_at=due)
    with pytest.raises(Refused):
        close_rfq(rfq=rfq, actor=stranger.buyer)

    assert close_rfq(rfq=rfq, actor=pair.buyer).state == RfqState.CLOSED
    ask_for_quotes(needs=[pair.now.need], actor=pair.buyer, due_at=due)


def test_who_reads_a_quote_before_and_after_the_deadline_of_a_sealed_request():
    pair, rival = talks(), talks()
    need = pair.now.need
    second = talks(PartnershipFactory(introduced=True, need=need))
    rfq = ask_for_quotes(needs=[need], actor=pair.buyer, due_at=timezone.now() + TOMORROW, is_sealed=True)
    quote = pair.quote()
    readers = {
        "maker": pair.seller,
        "buyer": pair.buyer,
        "viewer of the buyer": MembershipFactory(enterprise=need.enterprise, viewer=True).user,
        "other supplier": second.seller,
        "stranger": rival.buyer,
        "coordinator": CoordinatorGrantFactory().user,
        "platform": UserFactory(platform_admin=True),
    }

    def reading():
        return {name for name, user in readers.items() if Quote.objects.visible_to(user).filter(pk=quote.pk).exists()}

    assert reading() == {"maker"}
    for act in (
        lambda: refuse_quote(partnership=pair.now, actor=pair.buyer, reason=Reason.END_PARTNERSHIP_PRICE),
        pair.propose,
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reason == Reason.REFUSAL_DEADLINE_AHEAD

    Rfq.objects.filter(pk=rfq.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    assert reading() == {"maker", "buyer", "viewer of the buyer", "platform"}
    pair.propose()


def test_a_quote_is_not_taken_after_the_need_changed_until_its_maker_confirms():
    pair = talks()
    pair.quote()
    save_draft(actor=pair.buyer, posting=pair.now.need, values={"quantity": Decimal(9000)})
    agreement = pair.propose()
    with pytest.raises(Refused) as refusal:
        pair.sign(agreement)
    assert refusal.value.reason == Reason.REFUSAL_QUOTE_UNSURE
    review_quotes(numbers=[pair.now.need.number])
    confirm_quote(partnership=pair.now, actor=pair.seller)
    sign_agreement(partnership=pair.now, actor=pair.seller, seen=agreement.digest)
    assert pair.now.state == State.AGREED


def test_terms_of_a_quote_take_the_names_of_the_model_only():
    pair = talks()
    quote = pair.quote(state=QuoteState.AWARDED, end_reason="end.partnership.price")
    assert (quote.state, quote.end_reason) == (QuoteState.OPEN, "")
    assert set(quote_terms(pair.partnership)) >= {"unit_price"}
