"""States of a partnership and the moves between them, in one table."""

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
    VIEW_CONTACT = "view_contact", _("Contact data seen")


MOVES: dict[tuple[State, Act], State] = {
    (State.SUGGESTED, Act.DECLARE_INTEREST): State.INTERESTED,
    (State.INTERESTED, Act.ACCEPT): State.MUTUAL,
    (State.MUTUAL, Act.INTRODUCE): State.INTRODUCED,
    (State.INTERESTED, Act.DECLINE): State.FAILED,
    (State.INTERESTED, Act.WITHDRAW): State.FAILED,
    (State.INTRODUCED, Act.WITHDRAW): State.FAILED,
}
"""From a state, by an act, to the next state; what is not here is refused."""

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
