"""Packages for partners: up to 200 needs as one request for quotation, by the services of the pages.

Whose package it is, and who may quote for it, is asked of the firm that the system acts for alone: what its owner reads
for another firm of theirs is not shown here, and quotes that are sealed are not shown before the deadline.
"""

from collections.abc import Callable
from typing import Any

import django_filters
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.asking import ListForFirm, checked, own_posting_named, told_as, unknown
from api.authentication import Answering, actor_of, enterprise_of, firm_of
from api.pagination import StableCursorPagination
from api.v1.serializers import packages as shapes
from common.values import normalise_code
from matchmaking.partnerships.choices import RfqState
from matchmaking.partnerships.queries.packages import (
    is_offered_to,
    lines_of,
    offered_lines,
    own_needs,
    package_lines,
    package_through,
    packages_through,
    supplier_totals,
)
from matchmaking.partnerships.services.lines import LinePrice, award_lines, quote_lines
from matchmaking.partnerships.services.packages import (
    add_lines,
    add_needs,
    begin_package,
    change_package,
    discard_package,
    publish_package,
    remove_line,
)
from matchmaking.partnerships.services.quoting import close_rfq

READ, WRITE = ApiScope.PACKAGES_READ.value, ApiScope.PACKAGES_WRITE.value
TAG = ["packages"]


class PackageFilter(django_filters.FilterSet):
    """By state, and by whose they are."""

    state = django_filters.MultipleChoiceFilter(choices=RfqState.choices, distinct=False)
    mine = django_filters.BooleanFilter(
        method="filter_mine",
        help_text=_("One's own packages alone (true), or only those of others that one may quote for (false)."),
    )

    def filter_mine(self, rows: Any, name: str, mine: bool) -> Any:
        """Those of the firm that asks, or the others."""
        enterprise = enterprise_of(self.request)
        return rows.filter(enterprise=enterprise) if mine else rows.exclude(enterprise=enterprise)


class PackageList(ListForFirm):
    """Packages of the firm that the system acts for, and those that it may quote for; new drafts."""

    scopes = {"GET": READ, "POST": WRITE}
    serializer_class = shapes.PackageSerializer
    filterset_class = PackageFilter
    pagination_class = StableCursorPagination

    def get_queryset(self) -> Any:
        """What the firm may read."""
        is_described = getattr(self, "swagger_fake_view", False)
        return packages_through(None if is_described else firm_of(self.request))

    @extend_schema(operation_id="packages_list", tags=TAG)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="packages_create",
        tags=TAG,
        request=shapes.NewPackageSerializer,
        responses={201: shapes.PackagePageSerializer},
    )
    def post(self, request: Request) -> Response:
        """The draft."""
        values = checked(shapes.NewPackageSerializer, request)
        made = begin_package(enterprise=firm_of(request), actor=actor_of(request), values=values)
        return Response(page_of(request, made.key), status=status.HTTP_201_CREATED)


class PackagePage(Answering, APIView):
    """One package."""

    scopes = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(operation_id="packages_get", tags=TAG, responses=shapes.PackagePageSerializer)
    def get(self, request: Request, key: str) -> Response:
        """The package; 404 for one that the firm neither asked for nor may quote for."""
        return Response(page_of(request, key))

    @extend_schema(
        operation_id="packages_change",
        tags=TAG,
        request=shapes.ChangedPackageSerializer,
        responses=shapes.PackagePageSerializer,
    )
    def patch(self, request: Request, key: str) -> Response:
        """The changed draft; 409 when it is no longer at the version that was read."""
        rfq, values = own(request, key), checked(shapes.ChangedPackageSerializer, request)
        change_package(rfq=rfq, actor=actor_of(request), seen_version=values.pop("version"), values=values)
        return Response(page_of(request, key))

    @extend_schema(operation_id="packages_delete", tags=TAG, request=None, responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Nothing; 409 for what others have seen already: close it instead."""
        discard_package(rfq=own(request, key), actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PackagePublication(Answering, APIView):
    """Publishing a draft with all its lines."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="packages_publish",
        tags=TAG,
        request=shapes.SeenPackageSerializer,
        responses=shapes.PackagePageSerializer,
    )
    def post(self, request: Request, key: str) -> Response:
        """The package that takes quotes now; 422 names every problem by its line's place and field."""
        rfq, seen = own(request, key), checked(shapes.SeenPackageSerializer, request)
        with told_as(by_line(str)):
            publish_package(rfq=rfq, actor=actor_of(request), **seen)
        return Response(page_of(request, key))


