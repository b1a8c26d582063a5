"""Filters of the list of parks, the same for the pages and for the REST door."""

from datetime import date
from typing import Any

import django_filters
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from matchmaking.parks.choices import PairState
from matchmaking.parks.models import Park, ParkPartnership
from matchmaking.parks.querysets import ParkQuerySet
from reference.choices import Cluster, CooperationType
from reference.models import Region

PROVINCES = (("500000", _("Chongqing")), ("510000", _("Sichuan")))
CLUSTERS = [choice for choice in Cluster.choices if choice[0] != Cluster.ALL]
BATCHES = (("1", _("First batch")), ("2", _("Second batch")))


class PartnershipFilter(django_filters.FilterSet):
    """What a list of partnerships between parks can be narrowed by."""

    park = django_filters.CharFilter(method="filter_park", max_length=60, help_text=_("Slug of a park on either side."))
    cooperation_type = django_filters.ChoiceFilter(choices=CooperationType.choices)
    state = django_filters.ChoiceFilter(choices=[one for one in PairState.choices if one[0] != PairState.DECLINED])
    cluster = django_filters.ChoiceFilter(choices=CLUSTERS, method="filter_cluster")
    as_of = django_filters.DateFilter(
        method="filter_as_of", help_text=_("Partnerships that stood on this day; those of today without one.")
    )

    class Meta:
        model = ParkPartnership
        fields: list[str] = []

    def filter_park(self, pairs: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """With the park on either side."""
        return pairs.filter(Q(from_park__slug=slug) | Q(to_park__slug=slug))

    def filter_cluster(self, pairs: QuerySet[Any], name: str, cluster: str) -> QuerySet[Any]:
        """With this cluster among its own."""
        return with_cluster(pairs, cluster)

    def filter_as_of(self, pairs: QuerySet[Any], name: str, day: date) -> QuerySet[Any]:
        """Nothing more: the caller begins with the rows of that day."""
        return pairs


class ParkFilter(django_filters.FilterSet):
    """What the list of parks can be narrowed by."""

    province = django_filters.ChoiceFilter(choices=PROVINCES, label=_("Province"), method="filter_province")
    region = django_filters.CharFilter(
        label=_("Place"), method="filter_region", validators=[RegexValidator(r"^\d{6}$")]
    )
    batch = django_filters.ChoiceFilter(choices=BATCHES, label=_("Batch"), method="filter_batch")
    cluster = django_filters.ChoiceFilter(choices=CLUSTERS, label=_("Cluster"), method="filter_cluster")
    as_of = django_filters.DateFilter(label=_("As of"), method="filter_as_of")

    class Meta:
        model = Park
        fields: list[str] = []

    def filter_province(self, parks: QuerySet[Park], name: str, province: str) -> QuerySet[Park]:
        """In the province; a park in both stands under both, once."""
        inside = Park.regions.through.objects.filter(region__code__startswith=province[:2]).values("park")
        return parks.filter(pk__in=inside)

    def filter_region(self, parks: QuerySet[Park], name: str, code: str) -> QuerySet[Park]:
        """With a region at or below the one with this code; none for a code that is unknown."""
        region = Region.objects.filter(code=code).first()
        if region is None:
            return parks.none()
        inside = Park.regions.through.objects.filter(region__code__startswith=region.stem).values("park")
        return parks.filter(pk__in=inside)

    def filter_batch(self, parks: QuerySet[Park], name: str, value: str) -> QuerySet[Park]:
        """Announced with this batch."""
        return parks.filter(batch=value)

    def filter_cluster(self, parks: QuerySet[Park], name: str, cluster: str) -> QuerySet[Park]:
        """With this cluster among its own."""
        return with_cluster(parks, cluster)

    def filter_as_of(self, parks: ParkQuerySet, name: str, day: date) -> QuerySet[Park]:
        """Announced on the day or before."""
        return parks.listed_on(day)


def with_cluster(rows: QuerySet[Any], cluster: str) -> QuerySet[Any]:
    """Those whose list of clusters holds ``cluster``."""
    return rows.alias(written=Cast("clusters", TextField())).filter(written__contains=f'"{cluster}"')
