"""Networks for partners' systems: who is in the firm's own, and in whose it is; asked, answered and ended by the
services of the page.
"""

from typing import Any

import django_filters
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope, NetworkState
from accounts.permissions import HELD_ROLES, can_answer_network, can_end_network, role_in
from accounts.queries import network_through
from accounts.services.networks import answer_network, ask_network, end_network
from api.asking import checked
from api.authentication import Answering, actor_of, firm_of
from api.pagination import StableCursorPagination
from api.v1.serializers import networks as shapes
from common.errors import Refused
from common.reasons import Reason

READ, WRITE = ApiScope.NETWORK_READ.value, ApiScope.NETWORK_WRITE.value
TAG = ["network"]


class MembershipFilter(django_filters.FilterSet):
    """By where a membership stands."""

    state = django_filters.MultipleChoiceFilter(choices=NetworkState.choices, distinct=False)


class NetworkList(Answering, ListAPIView[Any]):
    """Memberships of networks of the firm; asking another one."""

    scopes = {"GET": READ, "POST": WRITE}
    serializer_class = shapes.NetworkMembershipSerializer
    filterset_class = MembershipFilter
    pagination_class = StableCursorPagination

    def get_queryset(self) -> Any:
        """Those in which the firm that the system acts for is a side."""
        is_described = getattr(self, "swagger_fake_view", False)
        return network_through(None if is_described else firm_of(self.request))

    def paginate_queryset(self, queryset: Any) -> Any:
        """Each with what the firm may do; the role is read once for all of them."""
        firm, actor = firm_of(self.request), actor_of(self.request)
        held = role_in(actor, firm)
        setattr(actor, HELD_ROLES, {firm.pk: held} if held is not None else {})
        return [told(self.request, row) for row in super().paginate_queryset(queryset) or []]

    @extend_schema(operation_id="network_list", tags=TAG)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="network_ask",
        tags=TAG,
        request=shapes.NewMembershipSerializer,
        responses={201: shapes.NetworkMembershipSerializer},
    )
    def post(self, request: Request) -> Response:
        """The membership as it waits for the other firm; 409 where it was asked or is a member already."""
        sent = checked(shapes.NewMembershipSerializer, request)
        made = ask_network(
            enterprise=firm_of(request),
            actor=actor_of(request),
            firm=sent["firm"],
            invites=sent["network"] == shapes.OURS,
            role=sent["role"],
        )
        return Response(page_of(request, made.pk), status=status.HTTP_201_CREATED)


class NetworkPage(Answering, APIView):
    """One membership."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="network_get", tags=TAG, responses=shapes.NetworkMembershipSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The membership; 404 for every firm that is no side of it."""
        return Response(page_of(request, pk))


class NetworkAnswer(Answering, APIView):
    """Saying yes or no."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="network_answer",
        tags=TAG,
        request=shapes.NetworkAnswerSerializer,
        responses=shapes.NetworkMembershipSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """The membership; 409 for what one's own firm asked, and once it is answered."""
        row, sent = found(request, pk), checked(shapes.NetworkAnswerSerializer, request)
        if is_asked_by(firm_of(request), row):
            # Whoever belongs to both firms answers through a system of the one that was asked.
            raise Refused(Reason.REFUSAL_OTHER_SIDE)
        answer_network(membership=row, actor=actor_of(request), accepts=sent["accepts"])
        return Response(page_of(request, pk))


class NetworkEnd(Answering, APIView):
    """Ending a membership, or taking back what was asked."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="network_end", tags=TAG, request=None, responses=shapes.NetworkMembershipSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """The membership, which holds no more from this moment."""
        end_network(membership=found(request, pk), actor=actor_of(request), by=firm_of(request))
        return Response(page_of(request, pk))


def found(request: Request, pk: int) -> Any:
    """A membership of the firm that the system acts for. 404 otherwise."""
    row = network_through(firm_of(request)).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def is_asked_by(firm: Any, row: Any) -> bool:
    """Whether ``firm``, one of its two sides, asked for the membership."""
    return bool((row.buyer_id == firm.pk) == row.invited)


def told(request: Request, row: Any) -> dict[str, Any]:
    """A membership as the system's firm reads it."""
    firm, actor = firm_of(request), actor_of(request)
    is_ours = row.buyer_id == firm.pk
    asked_by_us = is_asked_by(firm, row)
    may = {
        "answer": not asked_by_us and can_answer_network(actor, row),
        "end": can_end_network(actor, row, firm),
    }
    return {
        "row": row,
        "other": row.supplier if is_ours else row.buyer,
        "network": shapes.OURS if is_ours else shapes.THEIRS,
        "asked_by_us": asked_by_us,
        "allowed_acts": [act for act in shapes.ACTS if may[act]],
    }


def page_of(request: Request, pk: int) -> dict[str, Any]:
    """A membership as its shape tells it."""
    return dict(shapes.NetworkMembershipSerializer(told(request, found(request, pk))).data)
