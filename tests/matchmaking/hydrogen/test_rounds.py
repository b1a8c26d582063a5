"""A round: offers until a day, a list without names, interest until another, the result with its reasons."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.choices import Role
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.hydrogen.choices import RoundState
from matchmaking.hydrogen.models import Round, RoundInterest, RoundOffer
from matchmaking.hydrogen.queries.rounds import answers_of, offers_of, own_interests
from matchmaking.hydrogen.services.rounds import (
    Call,
    call_round,
    offer_capacity,
    publish_round,
    take_offer_back,
    tell_interest,
)
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.choices import Status
from reference.models import Region
from tests.factories.accounts import MembershipFactory
from tests.factories.hydrogen import RoundFactory, corridor_keeper, hydrogen_posting, month_ahead
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
TONGNAN, CHANGSHOU = "500152", "500115"


def member(role=Role.OWNER):
    return MembershipFactory(role=role)


def offered(one, member_, **told):
    capacity = hydrogen_posting(CHANGSHOU, 29_000, enterprise=member_.enterprise, **told)
    return offer_capacity(one=one, actor=member_.user, capacity=capacity)


def move(one, **days):
    """Set the round's days, counted from today."""
    today = timezone.localdate()
    Round.objects.filter(pk=one.pk).update(**{name: today + timedelta(days=count) for name, count in days.items()})
    one.refresh_from_db()


def refused(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.reason


def call(**told):
    today = timezone.localdate()
    values = {
        "first_month": month_ahead(2),
        "last_month": month_ahead(4),
        "offers_until": today + timedelta(days=10),
        "interest_until": today + timedelta(days=20),
    }
    return Call(**{**values, **told})


def test_a_keeper_calls_a_round_for_places_and_months():
    one = call_round(actor=corridor_keeper(), call=call(), places=[Region.objects.get(code=TONGNAN)])

    assert one.state_on(one.offers_until) == RoundState.OFFERS
    assert one.state_on(one.offers_until + timedelta(days=1)) == RoundState.INTEREST
    assert one.state_on(one.interest_until + timedelta(days=1)) == RoundState.CLOSED
    assert refused(lambda: call_round(actor=member().user, call=call(), places=[])) == Reason.REFUSAL_NOT_YOURS


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"first_month": month_ahead(-1)}, "first_month"),
        ({"last_month": month_ahead(1)}, "last_month"),
        ({"last_month": month_ahead(60)}, "last_month"),
        ({"offers_until": timezone.localdate() - timedelta(days=1)}, "offers_until"),
        ({"interest_until": timezone.localdate() + timedelta(days=10)}, "interest_until"),
        ({"interest_until": timezone.localdate() + timedelta(days=400)}, "interest_until"),
        ({"interest_until": None}, "interest_until"),
    ],
)
def test_days_that_are_past_or_out_of_order_are_refused(told, field):
    with pytest.raises(Invalid) as refusal:
        call_round(actor=corridor_keeper(), call=call(**told), places=[Region.objects.get(code=TONGNAN)])

    assert set(refusal.value.fields) == {field}


def test_until_offers_end_each_firm_reads_its_own_alone_and_then_all_read_letters():
    one, first, second = RoundFactory(), member(), member()
    mine = offered(one, first)
    offered(one, second)

    assert [line.offer for line in offers_of(user=first.user, one=one)] == [mine]
    assert (offers_of(user=NOBODY, one=one), answers_of(one=one)) == ([], 2)

    move(one, offers_until=-1, interest_until=5)
    shown = offers_of(user=NOBODY, one=one)
    assert len({line.offer.letter for line in shown}) == 2
    assert {(line.region.code, line.kg_class, line.interests) for line in shown} == {(CHANGSHOU, 10_000, None)}


def test_a_late_offer_is_refused():
    one, firm = RoundFactory(), member()
    move(one, offers_until=-1, interest_until=5)

    assert refused(lambda: offered(one, firm)) == Reason.REFUSAL_OFFERS_CLOSED
    assert RoundOffer.objects.count() == 0


def test_an_offer_is_taken_on_the_last_day_itself():
    one, firm = RoundFactory(), member()
    move(one, offers_until=0, interest_until=5)

    assert offered(one, firm).pk


