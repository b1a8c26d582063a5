"""Quoted facts, targets and agreements for partners: a ledger, computed with nowhere."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView

from accounts.choices import ApiScope
from api.authentication import Answering, reader_of
from api.pagination import CodeCursorPagination
from api.v1.serializers.facts import FactSerializer, FrameworkAgreementSerializer, TargetSerializer
from matchmaking.insights.queries.agreements import agreements_listed
from matchmaking.insights.queries.facts import cluster_targets, quoted_facts


class Ledger(Answering, ListAPIView[Any]):
    """What both lists share."""

    scopes = {"GET": ApiScope.FACTS_READ.value}
    pagination_class = CodeCursorPagination


@extend_schema_view(get=extend_schema(operation_id="facts_list", tags=["facts"]))
class FactList(Ledger):
    """Figures as printed somewhere, with what is unclear about them."""

    serializer_class = FactSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """All facts; they are public."""
        return quoted_facts(user=reader_of(self.request))


@extend_schema_view(get=extend_schema(operation_id="targets_list", tags=["facts"]))
class TargetList(Ledger):
    """Targets with their due years; none is called reached without a sourced figure."""

    serializer_class = TargetSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """All targets; they are public."""
        return cluster_targets(user=reader_of(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        """With the day on which the states hold."""
        return {**super().get_serializer_context(), "on": timezone.localdate()}


@extend_schema_view(get=extend_schema(operation_id="agreements_list", tags=["facts"]))
class AgreementList(Ledger):
    """Framework agreements with their parties, tasks, documents and steps; those that expired stay."""

    serializer_class = FrameworkAgreementSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """All agreements; they are public."""
        return agreements_listed(user=reader_of(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        """With the day on which they hold or not."""
        return {**super().get_serializer_context(), "on": timezone.localdate()}
