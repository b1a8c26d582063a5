"""The smallest pages that could do it, behind the same middleware and in the same process: what pages are held to."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Context
from django.template.loader import get_template
from django.urls import path
from rest_framework.generics import ListAPIView
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer

from config.benchmark.administration import PLAIN_COLUMNS, ROWS, smallest
from config.urls import urlpatterns as site_addresses
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.models import Posting


def newest_needs() -> Any:
    """Published needs, newest first, whole rows with what a line of a list shows."""
    rows = Posting.objects.filter(direction=Direction.NEED, status=Status.PUBLISHED)
    return rows.select_related("enterprise", "node", "region", "unit").order_by("-published_at", "-id")


def empty_page(request: HttpRequest) -> HttpResponse:
    """Head and menu for whoever asks, and nothing else."""
    return HttpResponse(_rendered("benchmark/empty.html", request))


def smallest_list(request: HttpRequest) -> HttpResponse:
    """Twenty rows and their template: no filters, pages, forms or rights."""
    return HttpResponse(_rendered("benchmark/smallest_list.html", request, rows=newest_needs()[:ROWS]))


def _rendered(name: str, request: HttpRequest, **told: Any) -> str:
    template: Any = get_template(name)
    return str(template.template.render(Context({"user": request.user, **told})))


class PostingRowSerializer(ModelSerializer[Posting]):
    """The plain columns of a posting."""

    class Meta:
        model = Posting
        fields = PLAIN_COLUMNS


class FirstRows(LimitOffsetPagination):
    """The first rows, without counting all of them."""

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        """Twenty rows."""
        return list(queryset[:ROWS])

    def get_paginated_response(self, data: Any) -> Response:
        """The rows as they are."""
        return Response(data)


class SmallestApiList(ListAPIView[Posting]):
    """Twenty rows by a model serializer: no token, scope, language or rights."""

    authentication_classes = ()
    permission_classes = ()
    filter_backends = ()
    serializer_class = PostingRowSerializer
    pagination_class = FirstRows

    def get_queryset(self) -> Any:
        """The same rows as the list of pages."""
        return newest_needs()


urlpatterns = [
    path("benchmark/empty/", empty_page),
    path("benchmark/list/", smallest_list),
    path("benchmark/api/", SmallestApiList.as_view()),
    *site_addresses,
    # Behind the site's own, whose administration the name space belongs to.
    path("benchmark/manage/", smallest.urls),
]
