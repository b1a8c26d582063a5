"""Framework agreements: who signed what, what was promised, and what became of it, each line with its source."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.errors import Refused
from common.models import NamedInTwoLanguages, TimeStamped, in_active_language
from common.reasons import Reason
from matchmaking.insights.choices import CommitmentState, EntryKind, Measure
from matchmaking.insights.querysets import LastingQuerySet
from reference.choices import Cluster


def require_given(row: models.Model, *names: str) -> None:
    """Raise ValidationError that names each of these columns that is empty."""
    text = _("This field is required.")
    missing = {name: ValidationError(text, code="required") for name in names if not getattr(row, name)}
    if missing:
        raise ValidationError(missing)


class Lasting(TimeStamped):
    """Rows that are never removed: what was signed and said stays to be read."""

    source = models.CharField(_("source"), max_length=400)

    objects = LastingQuerySet.as_manager()
    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuses has_history."""
        raise Refused(Reason.REFUSAL_HAS_HISTORY)


class FrameworkAgreement(NamedInTwoLanguages, Lasting):
    """An agreement between authorities on a cluster of industries.

    ``signed_by`` is the last day on which it can have been signed, ``signed_zh`` and ``signed_en`` are that day as the
    source tells it; ``ends_on`` is the last day on which it holds, None where no source names one.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    cluster = models.CharField(_("cluster"), max_length=40, choices=Cluster)
    fields_zh = models.CharField(_("fields in Chinese"), max_length=200, blank=True)
    fields_en = models.CharField(_("fields in English"), max_length=200, blank=True)
    signed_by = models.DateField(_("signed by"))
    signed_zh = models.CharField(_("signed, as told in Chinese"), max_length=80)
    signed_en = models.CharField(_("signed, as told in English"), max_length=80)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    note_zh = models.CharField(_("note in Chinese"), max_length=600, blank=True)
    note_en = models.CharField(_("note in English"), max_length=600, blank=True)

    fields = in_active_language("fields")
    signed = in_active_language("signed")
    note = in_active_language("note")

    class Meta:
        verbose_name = _("framework agreement")
        verbose_name_plural = _("framework agreements")
        ordering = ["-signed_by", "code"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="agreement_has_a_source"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("signed_by")), name="agreement_begins_before_it_ends"
            ),
        ]

    def is_over_on(self, day: date) -> bool:
        """Whether its last day lies before ``day``."""
        return self.ends_on is not None and self.ends_on < day


class AgreementParty(NamedInTwoLanguages, Lasting):
    """A side of an agreement; ``follows`` is the one whose place it took on ``since``."""

    agreement = models.ForeignKey(
        FrameworkAgreement, models.PROTECT, related_name="parties", verbose_name=_("agreement")
    )
    since = models.DateField(_("since"), null=True, blank=True)
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("follows")
    )

    class Meta:
        verbose_name = _("party of an agreement")
        verbose_name_plural = _("parties of agreements")
        ordering = ["agreement", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="party_has_a_source"),
            models.CheckConstraint(
                condition=Q(follows=None) | Q(since__isnull=False), name="successor_has_a_first_day"
            ),
        ]

    def clean(self) -> None:
        """A successor has a first day."""
        if self.follows_id is not None:
            require_given(self, "since")


class Commitment(NamedInTwoLanguages, Lasting):
    """A task that the parties took on, with how far it is and what on this platform speaks of it."""

    agreement = models.ForeignKey(
        FrameworkAgreement, models.PROTECT, related_name="commitments", verbose_name=_("agreement")
    )
    state = models.CharField(_("state"), max_length=9, choices=CommitmentState, default=CommitmentState.UNKNOWN)
    measure = models.CharField(_("live count"), max_length=10, choices=Measure, default=Measure.NONE)
    due_on = models.DateField(_("due on"), null=True, blank=True)

    class Meta:
        verbose_name = _("task of an agreement")
        verbose_name_plural = _("tasks of agreements")
        ordering = ["agreement", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="commitment_has_a_source")]


class AgreementEntry(Lasting):
    """A document or a step of an agreement: ``on`` is its day or the last day of what ``told`` says."""

    agreement = models.ForeignKey(
        FrameworkAgreement, models.PROTECT, related_name="entries", verbose_name=_("agreement")
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("task")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=EntryKind)
    on = models.DateField(_("day"))
    told_zh = models.CharField(_("day, as told in Chinese"), max_length=80, blank=True)
    told_en = models.CharField(_("day, as told in English"), max_length=80, blank=True)
    text_zh = models.CharField(_("text in Chinese"), max_length=600)
    text_en = models.CharField(_("text in English"), max_length=600)
    address = models.URLField(_("address"), blank=True)

    told = in_active_language("told")
    text = in_active_language("text")

    class Meta:
        verbose_name = _("document or step of an agreement")
        verbose_name_plural = _("documents and steps of agreements")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="entry_has_a_source")]

    def __str__(self) -> str:
        return self.text
