"""The lists of parks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PairDirection(models.TextChoices):
    """Which way a park partnership runs."""

    MUTUAL = "mutual", _("mutual")
    FROM_TO = "from-to", _("from the first to the second")


class PairState(models.TextChoices):
    """Whether both parks stand behind a partnership."""

    ANNOUNCED = "announced", _("Announced officially")
    PROPOSED = "proposed", _("Not confirmed by the partner park yet")
    CONFIRMED = "confirmed", _("Confirmed by both parks")
    DECLINED = "declined", _("Declined by the partner park")


class SourceStatus(models.TextChoices):
    """How sure a fact is."""

    SOURCED = "sourced", _("Sourced")
    PARTLY = "partly-sourced", _("Partly sourced")
    AUTHORED = "authored", _("Authored, to be confirmed")
    OPEN = "to-be-confirmed", _("To be confirmed")


class ProjectState(models.TextChoices):
    """Where a cooperation project stands."""

    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Under way")
    COMPLETED = "completed", _("Completed")
    STOPPED = "stopped", _("Stopped")


class IndicatorKind(models.TextChoices):
    """What a park reports for a quarter; derived figures are computed and never stand here."""

    INVESTMENT = "investment", _("Investment, 10,000 yuan")
    OUTPUT = "output", _("Output value, 10,000 yuan")
    JOBS = "jobs", _("Jobs")
    PROJECTS_SIGNED = "projects_signed", _("Projects signed")
    PROBLEMS = "problems", _("Problems met")
    NEXT_STEPS = "next_steps", _("Next steps")

    @property
    def is_text(self) -> bool:
        """Whether it is told in words, not by a number."""
        return self.value in WORDS

    @classmethod
    def of_numbers(cls) -> "list[IndicatorKind]":
        """Those that are numbers."""
        return [kind for kind in cls if not kind.is_text]


WORDS = ("problems", "next_steps")
"""What is reported in words."""
