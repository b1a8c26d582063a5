"""A need of which a part is signed asks for what is still open: exactly for its firm, by class for others."""

from decimal import Decimal

import pytest

from accounts.models import Change
from common.reasons import Reason
from matchmaking.matching.services.rows import open_band, plain_rows
from matchmaking.matching.services.suggestions import loosenings_for, suggestions_for
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.counting import count_signed
from matchmaking.partnerships.services.interest import end_partnership
from matchmaking.partnerships.services.outcomes import state_outcome
from matchmaking.postings.models import Posting
from matchmaking.postings.services.drafting import save_draft
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db
ONCE = {"period": "once", "window_start": None, "window_end": None}


def posted(amount, **values):
    return PostingFactory(quantity_amount=Decimal(amount), **ONCE, **values)


@pytest.fixture
def need():
    return posted(10_000)


@pytest.fixture
def owner(need):
    return MembershipFactory(enterprise=need.enterprise).user


def sign(need, amount):
    """An agreement about a part of the need."""
    pair = talks(PartnershipFactory(introduced=True, need=need, capacity=posted(20_000, capacity=True)))
    pair.agree(quantity_amount=Decimal(amount), period="once")
    return pair


def kept(need):
    return Posting.objects.get(pk=need.pk).reserved_amount


def asked_by_others(need):
    return next(plain_rows(Posting.objects.filter(pk=need.pk))).quantity


def names(posting, viewer):
    """Numbers suggested for a posting."""
    return {
        one.posting.number for one in suggestions_for(posting=Posting.objects.get(pk=posting.pk), viewer=viewer).matches
    }


@pytest.mark.parametrize(
    ("signed", "asked"),
    [(0, 100), (25, 100), (Decimal("25.001"), 75), (75, 75), (Decimal("75.001"), 25), (100, 25)],
)
def test_others_are_measured_by_a_class_of_what_is_open(signed, asked):
    assert open_band(Decimal(100), Decimal(signed)) == asked


def test_signing_and_ending_move_what_is_asked_for_and_refresh_the_market(need, owner):
    whole = asked_by_others(need)
    before = Change.objects.filter(thing="posting", thing_key=need.number).count()
    first = sign(need, 5000)
    assert (kept(need), asked_by_others(need)) == (5000, whole * 3 // 4)
    second = sign(need, 4000)
    assert (kept(need), asked_by_others(need)) == (9000, whole // 4)
    assert Change.objects.filter(thing="posting", thing_key=need.number).count() == before + 2

    end_partnership(partnership=second.now, actor=second.buyer, reason=Reason.END_PARTNERSHIP_QUALITY)
    assert kept(need) == 5000
    for actor in (first.buyer, first.seller):
        state_outcome(partnership=first.now, actor=actor, answer="yes", delivered_amount=4900)
    assert kept(need) == 4900


def test_its_firm_is_suggested_who_carries_what_is_still_open(need, owner):
    small = posted(1500, capacity=True)
    assert small.number not in names(need, owner)
    sign(need, 8800)
    assert small.number in names(need, owner)
    # Others are measured by the class, of which the most is more than this one has.
    seller = MembershipFactory(enterprise=small.enterprise).user
    assert need.number not in names(small, seller)


def test_two_needs_that_differ_inside_a_class_ask_others_for_the_same(need):
    other = posted(10_000)
    sign(need, 5000)
    sign(other, 5500)
    assert asked_by_others(need) == asked_by_others(other)


def test_once_all_is_signed_it_asks_for_nobody_and_is_suggested_to_nobody(need, owner, signed_in):
    fitting = posted(20_000, capacity=True)
    seller = MembershipFactory(enterprise=fitting.enterprise).user
    assert (fitting.number in names(need, owner), need.number in names(fitting, seller)) == (True, True)
    pair = sign(need, 12_000)
    assert kept(need) == 10_000
    assert (names(need, owner), need.number in names(fitting, seller)) == (set(), False)
    assert loosenings_for(posting=Posting.objects.get(pk=need.pk), viewer=owner) == ()
    page = signed_in(owner).get(f"/en/needs/{need.number}/matches/").content.decode()
    assert "All of this need is signed" in page

    end_partnership(partnership=pair.now, actor=pair.buyer, reason=Reason.END_PARTNERSHIP_QUALITY)
    assert (fitting.number in names(need, owner), need.number in names(fitting, seller)) == (True, True)


def test_a_larger_need_and_one_never_counted_are_counted_anew(need, owner):
    sign(need, 12_000)
    save_draft(actor=owner, posting=Posting.objects.get(pk=need.pk), values={"quantity": Decimal(15_000)})
    assert count_signed(numbers=[need.number]) == 1
    assert kept(need) == 12_000
    Posting.objects.filter(pk=need.pk).update(reserved_amount=0)
    assert (count_signed(), kept(need), count_signed()) == (1, 12_000, 0)
    assert Partnership.objects.filter(need=need).count() == 1
