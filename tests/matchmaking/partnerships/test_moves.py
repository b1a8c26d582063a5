"""Every state with every act: what the table allows moves, everything else refuses and changes nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Change, Notice, User
from common.errors import Refused
from common.reasons import Reason
from matchmaking.partnerships.choices import CONSENTED, MOVES, OPEN, STEPS, Act, By, Side, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.queries.partnerships import other_side, posting_of
from matchmaking.partnerships.services.answering import snooze_interest
from matchmaking.partnerships.services.contacts import view_contact
from matchmaking.partnerships.services.interest import (
    accept_interest,
    declare_interest,
    decline_interest,
    end_partnership,
    withdraw_interest,
)
from tests.factories.accounts import MembershipFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db

ACTS = [Act.DECLARE_INTEREST, Act.ACCEPT, Act.SNOOZE, Act.DECLINE, Act.WITHDRAW, Act.END, Act.VIEW_CONTACT]
ENDS_IN = {Act.ACCEPT: State.INTRODUCED}
"""Accepting goes two steps at once: mutual, then introduced by the platform."""


def partnership_in(state: State) -> Partnership:
    failed = {"end_reason": Reason.END_PARTNERSHIP_PRICE} if state == State.FAILED else {}
    return PartnershipFactory(state=state, **failed)


def member_of(partnership: Partnership, side: Side) -> User:
    return MembershipFactory(enterprise=posting_of(partnership, side).enterprise).user


def mover(partnership: Partnership, state: State, act: Act) -> Side:
    """The side that the table names for the act, the asker where it names none."""
    move = MOVES.get((state, act))
    asker = Side(partnership.opened_by)
    return other_side(asker) if move is not None and move.by == By.ASKED else asker


def do(act: Act, partnership: Partnership, side: Side, actor: User) -> None:
    if act == Act.DECLARE_INTEREST:
        own, other = posting_of(partnership, side), posting_of(partnership, other_side(side))
        declare_interest(posting=own, counterpart=other, actor=actor)
    elif act == Act.ACCEPT:
        accept_interest(partnership=partnership, actor=actor)
    elif act == Act.DECLINE:
        decline_interest(partnership=partnership, actor=actor, reason=Reason.END_PARTNERSHIP_PRICE)
    elif act == Act.WITHDRAW:
        withdraw_interest(partnership=partnership, actor=actor)
    elif act == Act.SNOOZE:
        snooze_interest(partnership=partnership, actor=actor, until=timezone.localdate() + timedelta(days=3))
    elif act == Act.END:
        end_partnership(partnership=partnership, actor=actor, reason=Reason.END_PARTNERSHIP_PRICE)
    else:
        view_contact(partnership=partnership, actor=actor)


def everything() -> tuple[object, ...]:
    return (
        list(Partnership.objects.order_by("pk").values_list("pk", "state", "version", "end_reason", "introduced_at")),
        list(PartnershipEvent.objects.order_by("pk").values_list("pk", "act")),
        Change.objects.count(),
        Notice.objects.count(),
    )


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", State)
def test_each_act_in_each_state_moves_or_refuses(state, act):
    partnership = partnership_in(state)
    side = mover(partnership, state, act)
    actor = member_of(partnership, side)
    move = MOVES.get((state, act))
    before = everything()

    if move is None and not (state == State.FAILED and act == Act.DECLARE_INTEREST):
        with pytest.raises(Refused) as refusal:
            do(act, partnership, side, actor)
        expected = Reason.REFUSAL_ALREADY_THERE if act == Act.DECLARE_INTEREST else Reason.REFUSAL_WRONG_STATE
        assert refusal.value.reason == expected
        assert everything() == before
        return

    do(act, partnership, side, actor)
    newest = Partnership.objects.latest("pk")
    steps = list(newest.events.values_list("act", "from_state", "to_state"))
    if move is None:
        # After an end a fresh interest begins a partnership of its own; the ended row stays as it is.
        assert (newest.pk, newest.state) != (partnership.pk, State.FAILED)
        assert steps == [(Act.DECLARE_INTEREST, State.SUGGESTED, State.INTERESTED)]
        return
    assert newest.pk == partnership.pk
    assert newest.state == ENDS_IN.get(act, move.to)
    assert steps[0] == (act, state, move.to)
    assert len(steps) == (2 if act == Act.ACCEPT else 1)


@pytest.mark.parametrize(
    ("state", "act"),
    [key for key, move in MOVES.items() if move.by in (By.ASKED, By.ASKER) and key[0] != State.SUGGESTED],
)
def test_an_act_of_the_other_side_is_refused(state, act):
    partnership = partnership_in(state)
    wrong = other_side(mover(partnership, state, act))
    actor = member_of(partnership, wrong)
    before = everything()

    with pytest.raises(Refused) as refusal:
        do(act, partnership, wrong, actor)

    assert refusal.value.reason == Reason.REFUSAL_OTHER_SIDE
    assert everything() == before


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.SNOOZE, Act.DECLINE, Act.WITHDRAW, Act.END, Act.VIEW_CONTACT])
@pytest.mark.parametrize("state", State)
def test_a_stranger_is_refused_in_every_state(state, act):
    partnership = partnership_in(state)
    stranger = MembershipFactory().user
    before = everything()

    with pytest.raises(Refused) as refusal:
        do(act, partnership, Side.NEED, stranger)

    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    assert everything() == before


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.SNOOZE, Act.DECLINE])
@pytest.mark.parametrize("membership", [{"viewer": True}, {"former": True}, {"requested": True}])
def test_members_without_the_right_are_refused(act, membership):
    partnership = PartnershipFactory()
    actor = MembershipFactory(enterprise=partnership.capacity.enterprise, **membership).user
    before = everything()

    with pytest.raises(Refused) as refusal:
        do(act, partnership, Side.CAPACITY, actor)

    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    assert everything() == before


def test_the_lists_of_states_are_complete_and_agree_with_the_table():
    assert {state for state, _act in MOVES} | {move.to for move in MOVES.values()} | set(OPEN) | {
        State.COMPLETED
    } == set(State)
    assert {state for states in STEPS for state in states} == set(State) - {State.FAILED}
    assert {state for state, act in MOVES if act == Act.VIEW_CONTACT} == set(CONSENTED)
    assert [key for key in MOVES if key[0] == State.FAILED] == []
