"""A firm's list of suppliers and distributors for its own systems: read, and kept by the firm's own numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope, SupplyRole
from api.asking import checked, unknown
from api.authentication import Answering, actor_of, firm_of
from api.pagination import StableCursorPagination
from api.v1.serializers import suppliers as shapes
from matchmaking.networks.queries.lists import firms_of_list
from matchmaking.networks.services.listing import unlist_supplier
from matchmaking.networks.services.syncing import found_listed, sync_supplier
from reference.queries.measures import certification_by_code
from reference.queries.nodes import nodes_by_codes

READ, WRITE = ApiScope.NETWORK_READ.value, ApiScope.NETWORK_WRITE.value
TAG = ["network"]
LONGEST_KEY = 64


class ListedFilter(django_filters.FilterSet):
    """By own number, by what a firm brings, whether it is here, and whether it has left."""

    external_key = django_filters.CharFilter(
        method="filter_number", max_length=LONGEST_KEY, help_text=_("Your own number, however it is written.")
    )
    role = django_filters.ChoiceFilter(
        choices=SupplyRole.choices, method="filter_role", help_text=_("What a firm brings, unless that has ended.")
    )
    here = django_filters.BooleanFilter(
        field_name="firm",
        lookup_expr="isnull",
        exclude=True,
        help_text=_("Firms that are known to be enterprises here (true), or the others (false)."),
    )
    former = django_filters.BooleanFilter(
        method="filter_former", help_text=_("With those that left (true); they are left out otherwise.")
    )

    def filter_queryset(self, queryset: Any) -> Any:
        """Without those that left, unless they are asked for."""
        return super().filter_queryset(queryset if self.form.cleaned_data.get("former") else queryset.in_force())

    def filter_number(self, rows: Any, name: str, number: str) -> Any:
        """The one firm with that number, if there is one."""
        row = found_listed(firm_of(self.request), number)
        return rows.filter(pk=row.pk) if row is not None else rows.none()

    def filter_role(self, rows: Any, name: str, role: str) -> Any:
        """Those that bring something in that role today."""
        runs = Q(relations__ended_on=None) | Q(relations__ended_on__gt=timezone.localdate())
        return rows.filter(runs, relations__role=role).distinct()

    def filter_former(self, rows: Any, name: str, former: bool) -> Any:
        """Nothing more: what the list begins with says it."""
        return rows


class SupplierList(Answering, ListAPIView[Any]):
    """All firms of the list."""

    scopes = {"GET": READ}
    serializer_class = shapes.ListedFirmSerializer
    filterset_class = ListedFilter
    pagination_class = StableCursorPagination

    def get_queryset(self) -> QuerySet[Any]:
        """Those of the firm that the system acts for, the newest first."""
        is_described = getattr(self, "swagger_fake_view", False)
        return firms_of_list(None if is_described else firm_of(self.request))

    @extend_schema(operation_id="suppliers_list", tags=TAG)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)


class SupplierPage(Answering, APIView):
    """One firm of the list, by one's own number."""

    scopes = {"GET": READ, "PUT": WRITE, "DELETE": WRITE}

    @extend_schema(operation_id="suppliers_get", tags=TAG, responses=shapes.ListedFirmSerializer)
    def get(self, request: Request, external_key: str) -> Response:
        """The firm; 404 for a number that the list does not have."""
        return Response(page_of(request, found(request, external_key).pk))

    @extend_schema(
        operation_id="suppliers_sync",
        tags=TAG,
        request=shapes.ListedFirmWriteSerializer,
        responses={200: shapes.ListedFirmSerializer, 201: shapes.ListedFirmSerializer},
    )
    def put(self, request: Request, external_key: str) -> Response:
        """The firm as it stands then; the same again changes nothing."""
        sent = checked(shapes.ListedFirmWriteSerializer, request)
        supplies = sent.pop("supplies", None)
        row, is_new = sync_supplier(
            buyer=firm_of(request),
            actor=actor_of(request),
            external_key=external_key,
            values={**sent, "certification": certification_of(sent["certification"])},
            supplies=None if supplies is None else with_nodes(supplies),
        )
        return Response(page_of(request, row.pk), status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    @extend_schema(operation_id="suppliers_remove", tags=TAG, request=None, responses={204: None})
    def delete(self, request: Request, external_key: str) -> Response:
        """Nothing; the firm is off the list, and a later PUT puts it back. 409 where it is off already."""
        unlist_supplier(listed=found(request, external_key), actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def found(request: Request, external_key: str) -> Any:
    """The firm with this own number. 404 where the list has none."""
    row = found_listed(firm_of(request), external_key)
    if row is None:
        raise Http404
    return row


def page_of(request: Request, pk: int) -> dict[str, Any]:
    """A firm of the list with all that it brings."""
    return dict(shapes.ListedFirmSerializer(firms_of_list(firm_of(request)).get(pk=pk)).data)


def certification_of(code: str | None) -> Any:
    """The certificate with this code, None for none. Invalid for an unknown one."""
    row = certification_by_code(code) if code else None
    if code and row is None:
        raise unknown({"certification": code})
    return row


def with_nodes(supplies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Supplies with their nodes in place of the codes, None for none. Invalid for unknown ones, each at its place."""
    codes = {one["node"] for one in supplies if one.get("node")}
    nodes = {node.code: node for node in nodes_by_codes(codes)} if codes else {}
    told = [{**one, "node": nodes.get(one.get("node") or "")} for one in supplies]
    wrong = {
        f"supplies.{place}.node": one["node"]
        for place, one in enumerate(supplies)
        if one.get("node") and one["node"] not in nodes
    }
    if wrong:
        raise unknown(wrong)
    return told
