"""Quoted facts and cluster targets: text with its source, never computed with."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.models import TimeStamped, in_active_language
from matchmaking.insights.choices import TargetState
from matchmaking.insights.querysets import PublicQuerySet
from reference.choices import Cluster


class Quoted(TimeStamped):
    """Texts of a quotation in both languages, each read in the active one; a number stays as it was printed."""

    claim_zh = models.CharField(_("claim in Chinese"), max_length=600)
    claim_en = models.CharField(_("claim in English"), max_length=600)
    value = models.CharField(_("value"), max_length=80, blank=True)
    unit_zh = models.CharField(_("unit in Chinese"), max_length=80, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=400)
    note_zh = models.CharField(_("note in Chinese"), max_length=600, blank=True)
    note_en = models.CharField(_("note in English"), max_length=600, blank=True)

    claim = in_active_language("claim")
    unit = in_active_language("unit")
    note = in_active_language("note")

    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True


class QuotedFact(Quoted):
    """A figure as printed somewhere: value as text, unit, period, source and what is unclear about it."""

    code = models.CharField(max_length=12, unique=True)
    subject_zh = models.CharField(max_length=200)
    subject_en = models.CharField(max_length=200)
    period_zh = models.CharField(_("period in Chinese"), max_length=120, blank=True)
    period_en = models.CharField(_("period in English"), max_length=120, blank=True)

    subject = in_active_language("subject")
    period = in_active_language("period")

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("quoted fact")
        verbose_name_plural = _("quoted facts")
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="fact_has_a_source")]

    def __str__(self) -> str:
        return self.code


class ClusterTarget(Quoted):
    """A target as announced, with its due year; an actual figure needs a source of its own."""

    code = models.CharField(max_length=40, unique=True)
    cluster = models.CharField(_("cluster"), max_length=40, choices=Cluster)
    due_year = models.PositiveSmallIntegerField(_("due year"), null=True, blank=True)
    actual_value = models.CharField(_("actual value"), max_length=80, blank=True)
    actual_source = models.CharField(_("source of the actual value"), max_length=400, blank=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="target_has_a_source"),
            models.CheckConstraint(
                condition=Q(actual_value="") | ~Q(actual_source=""), name="actual_value_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def state_on(self, day: date) -> TargetState:
        """Where the target stands on ``day``: it is reported only when an actual figure has a source of its own."""
        if self.actual_value:
            return TargetState.REPORTED
        return TargetState.DUE_PASSED if self.due_year and day.year > self.due_year else TargetState.OPEN
