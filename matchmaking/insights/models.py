"""Quoted facts and cluster targets: text with its source, never computed with."""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from common.models import PublicKeyed, TimeStamped, in_active_language
from matchmaking.insights.agreements import AgreementEntry as AgreementEntry
from matchmaking.insights.agreements import AgreementParty as AgreementParty
from matchmaking.insights.agreements import Commitment as Commitment
from matchmaking.insights.agreements import FrameworkAgreement as FrameworkAgreement
from matchmaking.insights.agreements import require_given
from matchmaking.insights.choices import Coverage, FlowKind, FlowLevel, Place, PlanState, TargetState
from matchmaking.insights.clearings import Clearing as Clearing
from matchmaking.insights.clearings import ClearingLine as ClearingLine
from matchmaking.insights.clearings import Placed
from matchmaking.insights.querysets import OwnPlanQuerySet, PublicQuerySet
from reference.choices import Cluster
from reference.models import ChainNode, IndustryChain


def as_number(written: str) -> Decimal | None:
    """A printed figure as a number, None where it is none; commas may part its thousands."""
    try:
        number = Decimal(written.replace(",", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


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
    """A target as announced, with its due year; an actual figure needs a source and a day of its own.

    ``agreement`` tells who set it and when, where a source says so. ``are_definitions_same`` is an administrator's
    word, with the reason in ``definitions``, that target and actual figure count the same.
    """

    code = models.CharField(max_length=40, unique=True)
    cluster = models.CharField(_("cluster"), max_length=40, choices=Cluster)
    due_year = models.PositiveSmallIntegerField(_("due year"), null=True, blank=True)
    actual_value = models.CharField(_("actual value"), max_length=80, blank=True)
    actual_source = models.CharField(_("source of the actual value"), max_length=400, blank=True)
    actual_on = models.DateField(_("day of the actual value"), null=True, blank=True)
    are_definitions_same = models.BooleanField(_("both figures count the same"), default=False)
    definitions = models.CharField(_("why they count the same"), max_length=400, blank=True)
    agreement = models.ForeignKey(
        FrameworkAgreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("agreement"),
    )

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
            models.CheckConstraint(
                condition=Q(are_definitions_same=False) | ~Q(definitions=""), name="same_definitions_have_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """An actual value has a source and a day; definitions that agree have a reason and a value."""
        told = ("actual_source", "actual_on") if self.actual_value else ()
        require_given(self, *told, *(("actual_value", "definitions") if self.are_definitions_same else ()))

    def state_on(self, day: date) -> TargetState:
        """Where the target stands on ``day``: it is reported only when an actual figure has a source of its own."""
        if self.actual_value:
            return TargetState.REPORTED
        return TargetState.DUE_PASSED if self.due_year and day.year > self.due_year else TargetState.OPEN

    @property
    def percent(self) -> Decimal | None:
        """The actual figure in percent of the target, to a tenth; None unless an administrator said that both count the
        same, and unless both are plain numbers.
        """
        if not self.are_definitions_same:
            return None
        target, actual = as_number(self.value), as_number(self.actual_value)
        return None if not target or actual is None else (100 * actual / target).quantize(Decimal("0.1"))


class MarketPlan(PublicKeyed, TimeStamped):
    """Which capacities of a chain would fill which needs, in the scope that the coordinator had when asking.

    ``figures`` holds totals by dimension; amounts are in its base unit, as text.
    """

    chain = models.ForeignKey(IndustryChain, models.PROTECT, related_name="+", verbose_name=_("chain"))
    asked_by = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("asked by"))
    scope_mark = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=7, choices=PlanState, default=PlanState.ASKED)
    as_of = models.DateTimeField(_("as of"), null=True, blank=True, editable=False)
    figures = models.JSONField(default=list, blank=True, editable=False)

    objects = OwnPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("market plan")
        verbose_name_plural = _("market plans")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.key

    @property
    def is_open(self) -> bool:
        """Whether the worker has still to do with it."""
        return self.state in (PlanState.ASKED, PlanState.RUNNING)


class PlanLine(Placed):
    """A line of a market plan."""

    plan = models.ForeignKey(MarketPlan, models.CASCADE, related_name="lines")

    class Meta:
        verbose_name = _("line of a market plan")
        verbose_name_plural = _("lines of market plans")
        ordering = ["pk"]


class WeakLink(models.Model):
    """One node of the chains at one place, as what is public about it stood at ``counted_on``; see docs/weak-links.md.

    ``firms`` counts a firm's alias apart from its name. ``balance`` lists, by dimension, needed and offered in each
    of the next months, in thousandths of the base unit; ``blocks`` lists why needs stay without a fitting capacity.
    ``hanging`` are needs here and up to two steps down the chain. ``parts`` are the points of ``score`` by name.
    """

    node = models.ForeignKey(ChainNode, models.CASCADE, related_name="+", verbose_name=_("chain node"))
    place = models.CharField(_("place"), max_length=6, choices=Place, default=Place.ANYWHERE, blank=True)
    coverage = models.CharField(_("coverage"), max_length=10, choices=Coverage, default=Coverage.MISSING)
    needs = models.PositiveIntegerField(default=0)
    need_firms = models.PositiveIntegerField(default=0)
    capacities = models.PositiveIntegerField(default=0)
    suppliers = models.PositiveIntegerField(default=0)
    balance = models.JSONField(default=list)
    hhi = models.PositiveIntegerField(null=True)
    unmet = models.PositiveIntegerField(default=0)
    unmet_firms = models.PositiveIntegerField(default=0)
    met_firms = models.PositiveIntegerField(default=0)
    blocks = models.JSONField(default=list)
    waiting_days = models.PositiveIntegerField(null=True)
    unanswered = models.PositiveIntegerField(default=0)
    unanswered_firms = models.PositiveIntegerField(default=0)
    unanswered_days = models.PositiveIntegerField(null=True)
    hanging = models.PositiveIntegerField(default=0)
    score = models.PositiveSmallIntegerField(_("score"), default=0)
    parts = models.JSONField(default=dict)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("weak link")
        verbose_name_plural = _("weak links")
        ordering = ["-score", "node__code"]
        constraints = [models.UniqueConstraint(fields=["node", "place"], name="weak_link_once_a_place")]
        indexes = [models.Index(fields=["place", "-score"])]

    def __str__(self) -> str:
        return f"{self.node_id} {self.place} {self.score}"


class CountedPosting(models.Model):
    """A posting as it stands in the figures of the weak links: the nodes that it names, its own first.

    ``blocks`` are the musts that the nearest capacity fails for a need; empty where one fits, None for a capacity.
    """

    number = models.CharField(max_length=10, unique=True)
    nodes = models.JSONField(default=list)
    blocks = models.JSONField(null=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class WeakLinkRun(models.Model):
    """The single row that tells up to which change the weak links are counted, on which day, and with which chains."""

    cursor = models.PositiveBigIntegerField(default=0)
    day = models.DateField(null=True)
    chains_mark = models.CharField(max_length=64, blank=True)
    as_of = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.cursor}"


class WeakLinkWeek(models.Model):
    """A row of the weak links as it was shown in one week, kept so that trends are real; ``week`` is its Monday."""

    node = models.ForeignKey(ChainNode, models.CASCADE, related_name="+")
    place = models.CharField(max_length=6, choices=Place, default=Place.ANYWHERE, blank=True)
    week = models.DateField(_("week"))
    taken_on = models.DateField()
    coverage = models.CharField(max_length=10, choices=Coverage)
    score = models.PositiveSmallIntegerField()
    parts = models.JSONField(default=dict)

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["-week", "node__code", "place"]
        constraints = [models.UniqueConstraint(fields=["node", "place", "week"], name="weak_link_once_a_week")]
        indexes = [models.Index(fields=["week", "place"])]

    def __str__(self) -> str:
        return f"{self.node_id} {self.place} {self.week}"


class Flow(models.Model):
    """How many pairs of a need and a capacity reached a step, from where to where; see docs/decisions/0092-flows.md.

    ``need`` and ``supply`` are codes of regions at ``level``; what is blank is not told. ``cases`` None is a pair of
    regions that is there and too small to be told. Any sum of rows may be public.
    """

    kind = models.CharField(_("kind of flow"), max_length=10, choices=FlowKind)
    level = models.PositiveSmallIntegerField(choices=FlowLevel)
    need = models.CharField(max_length=6, blank=True)
    supply = models.CharField(max_length=6, blank=True)
    chain = models.CharField(max_length=20, blank=True)
    month = models.CharField(max_length=7, blank=True)
    cooperation = models.CharField(max_length=30, blank=True)
    cases = models.PositiveIntegerField(null=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("flow between regions")
        verbose_name_plural = _("flows between regions")
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "level"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.need} {self.supply} {self.cases}"


class FlowRun(models.Model):
    """The single row that tells up to which change the flows are counted, and on which day."""

    cursor = models.PositiveBigIntegerField(default=0)
    day = models.DateField(null=True)
    as_of = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.cursor}"
