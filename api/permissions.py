"""What a token's scopes allow."""

from rest_framework.permissions import BasePermission


class HasScope(BasePermission):
    """The token holds the scope that the view names."""
