"""Nights over postings, quantities agreed upon, requests counted, searches kept."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.choices import NoticeKind, Role
from accounts.models import Change, Notice
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.postings.choices import BusyLevel, Direction, Period, Status
from matchmaking.postings.models import Posting, SavedSearch
from matchmaking.postings.services import life, searches
from matchmaking.postings.services.capacity import note_interest, release_capacity, reserve_capacity
from matchmaking.postings.services.life import LifeFigures, expire_postings, refresh_busy_levels
from matchmaking.postings.services.publishing import posting_of_token
from matchmaking.postings.services.searches import delete_search, save_search
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory, SavedSearchFactory, days_from_today

pytestmark = pytest.mark.django_db
DAYS = (date(2027, 3, 1), date(2027, 3, 31))


def test_expire_postings_ends_what_is_over_and_repeats_harmlessly(monkeypatch):
    monkeypatch.setattr(life, "AT_ONCE", 2)
    over = [PostingFactory(window_start=None, window_end=days_from_today(-1)) for _n in range(3)]
    still = PostingFactory(window_end=days_from_today(0))
    open_ended = PostingFactory(window_start=None)

    first, second = expire_postings(), expire_postings()

    assert (first.expired, second.expired) == (3, 0)
    assert {row.pk for row in Posting.objects.filter(status=Status.EXPIRED)} == {row.pk for row in over}
    assert Posting.objects.filter(pk__in=[still.pk, open_ended.pk], status=Status.PUBLISHED).count() == 2
    assert Change.objects.filter(verb="expired", actor=None).count() == 3


def test_expire_postings_asks_once_a_round_whether_it_still_holds():
    due = PostingFactory(confirmed_on=days_from_today(-30))
    PostingFactory(confirmed_on=days_from_today(-29))
    editor = MembershipFactory(enterprise=due.enterprise, role=Role.EDITOR)
    MembershipFactory(enterprise=due.enterprise, role=Role.VIEWER)

    expire_postings()
    expire_postings()

    notice = Notice.objects.get()
    assert (notice.reader, notice.kind, notice.thing_key) == (editor.user, NoticeKind.CONFIRMATION_DUE, due.number)
    assert posting_of_token(token=notice.facts["token"]) == (due, editor.user)


@pytest.mark.parametrize(("requests", "level"), [(0, 0), (2, 0), (3, 1), (9, 1), (10, 2), (500, 2)])
def test_refresh_busy_levels_shows_three_steps(requests, level):
    PostingFactory(open_interest_count=requests, busy_level=BusyLevel.SOME if level != 1 else BusyLevel.FREE)

    assert (refresh_busy_levels(), Posting.objects.get().busy_level) == (1, level)
    assert refresh_busy_levels() == 0


def test_expire_postings_command_prints_its_figures(capsys):
    PostingFactory(window_start=None, window_end=days_from_today(-1))

    call_command("expire_postings")

    assert capsys.readouterr().out == "expired 1, opened 0, asked 0, remarked 0\n"
    assert expire_postings() == LifeFigures(0, 0, 0)


def test_reserve_capacity_never_sells_twice():
    capacity = PostingFactory(capacity=True, quantity_amount=Decimal(100), period=Period.ONCE)

    reserve_capacity(posting=capacity, amount=Decimal("99.5"), days=DAYS)
    with pytest.raises(Refused) as refusal:
        reserve_capacity(posting=capacity, amount=Decimal("0.501"), days=DAYS)
    reserve_capacity(posting=capacity, amount=Decimal("0.5"), days=DAYS)

    assert refusal.value.reason == Reason.GAP_CAPACITY_BOOKED
    assert Posting.objects.get().reserved_amount == Decimal(100)
    assert Change.objects.count() == 2


def test_release_capacity_gives_back_no_more_than_was_taken():
    capacity = PostingFactory(capacity=True, reserved_amount=Decimal(10), period=Period.ONCE)

    release_capacity(posting=capacity, amount=Decimal(4), days=DAYS)
    with pytest.raises(Refused):
        release_capacity(posting=capacity, amount=Decimal(7), days=DAYS)

    assert Posting.objects.get().reserved_amount == Decimal(6)


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1)])
def test_reserve_capacity_refuses_amounts_that_are_none(amount):
    with pytest.raises(Invalid):
        reserve_capacity(posting=PostingFactory(capacity=True), amount=amount, days=DAYS)


def test_note_interest_never_counts_below_zero():
    posting = PostingFactory(open_interest_count=1)

    for delta in (1, 1, -1, -1, -1, -1):
        note_interest(posting=posting, delta=delta)

    assert Posting.objects.get().open_interest_count == 0


def test_save_search_writes_the_same_name_over():
    user = UserFactory()

    save_search(actor=user, direction=Direction.NEED, name=" 轴承  ", filters="q=a")
    save_search(actor=user, direction=Direction.NEED, name="轴承", filters="q=b")

    assert list(SavedSearch.objects.values_list("name", "filters")) == [("轴承", "q=b")]


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"name": " "}, "name", Reason.REFUSAL_REQUIRED),
        ({"name": "x" * 81}, "name", Reason.REFUSAL_TOO_LONG),
        ({"filters": "x" * 1001}, "filters", Reason.REFUSAL_TOO_LONG),
    ],
)
def test_save_search_names_what_does_not_fit(given, field, reason):
    with pytest.raises(Invalid) as problem:
        save_search(actor=UserFactory(), direction=Direction.NEED, **({"name": "a", "filters": "q=a"} | given))

    assert problem.value.fields == {field: reason}


def test_save_search_has_a_limit(monkeypatch):
    monkeypatch.setattr(searches, "MOST_SEARCHES", 1)
    search = SavedSearchFactory(user=UserFactory())

    with pytest.raises(Refused) as refusal:
        save_search(actor=search.user, direction=Direction.NEED, name="another", filters="")

    assert refusal.value.reason == Reason.REFUSAL_LIMIT_REACHED


def test_delete_search_is_for_its_owner():
    search = SavedSearchFactory(user=UserFactory())

    with pytest.raises(Refused):
        delete_search(search=search, actor=UserFactory())
    delete_search(search=search, actor=search.user)

    assert SavedSearch.objects.count() == 0
