"""Filters of the list of parks, the same for the pages and for the REST door."""

from datetime import date

import django_filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from matchmaking.parks.models import Park
from matchmaking.parks.querysets import ParkQuerySet
from reference.choices import Cluster
from reference.models import Region

PROVINCES = (("500000", _("Chongqing")), ("510000", _("Sichuan")))
CLUSTERS = [choice for choice in Cluster.choices if choice[0] != Cluster.ALL]
BATCHES = (("1", _("First batch")), ("2", _("Second batch")))


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
        return parks.alias(written=Cast("clusters", TextField())).filter(written__contains=f'"{cluster}"')

    def filter_as_of(self, parks: ParkQuerySet, name: str, day: date) -> QuerySet[Park]:
        """Announced on the day or before."""
        return parks.listed_on(day)
