"""Filters of the lists of the desk, as the address carries them."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from matchmaking.desk.choices import CaseEnd, MeetingState, PairStep
from matchmaking.desk.models import Case, HandPair, Meeting

OPEN, OVERDUE, CLOSED = "open", "overdue", "closed"
CASE_STATES = [(OPEN, pgettext_lazy("case", "Open")), (OVERDUE, _("Overdue")), (CLOSED, _("Closed"))]
MINE = [("mine", _("With me or made by me"))]


class CaseFilter(django_filters.FilterSet):
    """What cases can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=CASE_STATES, method="filter_state")
    end = django_filters.ChoiceFilter(choices=CaseEnd.choices)
    by = django_filters.ChoiceFilter(choices=MINE, method="filter_mine")
    department = django_filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Case
        fields: list[str] = []

    def filter_state(self, rows: QuerySet[Case], name: str, state: str) -> QuerySet[Case]:
        """Open ones, open ones whose day is over, or closed ones."""
        if state == CLOSED:
            return rows.filter(closed_on__isnull=False)
        waiting = rows.filter(closed_on=None)
        return waiting.filter(due_on__lt=timezone.localdate()) if state == OVERDUE else waiting

    def filter_mine(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Those that the reader has."""
        return rows.filter(owner=self.request.user)


class PairFilter(django_filters.FilterSet):
    """What pairs suggested by hand can be narrowed by."""

    step = django_filters.ChoiceFilter(choices=PairStep.choices, method="filter_step")
    by = django_filters.ChoiceFilter(choices=MINE, method="filter_mine")

    class Meta:
        model = HandPair
        fields: list[str] = []

    def filter_step(self, rows: QuerySet[Any], name: str, step: str) -> QuerySet[Any]:
        """By how far they have come at least, or those that nobody took up."""
        wanted = {
            PairStep.WAITS: {"is_known": False},
            PairStep.INTERESTED: {"is_known": True},
            PairStep.INTRODUCED: {"is_introduced": True},
            PairStep.COMPLETED: {"is_completed": True},
        }
        return rows.filter(**wanted[PairStep(step)])

    def filter_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that the reader suggested."""
        return rows.filter(suggested_by=self.request.user)


class MeetingFilter(django_filters.FilterSet):
    """What meetings can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=MeetingState.choices)
    by = django_filters.ChoiceFilter(choices=MINE, method="filter_mine")

    class Meta:
        model = Meeting
        fields: list[str] = []

    def filter_mine(self, rows: QuerySet[Meeting], name: str, value: str) -> QuerySet[Meeting]:
        """Those that the reader called."""
        return rows.filter(called_by=self.request.user)
