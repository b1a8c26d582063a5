"""Suggestions, similar postings and counts for partners: what the pages show."""

from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_filters.utils import translate_validation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from accounts.querysets import Actor
from api.authentication import Answering, actor_of, enterprise_of
from api.v1.serializers.matching import FacetsSerializer, SimilarPostingsSerializer, SuggestionsSerializer
from api.v1.serializers.plain import plain_postings
from matchmaking.matching.choices import Channel
from matchmaking.matching.services.facets import facets_of
from matchmaking.matching.services.searching import found_numbers, similar_numbers
from matchmaking.matching.services.suggestions import suggestions_for
from matchmaking.matching.tasks import record_shown_suggestions
from matchmaking.postings.choices import Direction
from matchmaking.postings.filters import PostingFilter
from matchmaking.postings.queries.postings import postings_for_system, system_posting


class PostingSuggestions(Answering, APIView):
    """The best counterparts of one's own posting."""

    scopes = {"GET": ApiScope.SUGGESTIONS_READ.value}
    parameters = ("fit_only",)

    @extend_schema(
        operation_id="postings_suggestions",
        tags=["suggestions"],
        parameters=[
            OpenApiParameter(
                "fit_only", OpenApiTypes.BOOL, description=_("Leave out how busy a firm is, so that fit alone decides.")
            )
        ],
        responses=SuggestionsSerializer,
    )
    def get(self, request: Request, number: str) -> Response:
        """The suggestions; 404 for a posting of another firm, 409 for one that is not published."""
        enterprise = enterprise_of(request)
        posting = system_posting(enterprise=enterprise, number=number, with_parts=False)
        if posting is None or enterprise is None or posting.enterprise_id != enterprise.pk:
            raise Http404
        fit_only = request.query_params.get("fit_only", "").lower() == "true"
        found = suggestions_for(posting=posting, viewer=actor_of(request), fit_only=fit_only, system_of=enterprise)
        record_shown_suggestions.enqueue(posting.number, found.shown, viewer=request.user.pk, channel=Channel.API)
        return Response(SuggestionsSerializer(found, context={"request": request}).data)


class SimilarPostings(Answering, APIView):
    """Postings of the same direction that are much like one."""

    scopes = {"GET": ApiScope.POSTINGS_READ.value}

    @extend_schema(operation_id="postings_similar", tags=["postings"], responses=SimilarPostingsSerializer)
    def get(self, request: Request, number: str) -> Response:
        """The similar postings of other firms, best first; 404 for a posting that the asker may not see."""
        enterprise = enterprise_of(request)
        posting = system_posting(enterprise=enterprise, number=number, with_parts=False)
        if posting is None:
            raise Http404
        found = similar_numbers(
            posting=posting, viewer=reader_of(request), titles_only=enterprise is None, system_of=enterprise
        )
        rows = postings_for_system(enterprise=enterprise).live().filter(number__in=[one.key for one in found])
        listed = {row.number: row for row in plain_postings(rows)}
        results = [
            {"posting": listed[one.key], "more_from_firm": one.more_from_firm} for one in found if one.key in listed
        ]
        return Response(SimilarPostingsSerializer({"results": results}, context={"request": request}).data)


class PostingCounts(Answering, APIView):
    """Counts beside the filters of the list of postings."""

    scopes = {"GET": ApiScope.POSTINGS_READ.value}
    parameters = tuple(name for name in PostingFilter.base_filters if name != "sort")

    @extend_schema(
        operation_id="postings_counts",
        tags=["postings"],
        parameters=[OpenApiParameter("direction", OpenApiTypes.STR, required=True, enum=Direction.values)]
        + [OpenApiParameter(name, OpenApiTypes.STR) for name in parameters if name != "direction"],
        responses=FacetsSerializer,
    )
    def get(self, request: Request) -> Response:
        """The counts for one direction under the filters given; 400 for a value that is none."""
        enterprise = enterprise_of(request)
        direction = request.query_params.get("direction", "")
        if direction not in Direction.values:
            raise ValidationError({"direction": [ErrorDetail(_now("Say need or capacity."), code="required")]})
        rows = postings_for_system(enterprise=enterprise).live()
        search = partial(found_numbers, direction=direction)
        filters = PostingFilter(
            request.query_params, queryset=rows, request=request, reads=enterprise is not None, search=search
        )
        if not filters.is_valid():
            raise translate_validation(filters.errors)
        found = facets_of(filters=filters, viewer=reader_of(request), direction=direction, system_of=enterprise)
        return Response(FacetsSerializer(found).data)


def reader_of(request: Request) -> Actor:
    """Who reads: the person in whose name the system of a firm acts, a visitor for a system of the platform."""
    return AnonymousUser() if enterprise_of(request) is None else actor_of(request)
