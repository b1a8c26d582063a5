"""What everybody may know of how a firm answers and what becomes of quotes: from steps, and of enough firms."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.reasons import Reason
from matchmaking.partnerships.choices import Act, QuoteState, Side, State
from matchmaking.partnerships.models import PartnershipEvent, Quote
from matchmaking.partnerships.queries.rates import Rates, public_rates
from matchmaking.postings.models import Posting
from tests.factories.accounts import EnterpriseFactory
from tests.factories.partnerships import PartnershipEventFactory, PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return EnterpriseFactory()


def answered(firm, hours, act=Act.ACCEPT, asker=None, visibility="named", **reason):
    """An interest at a capacity of ``firm`` that ended by ``act`` after so many hours."""
    need = PostingFactory(enterprise=asker) if asker else PostingFactory()
    capacity = PostingFactory(capacity=True, enterprise=firm, visibility=visibility)
    partnership = PartnershipFactory(need=need, capacity=capacity)
    first = PartnershipEventFactory(partnership=partnership)
    last = PartnershipEventFactory(
        partnership=partnership,
        act=act,
        from_state=State.INTERESTED,
        to_state=State.FAILED,
        side=Side.CAPACITY,
        **reason,
    )
    now = timezone.now()
    PartnershipEvent.objects.filter(pk=last.pk).update(happened_at=now)
    PartnershipEvent.objects.filter(pk=first.pk).update(happened_at=now - timedelta(hours=hours))


def silent(firm):
    answered(firm, 72, Act.LAPSE, reason=Reason.END_PARTNERSHIP_NO_ANSWER.value)


def quoted(partnership, state):
    return Quote.objects.create(
        partnership=partnership,
        state=state,
        quantity_amount=Decimal(1),
        unit=partnership.need.unit,
        unit_price=Decimal(1),
        valid_until=timezone.localdate(),
        need_terms="",
    )


def test_the_median_and_the_share_count_answers_and_silences(firm):
    for hours, act in ((2, Act.ACCEPT), (10, Act.DECLINE), (50, Act.ACCEPT)):
        answered(firm, hours, act)
    silent(firm)
    assert public_rates(firm) == Rates(None, None, None, None), "four cases are too few"

    silent(firm)
    assert public_rates(firm) == Rates(None, 60, None, None)
    for hours in (3, 70):
        answered(firm, hours)
    assert public_rates(firm) == Rates(10, 71, None, None)


def test_fewer_than_three_other_firms_give_no_figure(firm):
    asker = EnterpriseFactory()
    for _ in range(6):
        answered(firm, 2, asker=asker)
    answered(firm, 2)

    assert public_rates(firm) == Rates(None, None, None, None)


def test_what_happened_under_an_alias_or_long_ago_does_not_count(firm):
    for _ in range(5):
        answered(firm, 2, visibility="alias")
    assert public_rates(firm) == Rates(None, None, None, None)

    for _ in range(5):
        answered(firm, 4)
    assert public_rates(firm).answer_hours == 4
    PartnershipEvent.objects.update(happened_at=timezone.now() - timedelta(days=366))
    assert public_rates(firm) == Rates(None, None, None, None)


def test_no_figure_moves_when_a_posting_changes_between_name_and_alias(firm):
    for hours in (2, 4, 6, 8, 10):
        answered(firm, hours)
    answered(firm, 99, visibility="alias")
    before = public_rates(firm)

    for posting in Posting.objects.all():
        posting.visibility = "alias" if posting.visibility == "named" else "named"
        posting.save()

    assert public_rates(firm) == before == Rates(6, 100, None, None)


def test_an_interest_that_ended_for_another_reason_is_no_silence(firm):
    for _ in range(5):
        answered(firm, 2)
    answered(firm, 3, Act.LAPSE, reason=Reason.END_PARTNERSHIP_POSTING_OVER.value)
    answered(firm, 3, Act.WITHDRAW, reason=Reason.END_PARTNERSHIP_WITHDRAWN.value)

    assert public_rates(firm).answered_percent == 100


def test_quotes_tell_of_buyer_and_supplier(firm):
    states = (QuoteState.AWARDED, QuoteState.REFUSED, QuoteState.LAPSED, QuoteState.AWARDED, QuoteState.REFUSED)
    for state in states:
        quoted(PartnershipFactory(introduced=True, need=PostingFactory(enterprise=firm)), state)
        sold = PartnershipFactory(introduced=True, capacity=PostingFactory(capacity=True, enterprise=firm))
        quoted(sold, QuoteState.REPLACED)
        quoted(sold, QuoteState.OPEN)
    assert public_rates(firm) == Rates(None, None, 40, None)

    for sold in firm.postings.filter(direction="capacity")[:5]:
        quoted_before = Quote.objects.get(partnership__capacity=sold, state=QuoteState.OPEN)
        Quote.objects.filter(pk=quoted_before.pk).update(state=QuoteState.REFUSED)
    assert public_rates(firm).sold_percent == 0


def test_it_asks_three_questions(firm):
    for _ in range(5):
        answered(firm, 1)
    with CaptureQueriesContext(connection) as captured:
        public_rates(firm)
    assert len(captured) == 3


@pytest.mark.parametrize(("language", "few", "told"), [("", "数据太少", "2 小时"), ("/en", "too few", "2 hours")])
def test_the_firms_page_tells_them_to_everybody(client, firm, language, few, told):
    page = f"{language}/enterprises/{firm.key}/"
    before = client.get(page).content.decode()
    for _ in range(5):
        answered(firm, 2)
    after = client.get(page).content.decode()

    assert (before.count(few), after.count(few)) == (4, 2)
    assert told in after
