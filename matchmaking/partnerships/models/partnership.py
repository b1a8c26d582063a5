"""What joins a need and a capacity, and every step that it took."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Enterprise, User
from common.models import PublicKeyed, TimeStamped, Versioned
from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.partnerships.querysets import (
    CoordinationNoteQuerySet,
    PartnershipPartQuerySet,
    PartnershipQuerySet,
)
from matchmaking.postings.models import Posting


class Partnership(PublicKeyed, Versioned, TimeStamped):
    """One need and one capacity on their way to an outcome; ``answer_by`` is the last day for the other side.

    ``need_version`` and ``capacity_version`` are those of the postings when the interest was declared.
    """

    need = models.ForeignKey(Posting, models.PROTECT, related_name="partnerships_as_need")
    capacity = models.ForeignKey(Posting, models.PROTECT, related_name="partnerships_as_capacity")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUGGESTED)
    opened_by = models.CharField(max_length=8, choices=Side, default=Side.NEED)
    note = models.CharField(_("note"), max_length=500, blank=True)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    end_reason = models.CharField(max_length=60, blank=True)
    need_version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    capacity_version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    introduced_at = models.DateTimeField(null=True, blank=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "capacity"], condition=~Q(state="failed"), name="one_open_partnership_a_pair"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(end_reason=""), name="ended_partnership_says_why"),
        ]
        indexes = [models.Index(fields=["state", "answer_by"]), models.Index(fields=["state", "-id"])]

    def __str__(self) -> str:
        return self.key


class PartnershipEvent(models.Model):
    """One step, append-only: who did what when, from which state to which, and why."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="events")
    act = models.CharField(max_length=20, choices=Act)
    from_state = models.CharField(max_length=10, choices=State)
    to_state = models.CharField(max_length=10, choices=State)
    side = models.CharField(max_length=8, choices=Side)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=500, blank=True)
    happened_at = models.DateTimeField(auto_now_add=True)

    objects = PartnershipPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a partnership")
        verbose_name_plural = _("events of partnerships")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.act}"


class CoordinationNote(models.Model):
    """What a coordinator wrote down about a posting or a partnership, append-only; no firm reads it."""

    posting = models.ForeignKey(
        Posting, models.CASCADE, null=True, blank=True, related_name="coordination_notes", verbose_name=_("posting")
    )
    partnership = models.ForeignKey(
        Partnership,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="coordination_notes",
        verbose_name=_("partnership"),
    )
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("written by"))
    text = models.CharField(_("note"), max_length=1000)
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)

    objects = CoordinationNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note of a coordinator")
        verbose_name_plural = _("notes of coordinators")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(posting__isnull=False, partnership__isnull=True)
                | Q(posting__isnull=True, partnership__isnull=False),
                name="coordination_note_is_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
