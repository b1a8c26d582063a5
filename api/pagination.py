"""Pages of lists, stable while rows are added: each page begins after the last row of the one before."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

LONGEST_POSITION = 80
LARGEST_NUMBER = 2**63 - 1
MOST_OFFSET = 1000


class StableCursorPagination(CursorPagination):
    """Newest first, twenty rows a page, a hundred at most."""

    ordering = "-pk"
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
    offset_cutoff = MOST_OFFSET

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The place to go on from. Refuses (400) what is not one of our own cursors."""
        try:
            cursor: Cursor | None = super().decode_cursor(request)
        except Exception as error:
            raise ParseError(_("This cursor is not one of ours; take it from next or previous.")) from error
        if cursor is not None and cursor.position is not None and not self.is_position(str(cursor.position)):
            raise ParseError(_("This cursor is not one of ours; take it from next or previous."))
        return cursor

    def is_position(self, position: str) -> bool:
        """Whether ``position`` can be the value of the column that orders the list."""
        return position.isascii() and position.isdigit() and int(position) <= LARGEST_NUMBER

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters of a page, with their bounds."""
        described = super().get_schema_operation_parameters(view)
        for parameter in described:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return described


class CodeCursorPagination(StableCursorPagination):
    """By code, a hundred rows a page: for the lists that partners copy whole."""

    ordering = "code"
    page_size = 100
    max_page_size = 500

    def is_position(self, position: str) -> bool:
        """A code is short and printable."""
        return len(position) <= LONGEST_POSITION and position.isprintable()


class SlugCursorPagination(CodeCursorPagination):
    """By slug, a hundred rows a page."""

    ordering = "slug"
