"""Values of fields of matchmaking days."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DayState(models.TextChoices):
    """Where a matchmaking day stands."""

    OPEN = "open", pgettext_lazy("matchmaking day", "being prepared")
    PUBLISHED = "published", _("schedule published")
    CANCELLED = "cancelled", pgettext_lazy("matchmaking day", "cancelled")


class GuestState(models.TextChoices):
    """Where an invitation stands."""

    ASKED = "asked", _("invited, no answer yet")
    ACCEPTED = "accepted", _("takes part")
    REFUSED = "refused", _("does not take part")
    LEFT = "left", _("has given up its place")
    WITHDRAWN = "withdrawn", _("invitation taken back")


class Wish(models.TextChoices):
    """What a firm says of another one; read by nobody but its own people."""

    MUST = "must", _("must meet")
    MEET = "meet", _("would like to meet")
    NO = "no", _("do not meet")


class PlanState(models.TextChoices):
    """Where a plan of a day stands."""

    ASKED = "asked", pgettext_lazy("plan of a day", "waits to be computed")
    RUNNING = "running", pgettext_lazy("plan of a day", "is being computed")
    READY = "ready", pgettext_lazy("plan of a day", "ready")
    FAILED = "failed", pgettext_lazy("plan of a day", "could not be computed")


class Unkept(models.TextChoices):
    """Why two firms do not meet of whom one wished it and none refused; the engine's rules of the same names."""

    MOST = "most", _("one of them has as many meetings as it wants")
    CLASH = "clash", _("no slot in which both are free")
    TABLES = "tables", _("no free table when both are free")
    SEARCH = "search", _("left over when the search ended")


WAITING = (PlanState.ASKED, PlanState.RUNNING)
