"""Reference data for partners: small lists, read whole and kept."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.choices import ApiScope
from api.authentication import InAskedLanguage
from api.pagination import CodeCursorPagination
from api.v1.serializers.reference import (
    CertificateSerializer,
    ChainSerializer,
    NodeSerializer,
    ReasonSerializer,
    RegionSerializer,
    UnitSerializer,
)
from common.reasons import TEXTS
from reference.choices import CertificationKind, RegionLevel
from reference.queries.measures import certifications_in_use, units_in_use
from reference.queries.nodes import chains_in_use, nodes_in_use
from reference.queries.regions import regions_in_use


class ReferenceList(InAskedLanguage, ListAPIView[Any]):
    """What all lists of reference data share."""

    scopes = {"GET": ApiScope.REFERENCE_READ.value}
    pagination_class = CodeCursorPagination


class RegionFilter(django_filters.FilterSet):
    """Regions of one level."""

    level = django_filters.ChoiceFilter(choices=RegionLevel.choices)


class NodeFilter(django_filters.FilterSet):
    """Nodes of one chain, or those right below another node."""

    chain = django_filters.CharFilter(field_name="chain__code", max_length=20)
    parent = django_filters.CharFilter(field_name="parent__code", max_length=80)
    is_leaf = django_filters.BooleanFilter()


class CertificateFilter(django_filters.FilterSet):
    """Certificates of one kind."""

    kind = django_filters.ChoiceFilter(choices=CertificationKind.choices)


class UnitFilter(django_filters.FilterSet):
    """Units of one dimension."""

    dimension = django_filters.CharFilter(max_length=30)


@extend_schema_view(
    get=extend_schema(operation_id="regions_list", tags=["reference"], summary="Regions whose code holds today")
)
class RegionList(ReferenceList):
    """Regions of both provinces by GB/T 2260."""

    serializer_class = RegionSerializer
    filterset_class = RegionFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Those in use today."""
        return regions_in_use(timezone.localdate()).select_related("parent", "successor")


@extend_schema_view(get=extend_schema(operation_id="chains_list", tags=["reference"], summary="Industrial chains"))
class ChainList(ReferenceList):
    """The chains that may be chosen."""

    serializer_class = ChainSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Those in use."""
        return chains_in_use()


@extend_schema_view(get=extend_schema(operation_id="nodes_list", tags=["reference"], summary="Nodes of the chains"))
class NodeList(ReferenceList):
    """Products, processes and services."""

    serializer_class = NodeSerializer
    filterset_class = NodeFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Those in use."""
        return nodes_in_use()


@extend_schema_view(get=extend_schema(operation_id="certificates_list", tags=["reference"], summary="Certificates"))
class CertificateList(ReferenceList):
    """Certificates that a firm can hold."""

    serializer_class = CertificateSerializer
    filterset_class = CertificateFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Those in use."""
        return certifications_in_use()


@extend_schema_view(get=extend_schema(operation_id="units_list", tags=["reference"], summary="Units of measure"))
class UnitList(ReferenceList):
    """Units with their factors."""

    serializer_class = UnitSerializer
    filterset_class = UnitFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Those in use."""
        return units_in_use().select_related("base")


@extend_schema_view(
    get=extend_schema(
        operation_id="reasons_list", tags=["reference"], summary="The register of reason codes, in one piece"
    )
)
class ReasonList(InAskedLanguage, ListAPIView[Any]):
    """Every reason code with both texts; a code is never renamed or reused."""

    scopes = {"GET": ApiScope.REFERENCE_READ.value}
    serializer_class = ReasonSerializer
    pagination_class = None
    filter_backends: tuple[Any, ...] = ()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The register."""
        rows = [
            {
                "code": reason.value,
                "kind": reason.value.split(".")[0],
                "side": text.changed_by,
                "text_zh": text.zh,
                "text_en": text.en,
            }
            for reason, text in TEXTS.items()
        ]
        return Response(self.get_serializer(rows, many=True).data)
