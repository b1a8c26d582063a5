"""The lists of insights."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TargetState(models.TextChoices):
    """Where a target stands."""

    OPEN = "open", _("Running")
    DUE_PASSED = "due_passed", _("Due date passed, no sourced actual figure")
    REPORTED = "reported", _("A sourced actual figure is there")


class CommitmentState(models.TextChoices):
    """How far a task of an agreement is, by what a source says."""

    UNKNOWN = "unknown", _("No source tells how far it is")
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")


class Measure(models.TextChoices):
    """What is counted here that speaks of a task: live, in the chains of the agreement's cluster."""

    NONE = "none", _("No measure possible")
    NEEDS = "needs", _("Open needs")
    CAPACITIES = "capacities", _("Open capacities")
    CONFIRMED = "confirmed", _("Outcomes confirmed by both sides")


class EntryKind(models.TextChoices):
    """What a dated line of an agreement is."""

    DOCUMENT = "document", _("Document")
    STEP = "step", _("Step")


class PlanState(models.TextChoices):
    """Where a plan of a market stands."""

    ASKED = "asked", _("Waiting for the worker")
    RUNNING = "running", _("Being computed")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be computed")


class Coverage(models.TextChoices):
    """How far those who supply a node carry it; the worst stands first."""

    MISSING = "missing", _("Missing: nobody supplies it")
    THIN = "thin", _("Thin: fewer than three suppliers")
    ONE_SIDE = "one_side", _("Covered on one side")
    BOTH_SIDES = "both_sides", _("Covered on both sides")

    @property
    def short(self) -> str:
        """The state in a word or two."""
        return str(SHORT_COVERAGE[self.value])


SHORT_COVERAGE = {
    "missing": _("missing"),
    "thin": _("thin"),
    "one_side": _("one side"),
    "both_sides": _("both sides"),
}


class Place(models.TextChoices):
    """Where what is counted stands: anywhere, or in one of the two provinces."""

    ANYWHERE = "", _("Sichuan and Chongqing")
    CHONGQING = "500000", _("Chongqing")
    SICHUAN = "510000", _("Sichuan")


class FlowKind(models.TextChoices):
    """The furthest step that a need and a capacity reached together, in the order of the steps."""

    SUGGESTED = "suggested", pgettext_lazy("flow", "Suggested: a capacity was shown for an open need")
    INTERESTED = "interested", pgettext_lazy("flow", "Interest declared")
    INTRODUCED = "introduced", pgettext_lazy("flow", "Introduced to each other")
    AGREED = "agreed", pgettext_lazy("flow", "Agreed and signed")
    CONFIRMED = "confirmed", pgettext_lazy("flow", "Outcome confirmed by both")

    @classmethod
    def of_agreements(cls) -> tuple["FlowKind", ...]:
        """The steps that have a kind of cooperation."""
        return cls.AGREED, cls.CONFIRMED


class FlowLevel(models.IntegerChoices):
    """How finely the places of a flow are told; a place is a prefecture of Sichuan or a district of Chongqing."""

    ANYWHERE = 0
    PROVINCE = 1
    PLACE = 2
    REGION = 3


FACTS_OF_CLUSTER: dict[str, tuple[str, ...]] = {
    "automobiles-motorcycles": ("SF04", "SF11", "SF12", "SF13", "SF14", "SF15", "SF16", "SF17", "SF21"),
    "electronic-information": ("SF03", "SF05", "SF20", "SF22"),
    "hydrogen": ("SF07", "SF08", "SF09", "SF10", "X01", "X02"),
    "consumer-goods": ("SF01", "SF02"),
}
"""Codes of the quoted facts that speak of a cluster."""

FRONT_FACTS = ("SF07", "SF11", "SF18", "X01")
"""Codes of the quoted facts on the home page."""


class FunnelStep(models.TextChoices):
    """How far a posting came; the last two stand apart, for neither is an outcome that both sides confirmed."""

    POSTED = "posted", pgettext_lazy("step", "Published")
    ANSWERED = "answered", pgettext_lazy("step", "Answered")
    INTRODUCED = "introduced", pgettext_lazy("step", "Introduced")
    SAMPLED = "sampled", pgettext_lazy("step", "Sampled")
    AGREED = "agreed", pgettext_lazy("step", "Agreed")
    CONFIRMED = "confirmed", pgettext_lazy("step", "Confirmed by both")
    ONE_SIDED = "one_sided", pgettext_lazy("step", "Told by one side alone")
    DISPUTED = "disputed", pgettext_lazy("step", "Statements differ")


class FunnelPart(models.TextChoices):
    """What the figures of a funnel are told apart by."""

    CHAIN = "chain", _("Chain")
    DIRECTION = "flow", _("From where to where")
    PARK = "park", _("Park")
    MONTH = "month", _("Month")
