"""Matchmaking days with their guests, what the guests wish, and the plans made of it."""

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Enterprise, User
from common.models import PublicKeyed, TimeStamped, Versioned, in_active_language
from matchmaking.days import choices, querysets
from matchmaking.desk.models import HandPair
from reference.models import IndustryChain, Region

MOST_SLOTS, MOST_TABLES = 24, 60
LEAST_MINUTES, MOST_MINUTES = 5, 120


def between(least: int, most: int) -> tuple[MinValueValidator, MaxValueValidator]:
    """A whole number within both."""
    return MinValueValidator(least), MaxValueValidator(most)


class MatchDay(PublicKeyed, Versioned, TimeStamped):
    """A day on which firms meet two by two at tables, slot after slot from ``begins_at`` on.

    ``regions`` and ``chains`` say what it is about and which coordinators look after it beside ``made_by``; firms from
    anywhere are invited.
    """

    title_zh = models.CharField(_("title in Chinese"), max_length=80)
    title_en = models.CharField(_("title in English"), max_length=120)
    day = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=200)
    begins_at = models.TimeField(_("begins at"))
    slot_minutes = models.PositiveSmallIntegerField(
        _("length of a slot, minutes"), validators=between(LEAST_MINUTES, MOST_MINUTES)
    )
    slots = models.PositiveSmallIntegerField(_("slots"), validators=between(1, MOST_SLOTS))
    tables = models.PositiveSmallIntegerField(_("tables"), validators=between(1, MOST_TABLES))
    marks_until = models.DateField(_("last day for wishes"))
    regions = models.ManyToManyField(Region, blank=True, related_name="+", verbose_name=_("regions"))
    chains = models.ManyToManyField(IndustryChain, blank=True, related_name="+", verbose_name=_("chains"))
    state = models.CharField(_("state"), max_length=9, choices=choices.DayState, default=choices.DayState.OPEN)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("opened by"))
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    title = in_active_language("title")
    objects = querysets.MatchDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("matchmaking day")
        verbose_name_plural = _("matchmaking days")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(marks_until__lt=F("day")), name="wishes_end_before_the_day"),
            models.CheckConstraint(condition=Q(slots__gt=0, tables__gt=0), name="day_has_slots_and_tables"),
        ]

    def __str__(self) -> str:
        return self.key

    def begins(self, slot: int) -> datetime:
        """When ``slot``, counted from 1, begins."""
        start = timezone.make_aware(datetime.combine(self.day, self.begins_at))
        return start + timedelta(minutes=self.slot_minutes * (slot - 1))

    @property
    def starts(self) -> datetime:
        """When the first slot begins."""
        return self.begins(1)

    @property
    def ends(self) -> datetime:
        """When the last slot is over."""
        return self.begins(self.slots + 1)


class Guest(TimeStamped):
    """A firm that was invited; ``most`` is how many meetings it wants at most, as many as there are slots where None.

    ``marked_at`` tells that it said whom it wishes to meet, not what it said.
    """

    day = models.ForeignKey(MatchDay, models.CASCADE, related_name="guests", verbose_name=_("matchmaking day"))
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="+", verbose_name=_("enterprise"))
    state = models.CharField(_("state"), max_length=9, choices=choices.GuestState, default=choices.GuestState.ASKED)
    most = models.PositiveSmallIntegerField(
        _("meetings at most"), null=True, blank=True, validators=between(1, MOST_SLOTS)
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    marked_at = models.DateTimeField(_("wishes told at"), null=True, blank=True, editable=False)

    objects = querysets.GuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("invited firm")
        verbose_name_plural = _("invited firms")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["day", "enterprise"], name="one_invitation_a_firm")]

    def __str__(self) -> str:
        return f"{self.day_id} {self.enterprise_id}"


class Mark(models.Model):
    """What ``guest`` says of another guest."""

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="marks")
    about = models.ForeignKey(Guest, models.CASCADE, related_name="+")
    wish = models.CharField(max_length=4, choices=choices.Wish)

    objects = querysets.MarkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["guest", "about"], name="one_wish_about_a_guest"),
            models.CheckConstraint(condition=~Q(guest=F("about")), name="no_wish_about_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.guest_id} > {self.about_id}"


class DayPlan(PublicKeyed, TimeStamped):
    """A plan of a day as the worker made it; ``inputs`` is what tells the wishes and firms it was made from.

    ``figures`` counts, ``left`` lists pairs of enterprise keys with the rule by which they do not meet; neither says
    who wished, and pairs that one side refused are in none of them.
    """

    day = models.ForeignKey(MatchDay, models.CASCADE, related_name="plans")
    state = models.CharField(max_length=7, choices=choices.PlanState, default=choices.PlanState.ASKED)
    seed = models.PositiveIntegerField(default=1)
    inputs = models.CharField(max_length=64, blank=True)
    is_best = models.BooleanField(default=False)
    figures = models.JSONField(default=dict, blank=True)
    left = models.JSONField(default=list, blank=True)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day"], condition=Q(published_at__isnull=False), name="one_published_plan_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.key


class DayMeeting(PublicKeyed, TimeStamped):
    """Two firms at a table in a slot; ``is_off`` where one of them gave up its place, ``is_held`` once it is known.

    ``hand_pair`` is what a coordinator suggested to both afterwards.
    """

    plan = models.ForeignKey(DayPlan, models.CASCADE, related_name="meetings")
    slot = models.PositiveSmallIntegerField()
    table = models.PositiveSmallIntegerField()
    first = models.ForeignKey(Guest, models.CASCADE, related_name="+")
    second = models.ForeignKey(Guest, models.CASCADE, related_name="+")
    is_off = models.BooleanField(default=False)
    is_held = models.BooleanField(null=True, blank=True)
    hand_pair = models.ForeignKey(HandPair, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = querysets.DayMeetingQuerySet.as_manager()

    class Meta:
        ordering = ["slot", "table", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "slot", "table"], condition=Q(is_off=False), name="one_meeting_a_table_and_slot"
            ),
            models.UniqueConstraint(
                fields=["plan", "slot", "first"], condition=Q(is_off=False), name="first_firm_is_in_one_place"
            ),
            models.UniqueConstraint(
                fields=["plan", "slot", "second"], condition=Q(is_off=False), name="second_firm_is_in_one_place"
            ),
            models.CheckConstraint(condition=~Q(first=F("second")), name="nobody_meets_itself"),
        ]

    def __str__(self) -> str:
        return self.key
