"""Where a consortium stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """From the first request to the delivery of all, or to the end of the set."""

    FORMING = "forming", _("Waits for consent")
    COMPLETE = "complete", _("All have consented")
    SHORT = "short", _("A part is open again")
    DELIVERED = "delivered", _("Delivered by all")
    DISSOLVED = "dissolved", _("Dissolved")


GATHERING = (State.FORMING, State.SHORT)
"""States in which members may still consent or be added."""
UNDER_WAY = (*GATHERING, State.COMPLETE)
"""States in which a need has no room for another set."""
MOST_SUPPLIERS = 4
"""Suppliers of a set at most."""
WORKSHOP, SATELLITE = "SVC.SPACE.WORKSHOP", "SVC.SPACE.SATELLITE"
"""Nodes at which premises for a line elsewhere are offered: an empty hall, a workshop with its people."""
SKILLED = "SVC.TALENT.SKILLED"
"""The node at which workers are offered."""
MOST_WEEKS = 104
"""Weeks of an overflow at most."""
