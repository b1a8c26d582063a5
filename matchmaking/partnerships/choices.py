"""States of a partnership and the moves between them, in one table."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a partnership stands."""

    SUGGESTED = "suggested", _("Suggested")
    INTERESTED = "interested", _("Interested")
    MUTUAL = "mutual", _("Mutual interest")
    INTRODUCED = "introduced", _("Introduced")
    QUOTING = "quoting", _("Quoting")
    SAMPLING = "sampling", _("Sampling")
    AGREED = "agreed", _("Agreed")
    DELIVERING = "delivering", _("Delivering")
    COMPLETED = "completed", _("Completed")
    FAILED = "failed", _("Ended")


class Side(models.TextChoices):
    """Which side of the partnership acts."""

    NEED = "need", _("the side that needs")
    CAPACITY = "capacity", _("the side that supplies")
    PLATFORM = "platform", _("the platform")


class Act(models.TextChoices):
    """What is done to a partnership."""

    DECLARE_INTEREST = "declare_interest", _("Declare interest")
    ACCEPT = "accept", _("Accept")
    INTRODUCE = "introduce", _("Introduce")
    DECLINE = "decline", _("Decline")
    WITHDRAW = "withdraw", _("Withdraw")
    LAPSE = "lapse", _("Interest lapsed")
    END = "end", _("End")
    VIEW_CONTACT = "view_contact", _("Contact data seen")


class By(models.TextChoices):
    """Who makes a move."""

    ASKER = "asker", _("who declared interest")
    ASKED = "asked", _("who was asked")
    EITHER = "either", _("either side")
    PLATFORM = "platform", _("the platform")


class Move(NamedTuple):
    """What an act leads to, and who may do it."""

    to: State
    by: By


CONSENTED = (
    State.MUTUAL,
    State.INTRODUCED,
    State.QUOTING,
    State.SAMPLING,
    State.AGREED,
    State.DELIVERING,
    State.COMPLETED,
)
"""States in which both sides have agreed to show each other's contact data."""
OPEN = (State.SUGGESTED, State.INTERESTED, *CONSENTED[:-1])
"""States in which something is still to be done."""

MOVES: dict[tuple[State, Act], Move] = {
    (State.SUGGESTED, Act.DECLARE_INTEREST): Move(State.INTERESTED, By.ASKER),
    (State.INTERESTED, Act.ACCEPT): Move(State.MUTUAL, By.ASKED),
    (State.INTERESTED, Act.DECLINE): Move(State.FAILED, By.ASKED),
    (State.INTERESTED, Act.WITHDRAW): Move(State.FAILED, By.ASKER),
    (State.INTERESTED, Act.LAPSE): Move(State.FAILED, By.PLATFORM),
    (State.MUTUAL, Act.INTRODUCE): Move(State.INTRODUCED, By.PLATFORM),
    (State.INTRODUCED, Act.END): Move(State.FAILED, By.EITHER),
    **{(state, Act.VIEW_CONTACT): Move(state, By.EITHER) for state in CONSENTED},
}
"""From a state, by an act, to the next state; what is not here is refused. docs/state-machine.md is drawn from it."""

STEPS: tuple[tuple[State, ...], ...] = (
    (State.SUGGESTED,),
    (State.INTERESTED,),
    (State.MUTUAL,),
    (State.INTRODUCED, State.QUOTING, State.SAMPLING),
    (State.AGREED, State.DELIVERING),
    (State.COMPLETED,),
)
"""The six steps that a page shows, each with the states that belong to it."""
