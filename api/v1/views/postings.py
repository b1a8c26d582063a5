"""Postings for partners: the same lists, rights and services as on the pages."""

from collections.abc import Callable
from functools import partial, reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import status
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.asking import checked, own_posting
from api.authentication import Answering, actor_of, enterprise_of
from api.pagination import StableCursorPagination
from api.v1.serializers.plain import plain_postings
from api.v1.serializers.postings import (
    BusySerializer,
    ChangedPostingSerializer,
    ClosingSerializer,
    NewPostingSerializer,
    PlannedMonthsSerializer,
    PostingPageSerializer,
    PostingSerializer,
    RenewalSerializer,
)
from api.v1.serializers.talent import TalentSerializer
from common.errors import Refused
from common.reasons import Reason
from matchmaking.matching.services.searching import found_numbers
from matchmaking.matching.services.suggestions import publish_and_suggest
from matchmaking.postings.choices import Direction, ExchangeMode, Status
from matchmaking.postings.filters import MOST_FOUND, NEWEST, PostingFilter
from matchmaking.postings.queries.postings import postings_for_system, system_posting
from matchmaking.postings.queries.talent import profiles_of, talent_postings
from matchmaking.postings.services.busy import set_busy
from matchmaking.postings.services.drafting import copy_posting, delete_draft, save_draft
from matchmaking.postings.services.months import plan_months
from matchmaking.postings.services.opening import open_posting
from matchmaking.postings.services.publishing import (
    close_posting,
    confirm_posting,
    pause_posting,
    renew_posting,
    resume_posting,
)
from reference.queries.recognitions import personal_papers


class PostingListFilter(PostingFilter):
    """The filters and orders of the pages, and two of one's own.

    Without an order the newest row numbers come first: a posting that is published again keeps its place, so that a
    system which reads page after page meets every row once.
    """

    mine = django_filters.BooleanFilter(
        method="filter_mine",
        help_text=_("One's own postings alone (true), in any state, or only those of others (false)."),
    )
    status = django_filters.MultipleChoiceFilter(
        choices=Status.choices,
        distinct=False,
        method="filter_status",
        help_text=_("One's own postings in one of these states."),
    )
    filter_chains = extend_schema_field(OpenApiTypes.STR)(PostingFilter.filter_chains)
    filter_certificates = extend_schema_field(OpenApiTypes.STR)(PostingFilter.filter_certificates)

    most_alone = MOST_FOUND

    def __init__(self, data: Any, *args: Any, request: Request, **kwargs: Any) -> None:
        self.enterprise = enterprise_of(request)
        is_own = bool(data.get("mine") or data.get("status"))
        # Drafts and closed ones are not in the market; of one's own few postings the texts are read.
        search = None if is_own else partial(found_numbers, direction=data.get("direction", ""))
        reads = self.enterprise is not None
        super().__init__(data, *args, request=request, reads=reads, search=search, **kwargs)

    def filter_queryset(self, queryset: Any) -> Any:
        """Live postings of all firms, as on the pages, unless one's own are asked for."""
        asked = self.form.cleaned_data
        is_own = bool(asked.get("mine") or asked.get("status"))
        if asked.get("sort") and not asked.get("direction") and not is_own:
            told = _("Needs are sorted among needs and capacities among capacities: say which.")
            raise ValidationError({"direction": [ErrorDetail(str(told), code="required")]})
        return super().filter_queryset(queryset.filter(enterprise=self.enterprise) if is_own else queryset.live())

    def filter_mine(self, rows: Any, name: str, mine: bool) -> Any:
        """All but one's own; these alone are what the list begins with then."""
        return rows if mine or self.enterprise is None else rows.exclude(enterprise=self.enterprise)

    def filter_status(self, rows: Any, name: str, states: list[str]) -> Any:
        """In any of the states."""
        return rows.filter(status__in=states)

    def filter_sort(self, rows: Any, name: str, order: str) -> Any:
        """As on the pages; the newest first means by the time of publication, which drafts do not have."""
        if order == NEWEST:
            return rows.filter(published_at__isnull=False).order_by("-published_at", "-pk")
        return super().filter_sort(rows, name, order)


class PostingPages(StableCursorPagination):
    """Postings in the order asked for, as plain values."""

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """That of the rows, which the filters chose; its last column is the row number."""
        return tuple(str(name) for name in queryset.query.order_by)

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        """Plain values, in one query."""
        return plain_postings(rows)