class PackageClosing(Answering, APIView):
    """Taking no more quotes."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="packages_close", tags=TAG, request=None, responses=shapes.PackagePageSerializer)
    def post(self, request: Request, key: str) -> Response:
        """The closed package; twice changes nothing, and a sealed one waits for its deadline (409)."""
        close_rfq(rfq=own(request, key), actor=actor_of(request))
        return Response(page_of(request, key))


class PackageNeeds(Answering, APIView):
    """Own needs as lines."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="packages_add_needs",
        tags=TAG,
        request=shapes.NeedsSerializer,
        responses={201: shapes.ComparisonSerializer},
    )
    def post(self, request: Request, key: str) -> Response:
        """All lines of the draft; a need that is among them already stays where it is."""
        rfq, sent = own(request, key), checked(shapes.NeedsSerializer, request)["needs"]
        numbers = list(dict.fromkeys(normalise_code(number) for number in sent))
        needs = own_needs(enterprise=firm_of(request), numbers=numbers)
        strange = set(numbers) - {need.number for need in needs}
        if strange:
            raise unknown({"needs": next(number for number in numbers if number in strange)})
        add_needs(rfq=rfq, actor=actor_of(request), needs=needs)
        return Response(comparison(request, rfq), status=status.HTTP_201_CREATED)


class PackageLines(Answering, APIView):
    """Lines of one's own package."""

    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="packages_lines", tags=TAG, responses=shapes.ComparisonSerializer)
    def get(self, request: Request, key: str) -> Response:
        """Every line with the quotes that can be read now; 404 for other firms' packages."""
        return Response(comparison(request, own(request, key)))

    @extend_schema(
        operation_id="packages_add_lines",
        tags=TAG,
        request=shapes.NewLinesSerializer,
        responses={201: shapes.ComparisonSerializer},
    )
    def post(self, request: Request, key: str) -> Response:
        """All lines of the draft; 422 names what does not fit as ``lines.<place from 0>.<field>``."""
        rfq, sent = own(request, key), checked(shapes.NewLinesSerializer, request)["lines"]
        with told_as(by_line(str)):
            add_lines(rfq=rfq, actor=actor_of(request), lines=sent)
        return Response(comparison(request, rfq), status=status.HTTP_201_CREATED)


