"""The lists of matching."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Through which door a suggestion was shown."""

    PAGE = "page", _("page")
    API = "api", _("API")
    MAIL = "mail", _("mail")


class Grade(models.IntegerChoices):
    """The five steps that a match's points are told in."""

    POOR = 1, _("weak")
    FAIR = 2, _("possible")
    GOOD = 3, _("worth a talk")
    STRONG = 4, _("good match")
    EXCELLENT = 5, _("excellent match")


GOOD = Grade.STRONG
"""A match of this grade or a better one is told to its owner without being asked for."""


class RematchScope(models.TextChoices):
    """Which postings a rematch asks again."""

    CHANGED = "changed", _("changed postings")
    ALL = "all", _("all needs")


class WordState(models.TextChoices):
    """What became of a word that no term explains."""

    WAITING = "waiting", _("waits to be placed")
    PLACED = "placed", _("placed")
    IGNORED = "ignored", _("says nothing")
