"""Suggestions for partners: what the page of one's own posting shows."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.authentication import Answering, actor_of, enterprise_of
from api.v1.serializers.matching import SuggestionsSerializer
from matchmaking.matching.choices import Channel
from matchmaking.matching.services.suggestions import suggestions_for
from matchmaking.matching.tasks import record_shown_suggestions
from matchmaking.postings.queries import system_posting


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
