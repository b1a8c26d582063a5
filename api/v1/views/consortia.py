"""Sets of suppliers for partners: proposed to the need's firm, asked, consented to, left, by the services of the pages.

A system stands on the side of its own firm alone. The need's firm reads every share, a supplier its own, and neither
shares nor prices of another supplier stand in any answer to it.
"""

from decimal import Decimal
from typing import Any

import django_filters
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.asking import asked_shares, checked, own_posting, own_posting_named, shares_named, told_as
from api.authentication import Answering, actor_of, firm_of
from api.pagination import StableCursorPagination
from api.v1.serializers import consortia as shapes
from api.v1.serializers.partnerships import AcceptanceSerializer, EndingSerializer, amount
from common.errors import Refused, require
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.consortia.choices import State
from matchmaking.consortia.permissions import (
    can_add_suppliers,
    can_consent_to_share,
    can_dissolve_consortium,
    can_leave_consortium,
)
from matchmaking.consortia.queries.consortia import (
    active_members,
    consortia_through,
    lines_for_owner,
    names_for_member,
    open_amount,
    own_share,
)
from matchmaking.consortia.services.consenting import consent_to_share, leave_consortium
from matchmaking.consortia.services.forming import add_suppliers, form_consortium, proposed_sets
from matchmaking.consortia.services.settling import dissolve_consortium, replacements
from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.queries.partnerships import counterpart_name

READ, WRITE = ApiScope.CONSORTIA_READ.value, ApiScope.CONSORTIA_WRITE.value
TAG = ["consortia"]


class SupplierSets(Answering, APIView):
    """Who carries one's own need."""

    scopes = {"GET": READ}
    parameters = ("own_amount",)

    @extend_schema(
        operation_id="postings_supplier_sets",
        tags=TAG,
        parameters=[
            OpenApiParameter(
                "own_amount", OpenApiTypes.DECIMAL, description=_("The part that one's own firm makes itself.")
            )
        ],
        responses=shapes.SupplierSetsSerializer,
    )
    def get(self, request: Request, number: str) -> Response:
        """Singles and sets; 404 for a posting of another firm, 409 for one that is not a published need."""
        need = own_posting(request, number)
        if not need.is_need:
            raise Http404
        with told_as(shares_named):
            found = proposed_sets(
                need=need, viewer=actor_of(request), own=own_part(request), system_of=firm_of(request)
            )
        return Response(proposals(request, found))


class ConsortiumFilter(django_filters.FilterSet):
    """By state, and by need."""

    state = django_filters.MultipleChoiceFilter(choices=State.choices, distinct=False)
    need = django_filters.CharFilter(method="filter_need", max_length=20, help_text=_("The number of a need."))

    def filter_need(self, rows: Any, name: str, number: str) -> Any:
        """Those for one need."""
        return rows.filter(need__number=normalise_code(number))


class ConsortiumList(Answering, ListAPIView[Any]):
    """Sets for the firm's needs, and those in which it holds a share; asking for a new one."""

    scopes = {"GET": READ, "POST": WRITE}
    serializer_class = shapes.ConsortiumSerializer
    filterset_class = ConsortiumFilter
    pagination_class = StableCursorPagination

    def get_queryset(self) -> Any:
        """What the firm may open."""
        is_described = getattr(self, "swagger_fake_view", False)
        return consortia_through(None if is_described else firm_of(self.request))

    def paginate_queryset(self, queryset: Any) -> Any:
        """Each set from where the firm stands."""
        rows = super().paginate_queryset(queryset)
        return [{"consortium": row, "side": side_of(self.request, row)} for row in rows or []]

    @extend_schema(operation_id="consortia_list", tags=TAG)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="consortia_create",
        tags=TAG,
        request=shapes.NewConsortiumSerializer,
        responses={201: shapes.ConsortiumPageSerializer},
    )
    def post(self, request: Request) -> Response:
        """The set: each supplier is asked for its own share and told of nobody but the need's firm."""
        told = checked(shapes.NewConsortiumSerializer, request)
        need = own_posting_named(request, "need", normalise_code(told["need"]))
        shares = asked_shares(request, told["shares"])
        with told_as(shares_named):
            made = form_consortium(need=need, shares=shares, actor=actor_of(request), own=told["own_amount"])
        return Response(page_of(request, made.key), status=status.HTTP_201_CREATED)


class ConsortiumPage(Answering, APIView):
    """One set."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="consortia_get", tags=TAG, responses=shapes.ConsortiumPageSerializer)
    def get(self, request: Request, key: str) -> Response:
        """The set as the firm may read it; 404 for everybody else, and for a supplier that has left it."""
        return Response(page_of(request, key))


class Replacements(Answering, APIView):
    """Who could carry what is open in a set."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="consortia_replacements", tags=TAG, responses=shapes.SupplierSetsSerializer)
    def get(self, request: Request, key: str) -> Response:
        """Sets for the open part beside the suppliers that stay; 404 for a supplier, 409 where nothing is open."""
        row = own_set(request, key)
        require(can_add_suppliers(actor_of(request), row))
        open_part = replacements(consortium=row, viewer=actor_of(request), system_of=firm_of(request))
        if open_part is None:
            raise Refused(Reason.REFUSAL_WRONG_STATE, state=State(row.state).label)
        return Response(proposals(request, open_part))


