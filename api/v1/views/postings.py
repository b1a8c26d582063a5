"""Postings for partners: the same lists, rights and services as on the pages."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.authentication import InAskedLanguage, actor_of, enterprise_of
from api.v1.serializers.postings import (
    ChangedPostingSerializer,
    NewPostingSerializer,
    PostingPageSerializer,
    PostingSerializer,
)
from common.errors import Refused
from common.reasons import Reason
from matchmaking.matching.services.suggestions import publish_and_suggest
from matchmaking.postings.choices import Direction
from matchmaking.postings.filters import PostingFilter
from matchmaking.postings.queries import postings_for_system, system_posting
from matchmaking.postings.services.drafting import save_draft


class PostingListFilter(PostingFilter):
    """The filters of the pages; the order is always the newest first, for pages of a list begin after a row."""

    sort = None
    filter_chains = extend_schema_field(OpenApiTypes.STR)(PostingFilter.filter_chains)
    filter_certificates = extend_schema_field(OpenApiTypes.STR)(PostingFilter.filter_certificates)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        request = kwargs.get("request")
        super().__init__(*args, reads=request is not None and enterprise_of(request) is not None, **kwargs)


class PostingList(InAskedLanguage, ListAPIView[Any]):
    """Live postings of all firms and one's own in any state; new drafts."""

    scopes = {"GET": ApiScope.POSTINGS_READ.value, "POST": ApiScope.POSTINGS_WRITE.value}
    serializer_class = PostingSerializer
    filterset_class = PostingListFilter

    def get_queryset(self) -> QuerySet[Any]:
        """What the partner system may see."""
        return postings_for_system(enterprise=enterprise_of(self.request))

    @extend_schema(operation_id="postings_list", tags=["postings"], summary="Postings, the newest first")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="postings_create",
        tags=["postings"],
        summary="Begin a posting as a draft",
        request=NewPostingSerializer,
        responses={201: PostingPageSerializer},
    )
    def post(self, request: Request) -> Response:
        """The draft; 422 names each field that does not fit."""
        enterprise = enterprise_of(request)
        if enterprise is None:
            raise Refused(Reason.REFUSAL_NO_ENTERPRISE)
        shape = NewPostingSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        values = dict(shape.validated_data)
        draft = save_draft(
            actor=actor_of(request),
            enterprise=enterprise,
            direction=Direction(values.pop("direction")),
            values=values,
        )
        return Response(page_of(request, draft.number), status=status.HTTP_201_CREATED)


class PostingPage(InAskedLanguage, APIView):
    """One posting."""

    scopes = {"GET": ApiScope.POSTINGS_READ.value, "PATCH": ApiScope.POSTINGS_WRITE.value}

    @extend_schema(operation_id="postings_get", tags=["postings"], summary="A posting", responses=PostingPageSerializer)
    def get(self, request: Request, number: str) -> Response:
        """The posting; 404 also where it is not shown to the asker."""
        return Response(page_of(request, number))

    @extend_schema(
        operation_id="postings_change",
        tags=["postings"],
        summary="Change one's own posting",
        request=ChangedPostingSerializer,
        responses=PostingPageSerializer,
    )
    def patch(self, request: Request, number: str) -> Response:
        """The changed posting; 409 when it is no longer at the version that was read."""
        posting = own_posting(request, number)
        shape = ChangedPostingSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        values = dict(shape.validated_data)
        save_draft(actor=actor_of(request), posting=posting, seen_version=values.pop("version"), values=values)
        return Response(page_of(request, number))


class PostingPublication(InAskedLanguage, APIView):
    """Publishing a draft."""

    scopes = {"POST": ApiScope.POSTINGS_WRITE.value}

    @extend_schema(
        operation_id="postings_publish",
        tags=["postings"],
        summary="Publish a draft",
        request=None,
        responses=PostingPageSerializer,
    )
    def post(self, request: Request, number: str) -> Response:
        """The posting as it is shown now; 422 names what is missing."""
        publish_and_suggest(posting=own_posting(request, number), actor=actor_of(request))
        return Response(page_of(request, number))


def page_of(request: Request, number: str) -> dict[str, Any]:
    """A posting that the partner system may see, with all its parts. 404 otherwise."""
    posting = system_posting(enterprise=enterprise_of(request), number=number)
    if posting is None:
        raise Http404
    return dict(PostingPageSerializer(posting, context={"request": request}).data)


def own_posting(request: Request, number: str) -> Any:
    """A posting of the enterprise that the partner system acts for. 404 otherwise, also where others may see it."""
    enterprise = enterprise_of(request)
    posting = system_posting(enterprise=enterprise, number=number)
    if posting is None or enterprise is None or posting.enterprise_id != enterprise.pk:
        raise Http404
    return posting