class PostingList(Answering, ListAPIView[Any]):
    """Live postings of all firms, or one's own in any state; new drafts."""

    scopes = {"GET": ApiScope.POSTINGS_READ.value, "POST": ApiScope.POSTINGS_WRITE.value}
    serializer_class = PostingSerializer
    filterset_class = PostingListFilter
    pagination_class = PostingPages

    def get_queryset(self) -> QuerySet[Any]:
        """What the partner system may see."""
        return postings_for_system(enterprise=enterprise_of(self.request))

    @extend_schema(operation_id="postings_list", tags=["postings"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="postings_create",
        tags=["postings"],
        request=NewPostingSerializer,
        responses={201: PostingPageSerializer},
    )
    def post(self, request: Request) -> Response:
        """The draft; 422 names each field that does not fit."""
        enterprise = enterprise_of(request)
        if enterprise is None:
            raise Refused(Reason.REFUSAL_NO_ENTERPRISE)
        values = checked(NewPostingSerializer, request)
        draft = save_draft(
            actor=actor_of(request),
            enterprise=enterprise,
            direction=Direction(values.pop("direction")),
            values=values,
        )
        return Response(page_of(request, draft.number), status=status.HTTP_201_CREATED)


class TalentListFilter(PostingListFilter):
    """The filters of postings, and what a posting says of people."""

    mode = django_filters.ChoiceFilter(choices=ExchangeMode.choices, method="filter_mode")
    paper = django_filters.ModelChoiceFilter(
        queryset=lambda request: personal_papers(),
        to_field_name="code",
        method="filter_paper",
        help_text=_("A paper of a person by the code of its parameter: title_grade."),
    )

    def filter_mode(self, rows: Any, name: str, value: str) -> Any:
        """Of this mode."""
        return talent_postings(rows, mode=value)

    @extend_schema_field(OpenApiTypes.STR)
    def filter_paper(self, rows: Any, name: str, paper: Any) -> Any:
        """With this kind of paper."""
        return talent_postings(rows, paper=paper.code)

    @extend_schema_field(OpenApiTypes.STR)
    def filter_chains(self, rows: Any, name: str, chains: list[Any]) -> Any:
        """For any of the chains, by each node that a posting names, as its page counts."""
        found = [talent_postings(rows, chain=chain.code).order_by().values("pk") for chain in chains]
        return rows.filter(reduce(or_, (Q(pk__in=keys) for keys in found))) if found else rows


class TalentList(Answering, ListAPIView[Any]):
    """People offered and sought."""

    scopes = {"GET": ApiScope.POSTINGS_READ.value}
    serializer_class = TalentSerializer
    filterset_class = TalentListFilter
    pagination_class = PostingPages

    def get_queryset(self) -> QuerySet[Any]:
        """What the partner system may see of people."""
        return talent_postings(postings_for_system(enterprise=enterprise_of(self.request)))

    def get_serializer(self, *rows: Any, **kwargs: Any) -> Any:
        """The shapes of a page, whose profiles are read at once."""
        kwargs["context"] = {**self.get_serializer_context(), "profiles": profiles_of(*rows) if rows else {}}
        return TalentSerializer(*rows, **kwargs)

    @extend_schema(operation_id="talent_list", tags=["postings"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)


def described(operation: str, body: Any = None, status_code: int = 200) -> Callable[..., Any]:
    """How the description tells of an act on a posting."""
    answers = {status_code: PostingPageSerializer}
    return extend_schema(operation_id=operation, tags=["postings"], request=body, responses=answers)


class PostingPage(Answering, APIView):
    """One posting."""

    scopes = {
        "GET": ApiScope.POSTINGS_READ.value,
        "PATCH": ApiScope.POSTINGS_WRITE.value,
        "DELETE": ApiScope.POSTINGS_WRITE.value,
    }

    @extend_schema(operation_id="postings_get", tags=["postings"], responses=PostingPageSerializer)
    def get(self, request: Request, number: str) -> Response:
        """The posting; 404 also where it is not shown to the asker."""
        return Response(page_of(request, number))

    @extend_schema(
        operation_id="postings_change",
        tags=["postings"],
        request=ChangedPostingSerializer,
        responses=PostingPageSerializer,
    )
    def patch(self, request: Request, number: str) -> Response:
        """The changed posting; 409 when it is no longer at the version that was read."""
        posting = own_posting(request, number)
        values = checked(ChangedPostingSerializer, request)
        save_draft(actor=actor_of(request), posting=posting, seen_version=values.pop("version"), values=values)
        return Response(page_of(request, number))

    @extend_schema(
        operation_id="postings_delete",
        tags=["postings"],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, number: str) -> Response:
        """Nothing; 409 for a posting that is no draft any more: close it instead."""
        delete_draft(posting=own_posting(request, number), actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PostingAct(Answering, APIView):
    """What the owner's side does with a posting: one service, answered with the posting as it is then."""

    scopes = {"POST": ApiScope.POSTINGS_WRITE.value}

    def done(self, request: Request, number: str, act: Callable[..., Any], **values: Any) -> Response:
        """Does ``act`` with one's own posting; 404 where it is not one's own."""
        row = act(posting=own_posting(request, number), actor=actor_of(request), **values)
        return Response(page_of(request, row.number))


class PostingPublication(PostingAct):
    """Publishing a draft."""

    @described("postings_publish")
    def post(self, request: Request, number: str) -> Response:
        """The posting as it is shown now, or as it waits for a check (in_review); 422 names what is missing."""
        return self.done(request, number, publish_and_suggest)


class PostingPause(PostingAct):
    """Taking a posting out of lists and matching for a while."""

    @described("postings_pause")
    def post(self, request: Request, number: str) -> Response:
        """The paused posting; 409 for one that is not published."""
        return self.done(request, number, pause_posting)


class PostingResumption(PostingAct):
    """Showing a paused posting again."""

    @described("postings_resume")
    def post(self, request: Request, number: str) -> Response:
        """The posting, confirmed as of today, or as it waits for a check (in_review); 422 when its window is over."""
        return self.done(request, number, resume_posting)


class PostingConfirmation(PostingAct):
    """Saying that a posting still holds."""

    @described("postings_confirm")
    def post(self, request: Request, number: str) -> Response:
        """The posting; twice on one day counts once."""
        return self.done(request, number, confirm_posting)


class PostingOpening(PostingAct):
    """Opening a posting to everybody that asks its firm's network first."""

    @described("postings_open")
    def post(self, request: Request, number: str) -> Response:
        """The posting, published anew; 409 for one that is open."""
        return self.done(request, number, open_posting)


class PostingRenewal(PostingAct):
    """Giving a posting a new last day."""

    @described("postings_renew", RenewalSerializer)
    def post(self, request: Request, number: str) -> Response:
        """The posting, shown again where it had expired; 422 for a last day that is over."""
        return self.done(request, number, renew_posting, **checked(RenewalSerializer, request))


class PostingBusy(PostingAct):
    """Taking no new requests for a while."""

    @described("postings_set_busy", BusySerializer)
    def post(self, request: Request, number: str) -> Response:
        """The posting; 422 for a day that is not ahead or too far, 409 for a posting that is not published."""
        return self.done(request, number, set_busy, **checked(BusySerializer, request))


class PostingMonths(PostingAct):
    """Planning the months of a capacity that comes anew each month."""

    scopes = {"PUT": ApiScope.POSTINGS_WRITE.value}

    @described("postings_plan_months", PlannedMonthsSerializer)
    def put(self, request: Request, number: str) -> Response:
        """The posting; 409 for a need or a stock, 422 by month for less than is agreed there."""
        plan = checked(PlannedMonthsSerializer, request)["months"]
        return self.done(request, number, plan_months, plan=plan)


class PostingClosing(PostingAct):
    """Ending a posting."""

    @described("postings_close", ClosingSerializer)
    def post(self, request: Request, number: str) -> Response:
        """The closed posting; 422 for a reason that is none of its direction's (`end.need.*`, `end.capacity.*`)."""
        return self.done(request, number, close_posting, **checked(ClosingSerializer, request))


class PostingCopy(PostingAct):
    """Beginning a draft that says the same."""

    @described("postings_copy", status_code=201)
    def post(self, request: Request, number: str) -> Response:
        """The new draft, without window and keys of one's own."""
        made = copy_posting(posting=own_posting(request, number), actor=actor_of(request))
        return Response(page_of(request, made.number), status=status.HTTP_201_CREATED)


def page_of(request: Request, number: str) -> dict[str, Any]:
    """A posting that the partner system may see, with all its parts. 404 otherwise."""
    posting = system_posting(enterprise=enterprise_of(request), number=number)
    if posting is None:
        raise Http404
    return dict(PostingPageSerializer(posting, context={"request": request}).data)
