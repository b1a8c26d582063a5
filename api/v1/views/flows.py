"""Flows between regions for partners: the figures of the page."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.authentication import Answering, reader_of
from api.v1.serializers.flows import REGION, FlowsAskedSerializer, FlowsSerializer
from matchmaking.insights.choices import FlowKind
from matchmaking.insights.queries.flows import Asked, flows_of


class FlowList(Answering, APIView):
    """Who needs where and is supplied from where."""

    scopes = {"GET": ApiScope.FACTS_READ.value}
    parameters = tuple(FlowsAskedSerializer().fields)

    @extend_schema(
        operation_id="flows_get", tags=["facts"], parameters=[FlowsAskedSerializer], responses=FlowsSerializer
    )
    def get(self, request: Request) -> Response:
        """The flows asked for; they are public."""
        asking = FlowsAskedSerializer(data=request.query_params.dict())
        asking.is_valid(raise_exception=True)
        told = asking.validated_data
        asked = Asked(
            kind=FlowKind(told["kind"]),
            chain=told["chain"],
            month=told["month"],
            cooperation=told["cooperation_type"],
            by_region=told["by"] == REGION,
        )
        return Response(FlowsSerializer(flows_of(user=reader_of(request), asked=asked)).data)
