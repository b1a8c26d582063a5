"""Overflows for partners' systems: begun, planned and followed by the services of the pages, by their own firm alone.

Whoever is asked for a share finds it among its sets of suppliers, and nothing there tells of an overflow.
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

from accounts.choices import ApiScope
from api.asking import asked_shares, checked, shares_named, told_as
from api.authentication import Answering, actor_of, firm_of
from api.pagination import StableCursorPagination
from api.v1.serializers import overflows as shapes
from api.v1.serializers.postings import ClosingSerializer
from common.errors import Refused, require
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.consortia.choices import State
from matchmaking.consortia.permissions import can_close_overflow, can_plan_overflow
from matchmaking.consortia.queries.consortia import active_members, lines_for_owner
from matchmaking.consortia.queries.overflows import (
    OverflowLine,
    lines_of,
    needs_of,
    overflows_through,
    plan_of,
    talks_about,
)
from matchmaking.consortia.services.closing import close_overflow
from matchmaking.consortia.services.overflowing import begin_overflow, plan_overflow
from matchmaking.consortia.services.planning import missing, plan_choices
from matchmaking.partnerships.queries.partnerships import counterpart_name
from matchmaking.postings.choices import Status

READ, WRITE = ApiScope.OVERFLOWS_READ.value, ApiScope.OVERFLOWS_WRITE.value
TAG = ["overflows"]
NAMES = {
    "ordered": "ordered_amount",
    "own": "own_lines_amount",
    "partners": "most_partners",
    "least_share": "least_share_percent",
}
"""What the body calls that which the service calls otherwise."""


class OverflowFilter(django_filters.FilterSet):
    """By where the need of the work stands: `expired` finds those whose days are over."""

    status = django_filters.MultipleChoiceFilter("gap__status", choices=Status.choices, distinct=False)


class OverflowList(Answering, ListAPIView[Any]):
    """The firm's overflows; beginning a new one."""

    scopes = {"GET": READ, "POST": WRITE}
    serializer_class = shapes.OverflowSerializer
    filterset_class = OverflowFilter
    pagination_class = StableCursorPagination

    def get_queryset(self) -> Any:
        """Those of the firm that the system acts for."""
        is_described = getattr(self, "swagger_fake_view", False)
        return overflows_through(None if is_described else firm_of(self.request))

    def paginate_queryset(self, queryset: Any) -> Any:
        """Each with what is open of it."""
        return lines_of(super().paginate_queryset(queryset) or [])

    @extend_schema(operation_id="overflows_list", tags=TAG)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="overflows_create",
        tags=TAG,
        request=shapes.NewOverflowSerializer,
        responses={201: shapes.OverflowPageSerializer},
    )
    def post(self, request: Request) -> Response:
        """The overflow with the needs of which it consists, posted or held for a check."""
        told = checked(shapes.NewOverflowSerializer, request)
        values = {name: told.pop(named) for name, named in NAMES.items() if named in told} | told
        with told_as(lambda name: NAMES.get(name, name)):
            made = begin_overflow(enterprise=firm_of(request), actor=actor_of(request), values=values)
        return Response(page_of(request, made.key), status=status.HTTP_201_CREATED)


class OverflowPage(Answering, APIView):
    """One overflow."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="overflows_get", tags=TAG, responses=shapes.OverflowPageSerializer)
    def get(self, request: Request, key: str) -> Response:
        """The overflow with its plan; 404 for everybody but its firm."""
        return Response(page_of(request, key))


class OverflowPartners(Answering, APIView):
    """Whom the plan can ask."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="overflows_partners", tags=TAG, responses=shapes.PlanChoicesSerializer)
    def get(self, request: Request, key: str) -> Response:
        """Capacities with the least and the most that each can carry; 409 where nothing is open."""
        overflow, actor = found(request, key), actor_of(request)
        plan = plan_of(overflow)
        require(can_plan_overflow(actor, overflow, plan))
        members = active_members(plan) if plan is not None else []
        open_now = missing(overflow, plan, members)
        if plan is not None and open_now <= 0:
            raise Refused(Reason.REFUSAL_WRONG_STATE, state=State(plan.state).label)
        told = {
            "open_amount": open_now,
            "unit": overflow.gap.unit.code if overflow.gap.unit else None,
            "room": max(overflow.most_partners - len(members), 0),
            "partners": plan_choices(
                overflow=overflow, plan=plan, members=members, viewer=actor, system_of=firm_of(request)
            ),
        }
        return Response(shapes.PlanChoicesSerializer(told, context={"request": request}).data)


class OverflowPlan(Answering, APIView):
    """Asking the partners of a plan."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="overflows_plan",
        tags=TAG,
        request=shapes.PlanSerializer,
        responses={201: shapes.OverflowPageSerializer},
    )
    def post(self, request: Request, key: str) -> Response:
        """The overflow with all that are asked, each for its own share alone; 409 where nothing is open."""
        overflow, actor = found(request, key), actor_of(request)
        require(can_plan_overflow(actor, overflow, plan_of(overflow)))
        told = checked(shapes.PlanSerializer, request)
        shares = asked_shares(request, told["shares"])
        with told_as(shares_named):
            plan_overflow(overflow=overflow, shares=shares, own=told.get("own_amount"), actor=actor)
        return Response(page_of(request, key), status=status.HTTP_201_CREATED)


class OverflowClosing(Answering, APIView):
    """The end of an overflow."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="overflows_close",
        tags=TAG,
        request=ClosingSerializer,
        responses=shapes.OverflowPageSerializer,
    )
    def post(self, request: Request, key: str) -> Response:
        """The overflow with all of its needs closed; 409 where nothing is left to close."""
        overflow, told = found(request, key), checked(ClosingSerializer, request)
        close_overflow(overflow=overflow, actor=actor_of(request), reason=told["reason"])
        return Response(page_of(request, key))


def found(request: Request, key: str) -> Any:
    """An overflow of the firm that the system acts for. 404 otherwise."""
    row = overflows_through(firm_of(request)).filter(key=normalise_code(key)).first()
    if row is None:
        raise Http404
    return row


def page_of(request: Request, key: str) -> dict[str, Any]:
    """An overflow as its firm reads it."""
    overflow = found(request, key)
    plan = plan_of(overflow)
    members = active_members(plan) if plan is not None else []
    open_now, talks = missing(overflow, plan, members), talks_about(overflow)
    needs = {
        name: {
            "need": need,
            "talks": [{"row": one, "name": counterpart_name(one, overflow.enterprise)} for one in talks[need.pk]],
        }
        for name, need in needs_of(overflow).items()
    }
    actor = actor_of(request)
    may = {
        "plan": (plan is None or open_now > 0) and can_plan_overflow(actor, overflow, plan),
        "close": can_close_overflow(actor, overflow),
    }
    page = {
        **vars(OverflowLine(overflow, plan, open_now)),
        "own_amount": plan.own_amount if plan is not None else 0,
        "shares": lines_for_owner(members),
        "premises": needs.get("premises"),
        "workers": needs.get("workers"),
        "allowed_acts": [name for name in shapes.ACTS if may[name]],
    }
    return dict(shapes.OverflowPageSerializer(page, context={"request": request}).data)
