"""Reference data for partners: small lists, read whole and kept."""

from collections.abc import Callable
from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.authentication import Answering
from api.pagination import CodeCursorPagination
from api.v1.serializers.reference import (
    CertificateSerializer,
    ChainSerializer,
    NodeSerializer,
    ReasonSerializer,
    RegionSerializer,
    UnitSerializer,
)
from common.reason_texts import TEXTS
from reference.choices import CertificationKind, RegionLevel
from reference.queries.measures import certification_by_code, certifications_in_use, units_in_use
from reference.queries.nodes import chain_by_code, chains_in_use, node_by_code, nodes_in_use
from reference.queries.picker import codes_matching
from reference.queries.regions import region_by_code, region_codes_matching, regions_in_use

MOST_HITS = 50
"""Nodes that words find at most, as in the picker's longest list."""


class ReferenceList(Answering, ListAPIView[Any]):
    """What all lists of reference data share."""

    scopes = {"GET": ApiScope.REFERENCE_READ.value}
    pagination_class = CodeCursorPagination


class ReferencePage(Answering, APIView):
    """What single rows of reference data share: closed and retired ones are answered too, for old rows name them."""

    scopes = {"GET": ApiScope.REFERENCE_READ.value}
    serializer_class: type[Any]
    find: Callable[[str], Any]

    def get(self, request: Request, code: str) -> Response:
        """The row with that code; 404 where there is none."""
        row = type(self).find(code)
        if row is None:
            raise Http404
        return Response(self.serializer_class(row).data)


def one_of(operation: str, shape: type[Any]) -> Callable[..., Any]:
    """How the description tells of a single row."""
    told = extend_schema(operation_id=operation, tags=["reference"], responses=shape)
    return extend_schema_view(get=told)


class RegionFilter(django_filters.FilterSet):
    """Regions of one level or right below another, by words, as of a day."""

    level = django_filters.ChoiceFilter(choices=RegionLevel.choices)
    parent = django_filters.CharFilter(field_name="parent__code", max_length=6)
    q = django_filters.CharFilter(
        method="filter_words", max_length=40, help_text=_("Chinese or English name, pinyin, initials, or a code.")
    )
    as_of = django_filters.DateFilter(
        method="filter_day", help_text=_("Codes that held on this day; today by default.")
    )

    def filter_words(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """Whose names hold the words, or whose pinyin, initials or code begin with them."""
        return rows.filter(code__in=region_codes_matching(words))

    def filter_day(self, rows: QuerySet[Any], name: str, day: date) -> QuerySet[Any]:
        """Nothing more: the view begins with the rows of that day."""
        return rows


class NodeFilter(django_filters.FilterSet):
    """Nodes of one chain, those right below another node, or those that words name."""

    q = django_filters.CharFilter(
        method="filter_words",
        max_length=60,
        help_text=_("Chinese, pinyin, initials or English, as in the node picker."),
    )
    chain = django_filters.CharFilter(field_name="chain__code", max_length=20)
    parent = django_filters.CharFilter(field_name="parent__code", max_length=80)
    is_leaf = django_filters.BooleanFilter()

    def filter_words(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """The best hits of the picker."""
        return rows.filter(code__in=codes_matching(words, MOST_HITS))


class CertificateFilter(django_filters.FilterSet):
    """Certificates of one kind."""

    kind = django_filters.ChoiceFilter(choices=CertificationKind.choices)


class UnitFilter(django_filters.FilterSet):
    """Units of one dimension."""

    dimension = django_filters.CharFilter(max_length=30)


@extend_schema_view(get=extend_schema(operation_id="regions_list", tags=["reference"]))
class RegionList(ReferenceList):
    """Regions of both provinces by GB/T 2260."""

    serializer_class = RegionSerializer
    filterset_class = RegionFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Those in use today, or on the day asked for."""
        asked = parse_date_or_none(self.request.query_params.get("as_of", ""))
        return regions_in_use(asked or timezone.localdate()).select_related("parent", "successor")


@extend_schema_view(get=extend_schema(operation_id="chains_list", tags=["reference"]))
class ChainList(ReferenceList):
    """The chains that may be chosen."""

    serializer_class = ChainSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Those in use."""
        return chains_in_use()


@extend_schema_view(get=extend_schema(operation_id="nodes_list", tags=["reference"]))
class NodeList(ReferenceList):
    """Products, processes and services."""

    serializer_class = NodeSerializer
    filterset_class = NodeFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Those in use."""
        return nodes_in_use()


@extend_schema_view(get=extend_schema(operation_id="certificates_list", tags=["reference"]))
class CertificateList(ReferenceList):
    """Certificates that a firm can hold."""

    serializer_class = CertificateSerializer
    filterset_class = CertificateFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Those in use."""
        return certifications_in_use()


@extend_schema_view(get=extend_schema(operation_id="units_list", tags=["reference"]))
class UnitList(ReferenceList):
    """Units with their factors."""

    serializer_class = UnitSerializer
    filterset_class = UnitFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Those in use."""
        return units_in_use().select_related("base")


def parse_date_or_none(text: str) -> date | None:
    """The day, None for what is none: the filter says so."""
    try:
        return parse_date(text)
    except ValueError:
        return None


@one_of("regions_get", RegionSerializer)
class RegionPage(ReferencePage):
    """One region."""

    serializer_class = RegionSerializer
    find = staticmethod(region_by_code)


@one_of("chains_get", ChainSerializer)
class ChainPage(ReferencePage):
    """One chain."""

    serializer_class = ChainSerializer
    find = staticmethod(chain_by_code)


@one_of("nodes_get", NodeSerializer)
class NodePage(ReferencePage):
    """One node."""

    serializer_class = NodeSerializer
    find = staticmethod(node_by_code)


@one_of("certificates_get", CertificateSerializer)
class CertificatePage(ReferencePage):
    """One certificate."""

    serializer_class = CertificateSerializer
    find = staticmethod(certification_by_code)


@extend_schema_view(get=extend_schema(operation_id="reasons_list", tags=["reference"]))
class ReasonList(Answering, ListAPIView[Any]):
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
