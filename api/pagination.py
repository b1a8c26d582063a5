"""Pages of lists, stable while rows are added."""

from rest_framework.pagination import CursorPagination


class StableCursorPagination(CursorPagination):
    """Twenty rows a page, a hundred at most."""

    ordering = "-pk"
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