class PackageLinePage(Answering, APIView):
    """One line of a draft."""

    scopes = {"DELETE": WRITE}

    @extend_schema(operation_id="packages_remove_line", tags=TAG, request=None, responses={204: None})
    def delete(self, request: Request, key: str, number: str) -> Response:
        """Nothing; a need that was written here goes with the line, one that was there before stays."""
        rfq = own(request, key)
        line = lines_of(rfq).filter(need__number=number).first()
        if line is None:
            raise Http404
        remove_line(rfq=rfq, line=line, actor=actor_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PackageQuotes(Answering, APIView):
    """What a supplier quotes for another firm's package."""

    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(operation_id="packages_offer", tags=TAG, responses=shapes.OfferedLinesSerializer)
    def get(self, request: Request, key: str) -> Response:
        """The lines that the firm may see, with its own quotes and nobody else's."""
        return Response(offer(request, offered(request, key)))

    @extend_schema(
        operation_id="packages_quote",
        tags=TAG,
        request=shapes.LineQuotesSerializer,
        responses=shapes.OfferedLinesSerializer,
    )
    def post(self, request: Request, key: str) -> Response:
        """The lines with the quotes as they stand now; one that said the same already stays as it is."""
        rfq, terms, enterprise = offered(request, key), checked(shapes.LineQuotesSerializer, request), firm_of(request)
        capacity = supply(request, terms.pop("capacity", None))
        rows = offered_lines(user=actor_of(request), rfq=rfq, enterprise=enterprise)
        keys = {row.need.number: row.line.pk for row in rows}
        sent = {normalise_code(one["posting"]): one for one in terms.pop("lines")}
        strange = [number for number in sent if number not in keys]
        if strange:
            raise unknown({f"lines.{number}.posting": number for number in strange})
        prices = {
            keys[number]: LinePrice(one["unit_price"], one.get("quantity_amount")) for number, one in sent.items()
        }
        numbers = {str(pk): number for number, pk in keys.items()}
        with told_as(by_line(numbers.__getitem__)):
            quote_lines(
                rfq=rfq,
                actor=actor_of(request),
                enterprise=enterprise,
                prices=prices,
                terms=terms,
                capacity=capacity,
            )
        return Response(offer(request, rfq))


class PackageAwards(Answering, APIView):
    """Awarding lines, in whole or split."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="packages_award",
        tags=TAG,
        request=shapes.AwardsSerializer,
        responses={201: shapes.ComparisonSerializer},
    )
    def post(self, request: Request, key: str) -> Response:
        """All lines with their awards; agreements are proposed, and hold once both sides have signed on the page."""
        rfq, told = own(request, key), checked(shapes.AwardsSerializer, request)
        awards = {normalise_code(one["quote"]): one["quantity_amount"] for one in told.pop("awards")}
        with told_as(lambda name: f"awards.{name}" if name in awards else name):
            award_lines(rfq=rfq, actor=actor_of(request), awards=awards, **told)
        return Response(comparison(request, rfq), status=status.HTTP_201_CREATED)


def found(request: Request, key: str) -> Any:
    """A package that the firm asked for or may quote for. 404 otherwise."""
    row = package_through(enterprise=firm_of(request), key=normalise_code(key))
    if row is None:
        raise Http404
    return row


def own(request: Request, key: str) -> Any:
    """A package of the firm that the system acts for. 404 for any other."""
    row = found(request, key)
    if row.enterprise_id != firm_of(request).pk:
        raise Http404
    return row


def offered(request: Request, key: str) -> Any:
    """A package that the firm may quote for. 404 for any other, its own included."""
    row = found(request, key)
    if not is_offered_to(rfq=row, enterprise=firm_of(request)):
        raise Http404
    return row


def supply(request: Request, number: str | None) -> Any:
    """The own posting that lines are supplied from, None where none is named. Invalid for a number that is none."""
    if number is None:
        return None
    row = own_posting_named(request, "capacity", normalise_code(number))
    if row.is_need:
        raise unknown({"capacity": row.number})
    return row


def by_line(name_of: Callable[[str], str]) -> Callable[[str], str]:
    """How the body names what a service calls ``<line>.<field>``; ``name_of`` names the line."""

    def named(name: str) -> str:
        place, dot, field = name.partition(".")
        if not dot:
            return name
        parts = ("lines", name_of(place), "quantity_amount" if field == "amount" else field)
        return ".".join(filter(None, parts))

    return named


def page_of(request: Request, key: str) -> dict[str, Any]:
    """A package as the system's firm reads it."""
    context = {"request": request, "enterprise": firm_of(request)}
    return dict(shapes.PackagePageSerializer(found(request, key), context=context).data)


def comparison(request: Request, rfq: Any) -> dict[str, Any]:
    """All lines of an own package with the quotes that can be read now, and what each supplier asks for in all."""
    lines = package_lines(rfq=rfq, through=firm_of(request))
    told = {"lines": lines, "suppliers": supplier_totals(lines)}
    return dict(shapes.ComparisonSerializer(told, context={"request": request}).data)


def offer(request: Request, rfq: Any) -> dict[str, Any]:
    """The lines that the firm may see, with its own quotes."""
    lines = offered_lines(user=actor_of(request), rfq=rfq, enterprise=firm_of(request))
    return dict(shapes.OfferedLinesSerializer({"lines": lines}, context={"request": request}).data)
