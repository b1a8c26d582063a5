"""Quoted facts and cluster targets: text with its source, never computed with."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import TimeStamped
from matchmaking.insights.querysets import PublicQuerySet


class QuotedFact(TimeStamped):
    """A figure as printed somewhere: value as text, unit, period, source and what is unclear about it."""

    code = models.CharField(max_length=12, unique=True)
    subject_zh = models.CharField(max_length=200)
    subject_en = models.CharField(max_length=200)
    claim_zh = models.CharField(_("claim in Chinese"), max_length=600)
    claim_en = models.CharField(_("claim in English"), max_length=600)
    value = models.CharField(_("value"), max_length=80, blank=True)
    unit = models.CharField(_("unit"), max_length=80, blank=True)
    period = models.CharField(_("period"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=400)
    note = models.CharField(_("note"), max_length=600, blank=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("quoted fact")
        verbose_name_plural = _("quoted facts")
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="fact_has_a_source")]

    def __str__(self) -> str:
        return self.code


class ClusterTarget(TimeStamped):
    """A target as announced, with its due year; an actual figure needs a source of its own."""

    code = models.CharField(max_length=40, unique=True)
    cluster = models.CharField(max_length=40)
    claim_zh = models.CharField(_("target in Chinese"), max_length=400)
    claim_en = models.CharField(_("target in English"), max_length=400)
    value = models.CharField(_("value"), max_length=80)
    unit = models.CharField(_("unit"), max_length=80)
    due_year = models.PositiveSmallIntegerField(_("due year"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=400)
    note = models.CharField(_("note"), max_length=600, blank=True)
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
