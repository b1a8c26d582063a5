"""Demonstration parks, who runs them, whom they work with, and what they report."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Enterprise, User
from accounts.querysets import GrantQuerySet
from common.errors import Refused
from common.models import NamedInTwoLanguages, PublicKeyed, TimeStamped, Versioned
from common.reasons import Reason
from matchmaking.parks.choices import WORDS, IndicatorKind, PairDirection, PairState, ProjectState, SourceStatus
from matchmaking.parks.querysets import (
    MilestoneQuerySet,
    ParkBatchQuerySet,
    ParkFirmQuerySet,
    ParkIndicatorQuerySet,
    ParkPartnershipQuerySet,
    ParkPartQuerySet,
    ParkPremisesQuerySet,
    ParkQuerySet,
)
from matchmaking.postings.models import Posting
from reference.choices import Cluster, CooperationType
from reference.models import Region


def check_clusters(value: object) -> None:
    """Refuses anything but a list of cluster codes."""
    if not isinstance(value, list) or any(code not in Cluster.values for code in value):
        raise ValidationError(_("A list of clusters is wanted: %(codes)s"), params={"codes": ", ".join(Cluster.values)})


class ParkBatch(models.Model):
    """A batch of demonstration parks as announced: how many, on which day, and where that can be read."""

    number = models.PositiveSmallIntegerField(_("batch"), unique=True)
    announced_on = models.DateField(_("announced on"))
    licensed_on = models.DateField(_("licensed on"), null=True, blank=True)
    size = models.PositiveSmallIntegerField(_("parks"), validators=[MinValueValidator(1)])
    source = models.CharField(_("source"), max_length=400)
    is_complete = models.BooleanField(_("all parks named"), default=False)

    objects = ParkBatchQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("batch of parks")
        verbose_name_plural = _("batches of parks")
        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="batch_has_a_source")]

    def __str__(self) -> str:
        return f"{self.number}"


class Park(NamedInTwoLanguages, Versioned, TimeStamped):
    """A demonstration park of a batch, in one or two regions; ``listed_from`` is the day its batch was announced."""

    slug = models.SlugField(max_length=60, unique=True)
    batch = models.PositiveSmallIntegerField(_("batch"), null=True, blank=True)
    listed_from = models.DateField(_("announced on"), null=True, blank=True)
    regions = models.ManyToManyField(Region, related_name="parks", verbose_name=_("regions"))
    clusters = models.JSONField(_("clusters"), default=list, blank=True, validators=[check_clusters])
    introduction_zh = models.TextField(_("introduction in Chinese"), max_length=4000, blank=True)
    introduction_en = models.TextField(_("introduction in English"), max_length=4000, blank=True)
    source = models.CharField(_("source"), max_length=400)
    source_status = models.CharField(_("status of the source"), max_length=16, choices=SourceStatus)
    note = models.CharField(_("note"), max_length=600, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = ParkQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[regions])

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        ordering = ["batch", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="park_has_a_source")]

    @property
    def introduction(self) -> str:
        """The introduction in the active language, else in the other one."""
        texts = (self.introduction_zh, self.introduction_en)
        first, second = reversed(texts) if (get_language() or "zh").startswith("en") else texts
        return first or second

    @property
    def cluster_names(self) -> list[str]:
        """Names of the clusters in the active language."""
        return [str(Cluster(code).label) for code in self.clusters]


class ParkAdministrator(TimeStamped):
    """The right to run a park in the administration, until ``ends_on``."""

    park = models.ForeignKey(Park, models.CASCADE, related_name="administrators")
    user = models.ForeignKey(User, models.CASCADE, related_name="park_grants")
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("park administrator")
        verbose_name_plural = _("park administrators")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["park", "user"], name="one_grant_a_park")]

    def __str__(self) -> str:
        return f"{self.user} · {self.park}"


class ParkPartnership(Versioned, TimeStamped):
    """Two parks that cooperate in one of the five ways; the same pair may stand with several kinds, one after another.

    It holds from ``agreed_on`` until the day before ``ended_on``. ``proposed_by`` is the park that the other one is to
    answer; ``follows`` is the partnership whose kind a ``notice`` changed into this one's.
    """

    from_park = models.ForeignKey(Park, models.PROTECT, related_name="partnerships_from")
    to_park = models.ForeignKey(Park, models.PROTECT, related_name="partnerships_to")
    direction = models.CharField(_("direction"), max_length=8, choices=PairDirection)
    cooperation_type = models.CharField(_("kind of cooperation"), max_length=28, choices=CooperationType)
    type_status = models.CharField(_("status of the kind"), max_length=16, choices=SourceStatus)
    pair_status = models.CharField(_("status of the pair"), max_length=16, choices=SourceStatus)
    agreed_on = models.DateField(_("agreed or reported on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=400)
    note = models.CharField(_("note"), max_length=600, blank=True)
    clusters = models.JSONField(_("clusters"), default=list, blank=True, validators=[check_clusters])
    notice = models.CharField(_("notice on the kind"), max_length=400, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("follows")
    )
    state = models.CharField(
        _("confirmation"), max_length=10, choices=PairState, default=PairState.ANNOUNCED, editable=False
    )
    proposed_by = models.ForeignKey(
        Park, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("proposed by")
    )
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    answer = models.CharField(_("words of the answer"), max_length=400, blank=True, editable=False)

    objects = ParkPartnershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("park partnership")
        verbose_name_plural = _("park partnerships")
        ordering = ["agreed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_park", "to_park", "cooperation_type"],
                condition=Q(ended_on=None) & ~Q(state=PairState.DECLINED),
                name="one_pair_a_kind_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(agreed_on=None) | Q(ended_on__gte=F("agreed_on")),
                name="pair_begins_before_it_ends",
            ),
            models.CheckConstraint(condition=~Q(from_park=F("to_park")), name="no_park_pairs_with_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.from_park} – {self.to_park}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuses has_history: a partnership ends on a day and stays to be read."""
        raise Refused(Reason.REFUSAL_HAS_HISTORY)

    @property
    def cluster_names(self) -> list[str]:
        """Names of the industries in the active language."""
        return [str(Cluster(code).label) for code in self.clusters]

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the partner park has yet to say yes."""
        return self.state == PairState.PROPOSED


class CooperationProject(PublicKeyed, NamedInTwoLanguages, Versioned, TimeStamped):
    """A project of one of the five kinds; value in yuan."""

    park = models.ForeignKey(Park, models.PROTECT, related_name="projects")
    partner_park = models.ForeignKey(Park, models.PROTECT, null=True, blank=True, related_name="+")
    cooperation_type = models.CharField(_("kind of cooperation"), max_length=28, choices=CooperationType)
    state = models.CharField(_("state"), max_length=10, choices=ProjectState, default=ProjectState.PLANNED)
    value_yuan = models.DecimalField(
        _("value, yuan"), max_digits=17, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    enterprises: "models.ManyToManyField[ParkFirm, Any]" = models.ManyToManyField(
        "ParkFirm", blank=True, related_name="projects", verbose_name=_("firms")
    )
    source = models.CharField(_("notice or other source"), max_length=400)

    objects = ParkPartQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[enterprises])

    class Meta:
        verbose_name = _("cooperation project")
        verbose_name_plural = _("cooperation projects")
        ordering = ["pk"]

    @property
    def reached(self) -> int:
        """How many of its milestones are reached, of those that were read with it."""
        return sum(one.reached_on is not None for one in self.milestones.all())


class Milestone(NamedInTwoLanguages, TimeStamped):
    """A step of a project: when it is due, and when it was reached."""

    project = models.ForeignKey(
        CooperationProject, models.PROTECT, related_name="milestones", verbose_name=_("project")
    )
    due_on = models.DateField(_("due on"))
    reached_on = models.DateField(_("reached on"), null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "pk"]

    @property
    def is_late(self) -> bool:
        """Whether its day has passed and it was not reached."""
        return self.reached_on is None and self.due_on < timezone.localdate()


class ParkIndicator(Versioned, TimeStamped):
    """A reported figure of a park for a quarter, with its source and author; ``words`` instead of a value for what is
    told in words.

    It is a draft of its park until the quarter is submitted (``is_locked``); then it is public and changes only by
    correction.
    """

    park = models.ForeignKey(Park, models.PROTECT, related_name="indicators")
    kind = models.CharField(_("figure"), max_length=16, choices=IndicatorKind)
    period_start = models.DateField(_("first day of the quarter"))
    value = models.DecimalField(
        _("value"), max_digits=17, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    words = models.TextField(
        _("in words"), max_length=2000, blank=True, help_text=_("For problems and next steps; public once submitted.")
    )
    source = models.CharField(_("source"), max_length=400)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    is_locked = models.BooleanField(_("locked"), default=False)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = ParkIndicatorQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("indicator of a park")
        verbose_name_plural = _("indicators of parks")
        ordering = ["park", "kind", "-period_start"]
        constraints = [
            models.UniqueConstraint(fields=["park", "kind", "period_start"], name="one_figure_a_quarter"),
            models.CheckConstraint(
                condition=Q(period_start__month__in=[1, 4, 7, 10], period_start__day=1), name="quarter_begins_properly"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="indicator_has_a_source"),
            models.CheckConstraint(
                condition=Q(kind__in=WORDS, value=None) & ~Q(words="")
                | ~Q(kind__in=WORDS) & Q(value__isnull=False, words=""),
                name="indicator_is_a_number_or_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.park} {self.get_kind_display()} {self.period_start}"

    def clean(self) -> None:
        """A number has a value and no words, what is told in words the other way round."""
        wanted, other = ("words", "value") if self.kind in WORDS else ("value", "words")
        problems: dict[str, ValidationError] = {}
        if getattr(self, wanted) in (None, ""):
            problems[wanted] = ValidationError(_("This field is required."), code="required")
        if getattr(self, other) not in (None, ""):
            problems[other] = ValidationError(_("Leave this empty for this figure."), code="superfluous")
        if problems:
            raise ValidationError(problems)


class ParkFirm(Enterprise):
    """A firm in a park's regions, as the park's people see it: without contact data."""

    objects: ClassVar[Any] = ParkFirmQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("firm in the region")
        verbose_name_plural = _("firms in the region")


class ParkPremises(Posting):
    """Premises offered in a park's regions, as the park's people see them: without prices and what is left."""

    objects: ClassVar[Any] = ParkPremisesQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("premises")
        verbose_name_plural = _("premises")
