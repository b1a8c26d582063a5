"""Filters of what coordinators look after: those of the public lists, and state, age and answers besides."""

import re
from datetime import date, timedelta
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from matchmaking.insights.choices import FunnelStep
from matchmaking.insights.queries.coordination import without_answer, without_suggestion
from matchmaking.insights.queries.exposure import PERIODS, agreed_upon, answered_soon, five_days_over, published_within
from matchmaking.insights.queries.figures import MONTH as INTRODUCED_WITHIN
from matchmaking.insights.queries.funnel import at_step, published_in
from matchmaking.parks.models import Park
from matchmaking.parks.querysets import inside, stems_of
from matchmaking.partnerships.choices import BOUND, OutcomeState, State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.querysets import PartnershipQuerySet
from matchmaking.postings.choices import Status
from matchmaking.postings.filters import PostingFilter, WordsFilter, filter_choices, node_keys
from matchmaking.postings.querysets import PostingQuerySet
from reference.models import ChainNode, IndustryChain, Region
from reference.queries.nodes import chains_in_use
from reference.queries.regions import regions_below

AGES = (
    ("week", _("Up to 7 days"), 0, 7),
    ("month", _("8 to 30 days"), 8, 30),
    ("two_months", _("31 to 60 days"), 31, 60),
    ("older", _("Over 60 days"), 61, None),
)
"""Steps of age: name, word, first and last whole day; one without a last day is open."""
AGE_CHOICES = [(name, word) for name, word, _first, _last in AGES]
AGE_SUMS = (("over_30", _("Over 30 days"), "two_months", "older"),)
"""Steps of age that are counted together: name, word, the youngest and the oldest of them."""
AGES_ASKED = AGE_CHOICES + [(name, word) for name, word, _youngest, _oldest in AGE_SUMS]
DAYS = {name: (first, last) for name, _word, first, last in AGES}
DAYS |= {name: (DAYS[youngest][0], DAYS[oldest][1]) for name, _word, youngest, oldest in AGE_SUMS}
NEWEST, OLDEST, ENDING = "newest", "oldest", "ending"
POSTING_SORTS = [(NEWEST, _("Newest")), (OLDEST, _("Oldest")), (ENDING, _("Ending soon"))]
CHANGED, DUE = "changed", "due"
PARTNERSHIP_SORTS = [(CHANGED, _("Last changed")), (DUE, _("Answer due first")), (OLDEST, _("Oldest"))]
STATUSES = [(status.value, status.label) for status in Status if status != Status.DRAFT]
STATES = [(state.value, state.label) for state in State if state != State.SUGGESTED]
UNANSWERED, UNSUGGESTED, UNCONFIRMED = "unanswered", "unsuggested", "unconfirmed"
DUE_IN_5, ANSWERED_IN_5, AGREED = "answer_due", "answered_soon", "agreed"
WAITS = [
    (UNANSWERED, _("Open needs without an answer")),
    (UNSUGGESTED, _("Open needs without a suggestion for 7 days")),
    (UNCONFIRMED, _("Not confirmed for 30 days")),
    (DUE_IN_5, _("Needs published five days ago or earlier")),
    (ANSWERED_IN_5, _("Needs answered within five days")),
    (AGREED, _("Agreed upon by both")),
]
BY_EVENTS = {
    UNANSWERED: without_answer,
    UNSUGGESTED: without_suggestion,
    DUE_IN_5: five_days_over,
    ANSWERED_IN_5: answered_soon,
    AGREED: agreed_upon,
}
PUBLISHED = [(str(days), format_lazy(_("Last {days} days"), days=days)) for days in PERIODS]
LATE = "late"
INTRODUCED, INTRODUCED_LATELY = "introduced", "introduced_month"
DISPUTED = "disputed"
PARTNERSHIP_WAITS = [
    ("answer", _("Waiting for an answer")),
    (LATE, _("Answer overdue")),
    (INTRODUCED, _("Introduced or further")),
    (INTRODUCED_LATELY, _("Introduced in the last 30 days")),
    (DISPUTED, _("Statements about the outcome differ")),
]
CONFIRM_AFTER = timedelta(days=30)


MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
NO_MONTH = _("Write the month as 2026-03.")


def provinces_asked() -> list[tuple[str, str]]:
    """The provinces that may be asked for: code and Chinese name, which nobody reads here."""
    return [(code, zh) for code, zh, _en in filter_choices()["province"]]


class MonthField(django_filters.CharFilter.field_class):
    """A month as an address writes it."""

    def to_python(self, value: object) -> str:
        """Year and month, ``2026-03``; nothing where nothing is typed."""
        month = str(value or "").strip()
        if month and not MONTH.fullmatch(month):
            raise ValidationError(NO_MONTH)
        return month


class MonthFilter(django_filters.CharFilter):
    """Takes a month as 2026-03."""

    field_class = MonthField


def of_age(rows: Any, name: str, since: str) -> Any:
    """Rows whose column ``since`` lies so many whole days back as the step or sum of age called ``name`` says."""
    first, last = DAYS[name]
    now = timezone.now()
    rows = rows.filter(**{f"{since}__lte": now - timedelta(days=first)}) if first else rows
    return rows if last is None else rows.filter(**{f"{since}__gt": now - timedelta(days=last + 1)})


class CoordinatedPostingFilter(PostingFilter):
    """What the postings in a coordinator's scope can be narrowed by; exact figures, for coordinators see them."""

    status = django_filters.ChoiceFilter(choices=STATUSES)
    age = django_filters.ChoiceFilter(choices=AGES_ASKED, method="filter_age")
    waits = django_filters.ChoiceFilter(choices=WAITS, method="filter_waits")
    published = django_filters.ChoiceFilter(choices=PUBLISHED, method="filter_published")
    month = MonthFilter(method="filter_month")
    park = django_filters.ModelChoiceFilter(
        queryset=Park.objects.prefetch_related("regions"), to_field_name="slug", method="filter_park"
    )
    other = django_filters.ChoiceFilter(choices=provinces_asked, method="filter_other")
    step = django_filters.ChoiceFilter(choices=FunnelStep.choices, method="filter_step")
    sort = django_filters.ChoiceFilter(choices=POSTING_SORTS, method="filter_sort")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, reads=True, **kwargs)

    def filter_words(self, rows: PostingQuerySet, name: str, words: str) -> PostingQuerySet:
        """As on the public lists, or the name of the firm, which coordinators know."""
        return super().filter_words(rows, name, words) | rows.filter(enterprise__name__icontains=words)

    def filter_age(self, rows: PostingQuerySet, name: str, step: str) -> PostingQuerySet:
        """By the days since it was published, or written while it never was."""
        filtered: PostingQuerySet = of_age(rows, step, "since")
        return filtered

    def filter_waits(self, rows: PostingQuerySet, name: str, what: str) -> PostingQuerySet:
        """By what was answered or agreed, or published postings that their firms should confirm."""
        if what in BY_EVENTS:
            return BY_EVENTS[what](rows)
        return rows.filter(status=Status.PUBLISHED, confirmed_on__lte=timezone.localdate() - CONFIRM_AFTER)

    def filter_published(self, rows: PostingQuerySet, name: str, days: str) -> PostingQuerySet:
        """Published within so many days."""
        return published_within(rows, int(days))

    def filter_month(self, rows: PostingQuerySet, name: str, month: str) -> PostingQuerySet:
        """Published in the month."""
        return published_in(rows, date.fromisoformat(f"{month}-01"))

    def filter_park(self, rows: PostingQuerySet, name: str, park: Park) -> PostingQuerySet:
        """In the regions in which the park lies."""
        return rows.filter(inside(stems_of([park])))

    def filter_other(self, rows: PostingQuerySet, name: str, province: str) -> PostingQuerySet:
        """All of them: where the partner is says something of a step alone."""
        return rows

    def filter_step(self, rows: PostingQuerySet, name: str, step: str) -> PostingQuerySet:
        """Those that came so far, with a partner in the other province where one is asked for."""
        return rows.filter(at_step(step, other=self.form.cleaned_data.get("other") or ""))

    def filter_sort(self, rows: PostingQuerySet, name: str, order: str) -> PostingQuerySet:
        """In the order asked for."""
        if order == ENDING:
            return rows.filter(window_end__isnull=False).order_by("window_end", "-pk")
        return rows.order_by("pk") if order == OLDEST else rows


