"""Values of fields of the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseAct(models.TextChoices):
    """What is done to a case."""

    OPENED = "opened", _("opened")
    CHANGED = "changed", _("changed")
    HANDED = "handed", _("handed over")
    CLOSED = "closed", _("closed")


class CaseEnd(models.TextChoices):
    """Why a case is closed."""

    SOLVED = "solved", _("solved")
    BY_FIRMS = "by_firms", _("the firms settled it themselves")
    NO_ANSWER = "no_answer", _("no answer from a firm")
    NOT_POSSIBLE = "impossible", _("not possible now")
    DOUBLED = "doubled", _("already in another case")


class MeetingState(models.TextChoices):
    """Where a meeting stands that a coordinator called."""

    PROPOSED = "proposed", _("times proposed")
    AGREED = "agreed", _("time agreed")
    CALLED_OFF = "called_off", _("called off")


class PairStep(models.TextChoices):
    """How far a pair has come that was suggested by hand."""

    WAITS = "waits", _("no interest yet")
    INTERESTED = "interested", _("interest")
    INTRODUCED = "introduced", _("introduced or further")
    COMPLETED = "completed", _("confirmed outcome")
