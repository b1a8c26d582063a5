"""The lists of postings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    """Which way a posting looks."""

    NEED = "need", _("Need")
    CAPACITY = "capacity", _("Capacity")


class Subject(models.TextChoices):
    """What a posting is about."""

    COMPONENT = "component", _("Parts")
    PROCESSING = "processing", _("Processing")
    PREMISES = "premises", _("Premises")
    TECHNOLOGY = "technology", _("Technology")
    TALENT = "talent", _("Talent")
    RESOURCE = "resource", _("Resources")
    SERVICE = "service", _("Services")


USUAL_SUBJECTS = {
    "EQUIP.PROC": Subject.PROCESSING,
    "SVC.SPACE": Subject.PREMISES,
    "SVC.TALENT": Subject.TALENT,
    "SVC.RES": Subject.RESOURCE,
    "SVC": Subject.SERVICE,
}
"""What postings at a node, and below it, are usually about; the longer code first. Anywhere else it is parts."""


def usual_subject(code: str) -> Subject:
    """What a posting at the node with this code is usually about."""
    under = (subject for head, subject in USUAL_SUBJECTS.items() if f"{code}.".startswith(f"{head}."))
    return next(under, Subject.COMPONENT)


class ExchangeMode(models.TextChoices):
    """How people work for the other firm."""

    SECONDMENT = "secondment", _("Secondment")
    SHARED_POST = "shared_post", _("Shared post")
    TRAINING = "training", _("Training")


class Status(models.TextChoices):
    """Where a posting stands in its life."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("Waiting for a check")
    PUBLISHED = "published", _("Published")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")
    EXPIRED = "expired", _("Expired")


class Period(models.TextChoices):
    """What a quantity is counted over."""

    ONCE = "once", _("once")
    MONTH = "month", _("per month")
    YEAR = "year", _("per year")


class RegionPreference(models.TextChoices):
    """Where a counterpart may be."""

    ANY = "any", _("Anywhere")
    OTHER_PROVINCE = "other_province", _("The other province first")
    RADIUS = "radius", _("Within a radius")
    LIST = "list", _("In listed regions")


class PriceKind(models.TextChoices):
    """Whether a price band is shown and matched, or kept sealed."""

    NONE = "none", _("No price")
    OPEN = "open", _("Open band")
    SEALED = "sealed", _("Sealed band")


class Visibility(models.TextChoices):
    """Under which name the posting is shown before mutual interest."""

    NAMED = "named", _("Under the enterprise's name")
    ALIAS = "alias", _("Under its alias")


class Operator(models.TextChoices):
    """How a parameter is compared."""

    AT_LEAST = "ge", "≥"
    AT_MOST = "le", "≤"
    EQUAL = "eq", "="


class BusyLevel(models.IntegerChoices):
    """How many requests wait at a posting, in three steps refreshed once a day."""

    FREE = 0, _("open")
    SOME = 1, _("some requests")
    BUSY = 2, _("busy")
