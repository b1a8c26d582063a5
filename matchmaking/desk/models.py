"""Cases with their steps, meetings with their proposed times, and pairs suggested by hand."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.models import PublicKeyed, TimeStamped, Versioned
from matchmaking.desk import choices, querysets
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.models import Posting

MINUTES = (MinValueValidator(15), MaxValueValidator(480))


class Case(PublicKeyed, Versioned, TimeStamped):
    """Something stuck that a coordinator takes up: with which department, until when, and why it ended."""

    posting = models.ForeignKey(Posting, models.PROTECT, null=True, blank=True, related_name="cases")
    partnership = models.ForeignKey(
        Partnership, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("partnership")
    )
    subject = models.CharField(_("what is stuck"), max_length=400)
    department = models.CharField(_("department"), max_length=120)
    due_on = models.DateField(_("due on"))
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("with"))
    end = models.CharField(_("closed because"), max_length=10, choices=choices.CaseEnd, blank=True)
    end_note = models.CharField(_("what came of it"), max_length=400, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = querysets.CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(posting__isnull=False, partnership__isnull=True)
                | Q(posting__isnull=True, partnership__isnull=False),
                name="case_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, end="") | (Q(closed_on__isnull=False) & ~Q(end="")),
                name="closed_case_says_why",
            ),
            models.UniqueConstraint(
                fields=["posting"], condition=Q(closed_on=None, posting__isnull=False), name="one_open_case_a_posting"
            ),
            models.UniqueConstraint(
                fields=["partnership"],
                condition=Q(closed_on=None, partnership__isnull=False),
                name="one_open_case_a_partnership",
            ),
        ]
        indexes = [models.Index(fields=["closed_on", "due_on"])]

    def __str__(self) -> str:
        return self.key

    @property
    def thing(self) -> Posting | Partnership:
        """What it is about."""
        found = self.posting or self.partnership
        assert found is not None
        return found


class CaseEvent(models.Model):
    """One step of a case, append-only; ``handed_to`` is whom it was given."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    act = models.CharField(_("step"), max_length=8, choices=choices.CaseAct)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    handed_to = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    department = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    happened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of cases")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.act}"


class Meeting(PublicKeyed, Versioned, TimeStamped):
    """A meeting of a partnership's two firms that a coordinator called; ``agreed_for`` is the time that both accept."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="meetings", verbose_name=_("partnership"))
    called_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("called by"))
    state = models.CharField(
        _("state"), max_length=10, choices=choices.MeetingState, default=choices.MeetingState.PROPOSED
    )
    topic = models.CharField(_("what it is about"), max_length=400)
    place = models.CharField(_("place or link"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("length, minutes"), default=60, validators=MINUTES)
    agreed_for = models.DateTimeField(_("agreed for"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True, editable=False)
    need_answered_at = models.DateTimeField(_("answered by the side that needs"), null=True, blank=True, editable=False)
    capacity_answered_at = models.DateTimeField(
        _("answered by the side that supplies"), null=True, blank=True, editable=False
    )

    objects = querysets.MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(state="proposed"), name="one_open_meeting_a_partnership"
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(agreed_for__isnull=False, settled_at__isnull=False),
                name="agreed_meeting_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class MeetingTime(models.Model):
    """One proposed time and which sides can then."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="times")
    begins_at = models.DateTimeField(_("begins"))
    suits_need = models.BooleanField(default=False)
    suits_capacity = models.BooleanField(default=False)

    class Meta:
        ordering = ["begins_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "begins_at"], name="one_row_a_proposed_time")]

    def __str__(self) -> str:
        return f"{self.begins_at:%Y-%m-%d %H:%M}"


class HandPair(PublicKeyed, TimeStamped):
    """A need and a capacity that a coordinator suggested to both firms by hand, and why; both read the reason."""

    need = models.ForeignKey(Posting, models.CASCADE, related_name="hand_pairs_as_need")
    capacity = models.ForeignKey(Posting, models.CASCADE, related_name="hand_pairs_as_capacity")
    reason = models.CharField(_("why they fit"), max_length=400)
    suggested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("suggested by"))

    objects = querysets.HandPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair suggested by hand")
        verbose_name_plural = _("pairs suggested by hand")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["need", "capacity"], name="one_hand_pair_a_pair")]

    def __str__(self) -> str:
        return self.key