def test_what_is_no_hydrogen_or_not_in_the_months_or_not_ones_own_is_refused():
    one, firm = RoundFactory(), member()
    other = PostingFactory(capacity=True, enterprise=firm.enterprise)
    early = hydrogen_posting(CHANGSHOU, 100, enterprise=firm.enterprise, window_end=timezone.localdate())
    foreign = hydrogen_posting(CHANGSHOU, 100)

    def offer(capacity):
        return refused(lambda: offer_capacity(one=one, actor=firm.user, capacity=capacity))

    assert offer(other) == Reason.REFUSAL_NOT_HYDROGEN
    assert offer(early) == Reason.REFUSAL_NOT_IN_MONTHS
    assert offer(foreign) == Reason.REFUSAL_NOT_YOURS
    mine = offered(one, firm)
    assert offer(mine.capacity) == Reason.REFUSAL_ALREADY_THERE


def test_an_offer_is_taken_back_while_offers_are_taken_and_stays_after():
    one, firm = RoundFactory(), member()
    offer = offered(one, firm)
    take_offer_back(offer=offer, actor=firm.user)
    assert RoundOffer.objects.count() == 0

    stays = offered(one, firm)
    move(one, offers_until=-1, interest_until=5)
    assert refused(lambda: take_offer_back(offer=stays, actor=firm.user)) == Reason.REFUSAL_OFFERS_CLOSED


def test_interest_is_told_between_the_two_days_and_read_by_nobody_else():
    one, seller, buyer = RoundFactory(), member(), member()
    offer = offered(one, seller)
    need = hydrogen_posting(TONGNAN, 900, is_need=True, enterprise=buyer.enterprise)

    def tell():
        return tell_interest(offer=offer, actor=buyer.user, need=need)

    assert refused(tell) == Reason.REFUSAL_OFFERS_OPEN
    move(one, offers_until=-1, interest_until=0)
    tell()
    assert refused(tell) == Reason.REFUSAL_ALREADY_THERE
    assert [line.interests for line in offers_of(user=seller.user, one=one)] == [None]
    assert (own_interests(user=seller.user, one=one), len(own_interests(user=buyer.user, one=one))) == ([], 1)
    RoundInterest.objects.all().delete()
    move(one, offers_until=-3, interest_until=-1)
    assert refused(tell) == Reason.REFUSAL_INTEREST_CLOSED


def test_interest_in_ones_own_offer_or_for_no_hydrogen_is_refused():
    one, firm = RoundFactory(), member()
    offer = offered(one, firm)
    move(one, offers_until=-1, interest_until=5)
    own = hydrogen_posting(TONGNAN, 900, is_need=True, enterprise=firm.enterprise)
    buyer = member()
    other = PostingFactory(enterprise=buyer.enterprise)

    assert refused(lambda: tell_interest(offer=offer, actor=firm.user, need=own)) == Reason.REFUSAL_OWN_POSTING
    assert refused(lambda: tell_interest(offer=offer, actor=buyer.user, need=other)) == Reason.REFUSAL_NOT_HYDROGEN_NEED


def test_the_result_passes_interests_on_and_says_why_the_others_came_to_nothing():
    one, seller, lonely, gone, buyer = RoundFactory(), member(), member(), member(), member()
    wanted, unwanted, closed = offered(one, seller), offered(one, lonely), offered(one, gone)
    need = hydrogen_posting(TONGNAN, 900, is_need=True, enterprise=buyer.enterprise)
    move(one, offers_until=-1, interest_until=1)
    for offer in (wanted, closed):
        tell_interest(offer=offer, actor=buyer.user, need=need)
    closed.capacity.status = Status.CLOSED
    closed.capacity.save()
    keeper = corridor_keeper()
    assert refused(lambda: publish_round(one=one, actor=keeper)) == Reason.REFUSAL_ROUND_RUNS
    move(one, offers_until=-3, interest_until=-1)
    assert refused(lambda: publish_round(one=one, actor=seller.user)) == Reason.REFUSAL_NOT_YOURS

    told = publish_round(one=one, actor=keeper)

    assert Partnership.objects.get().capacity == wanted.capacity
    assert told.figures == {
        "offers": 3,
        "matched": 1,
        "unmatched": 2,
        "interests": 2,
        "reasons": {"end.round.no_interest": 1, "end.round.posting_over": 1},
    }
    shown = {line.offer.pk: (line.interests, line.offer.reason) for line in offers_of(user=NOBODY, one=told)}
    assert shown == {
        wanted.pk: (1, ""),
        unwanted.pk: (0, "end.round.no_interest"),
        closed.pk: (1, "end.round.posting_over"),
    }
    assert refused(lambda: publish_round(one=one, actor=keeper)) == Reason.REFUSAL_ALREADY_THERE


def test_two_offers_never_share_a_letter_even_beyond_the_alphabet():
    one, firm = RoundFactory(), member()
    letters = {offered(one, firm).letter for _offer in range(30)}

    assert len(letters) == 30
