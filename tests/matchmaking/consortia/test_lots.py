"""Lots with days of their own: proposed, asked for, consented to, agreed on, booked in the right months, replaced."""

from datetime import timedelta
from decimal import Decimal

import pytest

from common.errors import Invalid
from common.reasons import Reason
from matchmaking.consortia.choices import State
from matchmaking.consortia.queries.consortia import OpenPart, active_members, open_amount, open_parts
from matchmaking.consortia.services.consenting import consent_to_share, leave_consortium
from matchmaking.consortia.services.forming import Share, add_suppliers, form_consortium
from matchmaking.consortia.services.settling import replacements
from matchmaking.matching.services.sets import supplier_sets
from matchmaking.partnerships.queries.needs import agreed_of_need
from matchmaking.partnerships.services.agreeing import propose_agreement, sign_agreement
from matchmaking.postings.models import CapacityMonth, Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.consortia import month
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import agreement_terms

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


FIRST, MIDDLE, AFTER = 1, 4, 7
"""The need runs through six months from the next one on; the fourth of them begins the second half."""


@pytest.fixture
def need():
    return PostingFactory(
        consortium_allowed=True,
        quantity_amount=Decimal(1000),
        window_start=month(FIRST),
        window_end=month(AFTER) - DAY,
    )


@pytest.fixture
def owner(need):
    return MembershipFactory(enterprise=need.enterprise).user


def capacity(amount=1000, start=None, end=None, **more):
    days = {"window_start": start or month(0), "window_end": end or month(AFTER + 2)}
    return PostingFactory(capacity=True, quantity_amount=Decimal(amount), **days, **more)


def halves():
    return capacity(end=month(MIDDLE) - DAY), capacity(start=month(MIDDLE))


def told(members):
    return {one.posting.pk: (one.amount, one.days) for one in members}


def shares_of(members):
    return [Share(one.posting, one.amount, one.days) for one in members]


EARLY, LATE = (month(FIRST), month(MIDDLE) - DAY), (month(MIDDLE), month(AFTER) - DAY)


def test_one_carries_until_a_day_and_the_next_from_it(need, owner):
    first, second = halves()
    found = supplier_sets(posting=need, viewer=owner)
    assert found.singles == ()
    (members,) = found.sets
    assert told(members) == {first.pk: (Decimal(1000), EARLY), second.pk: (Decimal(1000), LATE)}


def test_full_months_are_left_to_others(need, owner):
    """Both run all year, but one is agreed for in the first half and the other in the second: halves on the mean would
    be sold twice.
    """
    first, second = capacity(), capacity()
    for ahead in range(FIRST, AFTER):
        full = second if ahead < MIDDLE else first
        CapacityMonth.objects.create(posting=full, month=month(ahead), booked_amount=Decimal(1000))
    (members,) = supplier_sets(posting=need, viewer=owner).sets
    assert told(members) == {first.pk: (Decimal(1000), EARLY), second.pk: (Decimal(1000), LATE)}


def test_a_quantity_asked_for_once_is_the_sum_of_lots():
    need = PostingFactory(
        consortium_allowed=True,
        quantity_amount=Decimal(5000),
        period="once",
        window_start=month(FIRST),
        window_end=month(AFTER) - DAY,
    )
    owner = MembershipFactory(enterprise=need.enterprise).user
    stock, monthly = capacity(3000, end=month(MIDDLE) - DAY, period="once"), capacity(1000, start=month(MIDDLE))
    (members,) = supplier_sets(posting=need, viewer=owner).sets
    lots = told(members)
    assert {key: days for key, (_amount, days) in lots.items()} == {stock.pk: EARLY, monthly.pk: LATE}
    assert sum(amount for amount, _days in lots.values()) == 5000


def test_lots_through_the_whole_window_come_first(need, owner):
    halves()
    whole = [capacity(600), capacity(500)]
    (members,) = supplier_sets(posting=need, viewer=owner).sets
    assert {one.posting.pk for one in members} == {one.pk for one in whole}
    assert {one.days for one in members} == {None}


def test_the_least_share_is_a_part_of_the_whole(need, owner):
    """A month of six is less than a fifth of it, at any rate that the need takes."""
    capacity(end=month(FIRST + 1) - DAY)
    capacity(start=month(FIRST + 1))
    assert supplier_sets(posting=need, viewer=owner).sets == ()


def test_lots_are_asked_for_and_consented_to_with_their_days(need, owner):
    first, second = halves()
    (members,) = supplier_sets(posting=need, viewer=owner).sets
    row = form_consortium(need=need, shares=shares_of(members), actor=owner)
    kept = active_members(row)
    assert (open_parts(row, kept), open_amount(row, kept)) == ([], 0)
    assert {(one.partnership.capacity_id, one.starts_on, one.ends_on) for one in kept} == {
        (first.pk, *EARLY),
        (second.pk, *LATE),
    }
    for one in kept:
        user = MembershipFactory(enterprise=one.partnership.capacity.enterprise).user
        row = consent_to_share(member=one, actor=user)
    assert row.state == State.COMPLETE


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ((EARLY[0], EARLY[1] - DAY), Reason.REFUSAL_SHARES_DAYS),
        ((EARLY[0] - DAY, EARLY[1]), Reason.REFUSAL_LOT_DAYS),
        ((EARLY[0], EARLY[1] + DAY), Reason.REFUSAL_SHARES_DAYS),
    ],
    ids=["a day is left", "before the window", "a day twice"],
)
def test_lots_that_do_not_fill_every_day_once_are_refused(need, owner, days, reason):
    first, second = halves()
    shares = [Share(first, Decimal(1000), days), Share(second, Decimal(1000), LATE)]
    with pytest.raises(Invalid) as refused:
        form_consortium(need=need, shares=shares, actor=owner)
    assert reason in refused.value.fields.values()


