"""Filters of the list of matchmaking days, as the address carries them."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from matchmaking.days.choices import DayState
from matchmaking.days.models import MatchDay

AHEAD, OVER = "ahead", "over"
WHEN = [(AHEAD, pgettext_lazy("matchmaking day", "Ahead")), (OVER, pgettext_lazy("matchmaking day", "Over"))]
MINE = [("mine", _("Opened by me"))]


class DayFilter(django_filters.FilterSet):
    """What days can be narrowed by."""

    state = django_filters.ChoiceFilter(choices=DayState.choices)
    when = django_filters.ChoiceFilter(choices=WHEN, method="filter_when")
    by = django_filters.ChoiceFilter(choices=MINE, method="filter_mine")

    class Meta:
        model = MatchDay
        fields: list[str] = []

    def filter_when(self, rows: QuerySet[MatchDay], name: str, when: str) -> QuerySet[MatchDay]:
        """Today and later, or before."""
        today = timezone.localdate()
        return rows.filter(day__lt=today) if when == OVER else rows.filter(day__gte=today)

    def filter_mine(self, rows: QuerySet[MatchDay], name: str, value: str) -> QuerySet[MatchDay]:
        """Those that the reader opened."""
        return rows.filter(made_by=self.request.user)
