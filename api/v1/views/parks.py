"""Demonstration parks for partners."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.authentication import Answering, reader_of
from api.pagination import SlugCursorPagination
from api.v1.serializers.parks import (
    AsOfSerializer,
    BatchSerializer,
    IndicatorSerializer,
    ParkPageSerializer,
    ParkPartnershipSerializer,
    ParkSerializer,
    ProjectSerializer,
)
from matchmaking.parks.filters import ParkFilter, PartnershipFilter
from matchmaking.parks.queries.figures import indicators_of, quarters_missing
from matchmaking.parks.queries.nearby import overflow_cases_of
from matchmaking.parks.queries.parks import (
    batches_on,
    park_by_slug,
    parks_listed,
    partnerships_listed,
    partnerships_of,
    projects_of,
)


@extend_schema_view(get=extend_schema(operation_id="parks_list", tags=["parks"]))
class ParkList(Answering, ListAPIView[Any]):
    """Parks by slug. A park in two provinces is found under both and listed once."""

    scopes = {"GET": ApiScope.PARKS_READ.value}
    serializer_class = ParkSerializer
    pagination_class = SlugCursorPagination
    filterset_class: type[django_filters.FilterSet] = ParkFilter

    def get_queryset(self) -> QuerySet[Any]:
        """All parks; they are public."""
        return parks_listed(user=reader_of(self.request))


@extend_schema_view(get=extend_schema(operation_id="park_partnerships_list", tags=["parks"]))
class PartnershipList(Answering, ListAPIView[Any]):
    """Partnerships between parks."""

    scopes = {"GET": ApiScope.PARKS_READ.value}
    serializer_class = ParkPartnershipSerializer
    filterset_class: type[django_filters.FilterSet] = PartnershipFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Those of the day asked for; they are public."""
        return partnerships_listed(user=reader_of(self.request), day=day_asked(self.request))


class BatchList(Answering, APIView):
    """Batches of parks."""

    scopes = {"GET": ApiScope.PARKS_READ.value}
    parameters = ("as_of",)

    @extend_schema(
        operation_id="park_batches_list",
        tags=["parks"],
        parameters=[AsOfSerializer],
        responses=BatchSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Those announced by the day asked for; few, hence without pages."""
        return Response(BatchSerializer(batches_on(day_asked(request) or timezone.localdate()), many=True).data)


class ParkPage(Answering, APIView):
    """One park."""

    scopes = {"GET": ApiScope.PARKS_READ.value}
    parameters = ("as_of",)

    @extend_schema(
        operation_id="parks_get",
        tags=["parks"],
        parameters=[AsOfSerializer],
        responses=ParkPageSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The park with that slug; 404 where there is none."""
        park = park_by_slug(user=reader_of(request), slug=slug).first()
        if park is None:
            raise Http404
        day = day_asked(request)
        reader, until = reader_of(request), day or timezone.localdate()
        pairs = partnerships_of(user=reader, park=park, day=day)
        missing = quarters_missing(user=reader, park=park, day=until)
        cases = overflow_cases_of(park)
        page = {
            **ParkSerializer(park).data,
            "introduction_zh": park.introduction_zh,
            "introduction_en": park.introduction_en,
            "partnerships": ParkPartnershipSerializer(pairs, many=True).data,
            "projects": ProjectSerializer(projects_of(user=reader, park=park), many=True).data,
            "quarters_missing": [quarter.start.isoformat() for quarter in missing],
            "indicators": IndicatorSerializer(indicators_of(user=reader, park=park, day=until), many=True).data,
            "overflow_cases": {"count": None if cases.is_small else cases.count, "is_small": cases.is_small},
        }
        return Response(page)


def day_asked(request: Request) -> date | None:
    """The day of ``as_of``, None without one. 400 for what is no day."""
    asked = AsOfSerializer(data=request.query_params)
    asked.is_valid(raise_exception=True)
    day: date | None = asked.validated_data.get("as_of")
    return day
