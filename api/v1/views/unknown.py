"""Addresses that are none, answered as every other problem."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.views import APIView

from api.authentication import Answering


class NoSuchAddress(Answering, APIView):
    """404 for everybody and every method."""

    authentication_classes: tuple[Any, ...] = ()
    permission_classes: tuple[Any, ...] = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """There is nothing here."""
        raise Http404
