"""What a token's scopes allow, and which parameters an address knows."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HoldsToken(BasePermission):
    """Any token of a partner system in force, whatever its scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether one was shown; without it DRF answers 401."""
        if request.auth is None:
            return False
        check_parameters(request, view)
        return True


class HasScope(BasePermission):
    """The token holds the scope that the view's ``scopes`` names for the method; a method without one is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether it does. Without a token DRF answers 401, with one that lacks the scope 403."""
        method = "GET" if request.method == "HEAD" else request.method
        held = getattr(request.auth, "scopes", None)
        # A method that the view lacks goes on with any token, to be answered with 405.
        if held is None or (method in view.scopes and view.scopes[method] not in held):
            return False
        if method in view.scopes:
            check_parameters(request, view)
        return True


def check_parameters(request: Request, view: Any) -> None:
    """Refuses (400) parameters that the address does not know, by name.

    A filter that was left aside without a word would answer with rows that nobody asked for.
    """
    known = known_parameters(request, view)
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        text = _("There is no such parameter here. Known ones: {names}.")
        told = text.format(names=", ".join(sorted(known)) or "-")
        raise ValidationError({name: [ErrorDetail(told, code="unknown_parameter")] for name in unknown})


def known_parameters(request: Request, view: Any) -> set[str]:
    """Names of the filters, of the pages, and those of the view's ``parameters``; none for what is written."""
    if request.method not in ("GET", "HEAD"):
        return set()
    known: set[str] = set(getattr(view, "parameters", None) or [])
    filters = getattr(view, "filterset_class", None)
    if filters is not None and getattr(view, "filter_backends", None):
        known |= set(filters.base_filters)
    pages = getattr(view, "pagination_class", None)
    if pages is not None:
        known |= {pages.cursor_query_param, pages.page_size_query_param}
    return known