class CoordinatedPartnershipFilter(django_filters.FilterSet):
    """What the partnerships in a coordinator's scope can be narrowed by."""

    q = WordsFilter(method="filter_words")
    state = django_filters.ChoiceFilter(choices=STATES)
    waits = django_filters.ChoiceFilter(choices=PARTNERSHIP_WAITS, method="filter_waits")
    age = django_filters.ChoiceFilter(choices=AGES_ASKED, method="filter_age")
    chain = django_filters.ModelChoiceFilter(
        queryset=lambda request: chains_in_use(), to_field_name="code", method="filter_chain"
    )
    node = django_filters.ModelChoiceFilter(
        queryset=ChainNode.objects.all(), to_field_name="code", method="filter_node"
    )
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.select_related("parent"), to_field_name="code", method="filter_region"
    )
    sort = django_filters.ChoiceFilter(choices=PARTNERSHIP_SORTS, method="filter_sort")

    class Meta:
        model = Partnership
        fields: list[str] = []

    def filter_words(self, rows: PartnershipQuerySet, name: str, words: str) -> PartnershipQuerySet:
        """In the title or the firm's name on either side."""
        found = Q()
        for side in ("need", "capacity"):
            found |= Q(**{f"{side}__title__icontains": words}) | Q(**{f"{side}__enterprise__name__icontains": words})
        return rows.filter(found)

    def filter_waits(self, rows: PartnershipQuerySet, name: str, what: str) -> PartnershipQuerySet:
        """Interests that wait for an answer, or only those whose day is over; or those where both have agreed."""
        if what == INTRODUCED:
            return rows.consented()
        if what == INTRODUCED_LATELY:
            return rows.consented().filter(introduced_at__gte=timezone.now() - INTRODUCED_WITHIN)
        if what == DISPUTED:
            return rows.filter(outcome__state=OutcomeState.DISPUTED, state__in=BOUND)
        waiting = rows.filter(state=State.INTERESTED)
        return waiting.filter(answer_by__lt=timezone.localdate()) if what == LATE else waiting

    def filter_age(self, rows: PartnershipQuerySet, name: str, step: str) -> PartnershipQuerySet:
        """By the days since it began."""
        filtered: PartnershipQuerySet = of_age(rows, step, "created_at")
        return filtered

    def filter_chain(self, rows: PartnershipQuerySet, name: str, chain: IndustryChain) -> PartnershipQuerySet:
        """With a posting in the chain."""
        return self.at_nodes(rows, node_keys([chain.code]))

    def filter_node(self, rows: PartnershipQuerySet, name: str, node: ChainNode) -> PartnershipQuerySet:
        """With a posting at the node or below it."""
        return self.at_nodes(rows, node_keys([node.code]))

    def at_nodes(self, rows: PartnershipQuerySet, keys: list[int]) -> PartnershipQuerySet:
        """With a posting at one of the nodes."""
        return rows.filter(Q(need__node__in=keys) | Q(capacity__node__in=keys))

    def filter_region(self, rows: PartnershipQuerySet, name: str, region: Region) -> PartnershipQuerySet:
        """With a posting in the region or below it."""
        keys = sorted(regions_below(region).values_list("pk", flat=True))
        return rows.filter(Q(need__region__in=keys) | Q(capacity__region__in=keys))

    def filter_sort(self, rows: PartnershipQuerySet, name: str, order: str) -> PartnershipQuerySet:
        """In the order asked for; those without a day of answer have none to be sorted by."""
        if order == DUE:
            return rows.filter(answer_by__isnull=False).order_by("answer_by", "pk")
        return rows.order_by("pk") if order == OLDEST else rows
