"""The hydrogen corridor for partners: the figures of its page."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from accounts.imports.writing import as_csv
from api.authentication import Answering, reader_of
from api.v1.serializers.hydrogen import (
    BalanceAskedSerializer,
    BalanceSerializer,
    CorridorLineSerializer,
    FacilitySerializer,
    FleetBatchSerializer,
)
from matchmaking.hydrogen.queries.balance import Entered, balance_of, balance_table
from matchmaking.hydrogen.queries.courses import courses
from matchmaking.hydrogen.queries.records import assumption_now, batches, facilities, lines, routes

NO_BALANCE: dict[str, Any] = {"assumption": None, "undated": 0, "unplaced": 0, "lines": []}
CSV = "text/csv; charset=utf-8"


class CorridorView(Answering, APIView):
    """What all addresses of the corridor share: it is public, read by facts."""

    scopes = {"GET": ApiScope.FACTS_READ.value}


class Balance(CorridorView):
    """Hydrogen wanted against what is on offer, by place and month."""

    parameters = tuple(BalanceAskedSerializer().fields)

    @extend_schema(
        operation_id="hydrogen_balance",
        tags=["facts"],
        parameters=[BalanceAskedSerializer],
        responses={
            (200, "application/json"): BalanceSerializer,
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR),
        },
    )
    def get(self, request: Request) -> Any:
        """The balance as visitors read it: quantities of postings as the floor of their class."""
        asking = BalanceAskedSerializer(data=request.query_params.dict())
        asking.is_valid(raise_exception=True)
        user = reader_of(request)
        entered = Entered(assumption_now(user=user), batches(user=user), facilities(user=user), routes(user=user))
        balance = balance_of(user=user, entered=entered, is_exact=False)
        if asking.validated_data["form"] == "csv":
            return HttpResponse(as_csv(*balance_table(balance)), content_type=CSV)
        return Response(BalanceSerializer(balance or NO_BALANCE).data)


class FacilityList(CorridorView):
    """Stations, supply bases and stores."""

    @extend_schema(operation_id="hydrogen_facilities", tags=["facts"], responses=FacilitySerializer(many=True))
    def get(self, request: Request) -> Response:
        """All of them, planned ones marked so."""
        return Response(FacilitySerializer(facilities(user=reader_of(request)), many=True).data)


class BatchList(CorridorView):
    """Fleet batches."""

    @extend_schema(operation_id="hydrogen_batches", tags=["facts"], responses=FleetBatchSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All of them with their places."""
        return Response(FleetBatchSerializer(batches(user=reader_of(request)), many=True).data)


class LineList(CorridorView):
    """Lines of the corridor with their gaps."""

    @extend_schema(operation_id="hydrogen_lines", tags=["facts"], responses=CorridorLineSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All of them; a gap lies between running stations."""
        user = reader_of(request)
        found = courses(lines(user=user), facilities(user=user))
        return Response(CorridorLineSerializer(found, many=True).data)