def test_a_lot_beyond_what_is_free_in_one_of_its_months_is_refused(need, owner):
    first, second = halves()
    CapacityMonth.objects.create(posting=second, month=month(MIDDLE + 1), booked_amount=Decimal(1000))
    with pytest.raises(Invalid) as refused:
        form_consortium(
            need=need, shares=[Share(first, Decimal(1000), EARLY), Share(second, Decimal(1000), LATE)], actor=owner
        )
    assert set(refused.value.fields) == {f"amount_{second.number}"}


def test_who_leaves_is_replaced_in_its_days_alone(need, owner):
    (first, second), other = halves(), capacity(1000, start=month(MIDDLE))
    row = form_consortium(
        need=need, shares=[Share(first, Decimal(1000), EARLY), Share(second, Decimal(1000), LATE)], actor=owner
    )
    leaver = next(one for one in active_members(row) if one.partnership.capacity_id == second.pk)
    user = MembershipFactory(enterprise=second.enterprise).user
    row = leave_consortium(member=leaver, actor=user, reason=Reason.END_PARTNERSHIP_TIME)
    assert row.state == State.SHORT
    assert open_parts(row, active_members(row)) == [OpenPart(Decimal(1000), LATE)]
    found = replacements(consortium=row, viewer=owner)
    assert [told(members) for members in found.sets] == [{other.pk: (Decimal(1000), LATE)}]
    row = add_suppliers(consortium=row, shares=shares_of(found.sets[0]), actor=owner)
    assert row.state == State.FORMING
    assert open_parts(row, active_members(row)) == []


def test_of_two_open_stretches_the_earlier_is_filled_first(need, owner):
    early, late = capacity(600, end=month(MIDDLE) - DAY), capacity(600, start=month(MIDDLE))
    row = form_consortium(
        need=need,
        shares=[
            Share(capacity(), Decimal(400)),
            *[Share(one, Decimal(600), days) for one, days in zip(halves(), (EARLY, LATE), strict=True)],
        ],
        actor=owner,
    )
    for one in active_members(row)[1:]:
        user = MembershipFactory(enterprise=one.partnership.capacity.enterprise).user
        row = leave_consortium(member=one, actor=user, reason=Reason.END_PARTNERSHIP_TIME)
    assert open_parts(row, active_members(row)) == [OpenPart(Decimal(600), (EARLY[0], LATE[1]))]
    with pytest.raises(Invalid):
        add_suppliers(consortium=row, shares=[Share(late, Decimal(600), LATE)], actor=owner)
    fill = Share(early, Decimal(600), EARLY)
    row = add_suppliers(consortium=row, shares=[fill], actor=owner)
    assert (row.state, open_parts(row, active_members(row))) == (State.SHORT, [OpenPart(Decimal(600), LATE)])


def test_days_that_are_over_are_asked_of_nobody(need, owner, monkeypatch):
    """Who leaves in the middle of a lot is replaced for what is ahead of it."""
    (first, second), other = halves(), capacity(end=month(MIDDLE) - DAY)
    row = form_consortium(
        need=need, shares=[Share(first, Decimal(1000), EARLY), Share(second, Decimal(1000), LATE)], actor=owner
    )
    later = month(FIRST) + timedelta(days=10)
    kept = [one for one in active_members(row) if one.partnership.capacity_id == second.pk]
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: later)
    assert open_parts(row, kept) == [OpenPart(Decimal(1000), (later, EARLY[1]))]
    row = add_suppliers_for(row, kept, other, (later, EARLY[1]), owner)
    assert open_parts(row, active_members(row)) == []
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: LATE[1] + DAY)
    assert open_parts(row, []) == []


def add_suppliers_for(row, kept, other, days, owner):
    """The set after the first member has left, and ``other`` was asked for its days."""
    for one in active_members(row):
        if one.pk not in {each.pk for each in kept}:
            one.left_at = one.created_at
            one.save()
    return add_suppliers(consortium=row, shares=[Share(other, Decimal(1000), days)], actor=owner)


def test_a_signed_lot_counts_by_its_days_and_is_booked_in_its_months(need, owner):
    first, second = halves()
    row = form_consortium(
        need=need, shares=[Share(first, Decimal(1000), EARLY), Share(second, Decimal(1000), LATE)], actor=owner
    )
    member = next(one for one in active_members(row) if one.partnership.capacity_id == first.pk)
    supplier = MembershipFactory(enterprise=first.enterprise).user
    consent_to_share(member=member, actor=supplier)
    pair = type(member.partnership).objects.get(pk=member.partnership_id)
    terms = agreement_terms(pair) | {"quantity_amount": Decimal(1000), "starts_on": EARLY[0], "ends_on": EARLY[1]}
    agreement = propose_agreement(partnership=pair, actor=owner, terms=terms)
    for actor in (owner, supplier):
        sign_agreement(partnership=pair, actor=actor, seen=agreement.digest)
    days, whole = (EARLY[1] - EARLY[0]).days + 1, (LATE[1] - EARLY[0]).days + 1
    assert agreed_of_need(need) == (Decimal(1000) * days / whole).quantize(Decimal("0.001"))
    assert not Posting.objects.get(pk=need.pk).is_met
    booked = CapacityMonth.objects.filter(posting=first, booked_amount__gt=0).values_list("month", flat=True)
    assert sorted(booked) == [month(ahead) for ahead in range(FIRST, MIDDLE)]
