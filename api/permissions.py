"""What a token's scopes allow."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasScope(BasePermission):
    """The token holds the scope that the view's ``scopes`` names for the method; a method without one is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether it does. Without a token DRF answers 401, with one that lacks the scope 403."""
        method = "GET" if request.method == "HEAD" else request.method
        held = getattr(request.auth, "scopes", None)
        # A method that the view lacks goes on with any token, to be answered with 405.
        return held is not None and (method not in view.scopes or view.scopes[method] in held)
