"""Weak links for partners: the figures of the page."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.authentication import Answering, enterprise_of, reader_of
from api.v1.serializers.weak_links import WeakLinksAskedSerializer, WeakLinksSerializer
from matchmaking.insights.queries.weak_links import lines_of, summary_of, weak_links, weeks_of


class WeakLinkList(Answering, APIView):
    """Where the chains are thin, node by node."""

    scopes = {"GET": ApiScope.FACTS_READ.value}
    parameters = tuple(WeakLinksAskedSerializer().fields)

    @extend_schema(
        operation_id="weak_links_get",
        tags=["facts"],
        parameters=[WeakLinksAskedSerializer],
        responses=WeakLinksSerializer,
    )
    def get(self, request: Request) -> Response:
        """The nodes asked for, all of them."""
        asking = WeakLinksAskedSerializer(data=request.query_params.dict())
        asking.is_valid(raise_exception=True)
        user, asked = reader_of(request), asking.validated_data
        chain, place = asked["chain"], asked["region"]
        rows = list(weak_links(user=user, chain=chain, place=place, sort=asked["sort"]))
        told = {
            "summary": summary_of(rows),
            "weeks": weeks_of(user=user, chain=chain, place=place),
            "lines": lines_of(rows, reads_answers=enterprise_of(request) is not None),
        }
        return Response(WeakLinksSerializer(told).data)
