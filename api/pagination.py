"""Pages of lists, stable while rows are added: each page begins after the last row of the one before."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

LONGEST_CURSOR = 800


class Place(NamedTuple):
    """Where a page begins: what orders the row that it goes on from, and whether it goes back."""

    texts: list[str]
    goes_back: bool


class StableCursorPagination(CursorPagination):
    """Newest first, twenty rows a page, a hundred at most.

    A cursor holds what orders the list in the row that it goes on from, the last of these columns one that no two rows
    share: rows that are alike in the others are neither repeated nor lost, however many there are.
    """

    ordering: Any = ("-pk",)
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows after, or before, the one that the cursor names; a row more tells whether the list goes on."""
        self.base_url = request.build_absolute_uri()
        size = self.get_page_size(request) or self.max_page_size
        self.ordering = tuple(self.get_ordering(request, queryset, view))
        self.place = self.place_in(request)
        goes_back = self.place is not None and self.place.goes_back
        order = tuple(turned(name) for name in self.ordering) if goes_back else self.ordering
        if self.place is not None:
            queryset = queryset.filter(rows_after(order, values_of(queryset.model, order, self.place.texts)))
        found = self.read(queryset.order_by(*order)[: size + 1])
        goes_on, page = len(found) > size, found[:size]
        self.page = page[::-1] if goes_back else page
        self.has_next = goes_back or goes_on
        self.has_previous = goes_on if goes_back else self.place is not None
        return self.page

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        """The rows as the list's serializer takes them."""
        return list(rows)

    def get_next_link(self) -> str | None:
        """Address of the page after this one."""
        return self.link_to(self.page[-1] if self.page else None, goes_back=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        """Address of the page before this one."""
        return self.link_to(self.page[0] if self.page else None, goes_back=True) if self.has_previous else None

    def link_to(self, row: Any, *, goes_back: bool) -> str:
        """Address of the rows after, or before, ``row``; an empty page keeps its place."""
        here = self.place.texts if self.place else []
        texts = here if row is None else [text_of(row, name) for name in self.ordering]
        told = urlencode({"o": ",".join(self.ordering), "p": texts} | ({"r": "1"} if goes_back else {}), doseq=True)
        encoded = b64encode(told.encode()).decode("ascii")
        return str(replace_query_param(str(self.base_url), self.cursor_query_param, encoded))

    def place_in(self, request: Request) -> Place | None:
        """The place to go on from. Refuses (400) what is not one of our own cursors, or one of another order."""
        encoded = request.query_params.get(self.cursor_query_param)
        if encoded is None:
            return None
        try:
            if len(encoded) > LONGEST_CURSOR:
                raise ValueError
            told = parse_qs(b64decode(encoded.encode("ascii"), validate=True).decode(), strict_parsing=True)
        except ValueError as error:
            raise not_ours() from error
        if told.get("o") != [",".join(self.ordering)] or len(told.get("p", [])) != len(self.ordering):
            raise not_ours()
        return Place(told["p"], "r" in told)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters of a page, with their bounds."""
        described = super().get_schema_operation_parameters(view)
        for parameter in described:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return described


class CodeCursorPagination(StableCursorPagination):
    """By code, a hundred rows a page: for the lists that partners copy whole."""

    ordering = ("code",)
    page_size = 100
    max_page_size = 500


class SlugCursorPagination(CodeCursorPagination):
    """By slug, a hundred rows a page."""

    ordering = ("slug",)


def not_ours() -> ParseError:
    """What is answered to a cursor that no page gave."""
    return ParseError(_("This cursor is not one of ours; take it from next or previous."))


def turned(name: str) -> str:
    """The other direction of a column that orders."""
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def text_of(row: Any, name: str) -> str:
    """What orders ``row`` by ``name``, as a cursor holds it."""
    value = getattr(row, name.removeprefix("-"))
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def values_of(model: type[Model], order: Sequence[str], texts: Sequence[str]) -> list[Any]:
    """The values of the columns that order a list. Refuses (400) what they cannot hold."""
    values: list[Any] = []
    for name, text in zip(order, texts, strict=True):
        column: Any = model._meta.pk if name.endswith("pk") else model._meta.get_field(name.removeprefix("-"))
        try:
            value = column.to_python(text)
            column.run_validators(value)
        except ValidationError as error:
            raise not_ours() from error
        values.append(value)
    return values


def rows_after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """The condition for rows after the one with ``values``, in a form that an index on the first column serves."""
    condition = Q()
    for name, value in reversed(list(zip(order, values, strict=True))):
        column, comparison = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        beyond = Q(**{f"{column}__{comparison}": value})
        condition = Q(**{f"{column}__{comparison}e": value}) & (beyond | condition) if condition else beyond
    return condition