class FurtherShares(Answering, APIView):
    """Asking further suppliers."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="consortia_add",
        tags=TAG,
        request=shapes.FurtherSharesSerializer,
        responses={201: shapes.ConsortiumPageSerializer},
    )
    def post(self, request: Request, key: str) -> Response:
        """The set with the suppliers that are asked for all that was open."""
        row = own_set(request, key)
        told = checked(shapes.FurtherSharesSerializer, request)
        shares = asked_shares(request, told["shares"])
        with told_as(shares_named):
            add_suppliers(consortium=row, shares=shares, actor=actor_of(request), own=told.get("own_amount"))
        return Response(page_of(request, key), status=status.HTTP_201_CREATED)


class Dissolution(Answering, APIView):
    """Ending a set by the need's firm."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="consortia_dissolve", tags=TAG, request=None, responses=shapes.ConsortiumPageSerializer)
    def post(self, request: Request, key: str) -> Response:
        """The dissolved set; each partnership goes on alone."""
        dissolve_consortium(consortium=own_set(request, key), actor=actor_of(request))
        return Response(page_of(request, key))


class Consent(Answering, APIView):
    """A supplier's yes to its own share."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="consortia_consent",
        tags=TAG,
        request=AcceptanceSerializer,
        responses=shapes.ConsortiumPageSerializer,
    )
    def post(self, request: Request, key: str) -> Response:
        """The set; 409 where a posting is no longer at the version that was read."""
        share = share_in(request, found(request, key))
        consent_to_share(member=share, actor=actor_of(request), **checked(AcceptanceSerializer, request))
        return Response(page_of(request, key))


class Leaving(Answering, APIView):
    """A supplier gives its share up, or refuses it."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="consortia_leave", tags=TAG, request=EndingSerializer, responses={204: None})
    def post(self, request: Request, key: str) -> Response:
        """Nothing: the partnership has ended with the reason, and the set is no longer shown to the firm."""
        share = share_in(request, found(request, key))
        leave_consortium(member=share, actor=actor_of(request), **checked(EndingSerializer, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def own_part(request: Request) -> Decimal:
    """What the firm makes itself, 0 where it does not say. 400 for what is no amount."""
    text = request.query_params.get("own_amount", "0")
    try:
        return Decimal(amount(min_value=Decimal(0)).run_validation(text))
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"own_amount": error.detail}) from error


def proposals(request: Request, told: Any) -> dict[str, Any]:
    """Singles and sets as the need's firm reads them."""
    sets = {**vars(told), "sets": [{"shares": shares} for shares in told.sets]}
    return dict(shapes.SupplierSetsSerializer(sets, context={"request": request}).data)


def found(request: Request, key: str) -> Any:
    """A set for a need of the firm, or one in which it holds a share. 404 otherwise."""
    row = consortia_through(firm_of(request)).filter(key=normalise_code(key)).first()
    if row is None:
        raise Http404
    return row


def own_set(request: Request, key: str) -> Any:
    """A set for a need of the firm that the system acts for. 404 otherwise."""
    row = found(request, key)
    if side_of(request, row) != Side.NEED:
        raise Http404
    return row


def share_in(request: Request, row: Any) -> Any:
    """The share that the firm holds. 404 where it holds none, as the need's firm does."""
    share = own_share(active_members(row), [firm_of(request).pk])
    if share is None:
        raise Http404
    share.consortium = row
    return share


def side_of(request: Request, row: Any) -> Side:
    """Where the firm stands."""
    return Side.NEED if row.need.enterprise_id == firm_of(request).pk else Side.CAPACITY


def page_of(request: Request, key: str) -> dict[str, Any]:
    """A set as the system's firm reads it: all of it, or its own share."""
    row, actor = found(request, key), actor_of(request)
    side = side_of(request, row)
    told: dict[str, Any] = {"whole": None, "own_share": None}
    acts: dict[str, Any]
    if side == Side.NEED:
        members = active_members(row)
        missing = open_amount(row, members)
        told["whole"] = {
            "total_amount": row.total_amount,
            "own_amount": row.own_amount,
            "open_amount": missing,
            "shares": lines_for_owner(members),
        }
        acts = {"add": missing > 0 and can_add_suppliers(actor, row), "dissolve": can_dissolve_consortium(actor, row)}
    else:
        mine = share_in(request, row)
        told["own_share"] = {
            "mine": mine,
            "buyer": counterpart_name(mine.partnership, mine.partnership.capacity.enterprise),
            "other_suppliers": names_for_member(row, active_members(row), mine),
        }
        acts = {"consent": can_consent_to_share(actor, mine), "leave": can_leave_consortium(actor, mine)}
    page = {"consortium": row, "side": side, "allowed_acts": [name for name, may in acts.items() if may], **told}
    return dict(shapes.ConsortiumPageSerializer(page, context={"request": request}).data)
