"""What a partner system asks first: which entries there are, and what it may do itself."""

from typing import Any, cast

from allauth.idp.oidc import app_settings
from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from api.authentication import ActingClient, Answering
from api.pagination import StableCursorPagination
from api.permissions import HoldsToken
from api.v1.serializers.clients import AskingClientSerializer

ENTRIES = (
    "me",
    "regions",
    "chains",
    "nodes",
    "certificates",
    "units",
    "reasons",
    "postings",
    "partnerships",
    "packages",
    "consortia",
    "messages",
    "files",
    "parks",
    "park_partnerships",
    "park_batches",
    "facts",
    "targets",
    "flows",
    "schema",
)
"""Names of the addresses that a system can begin with."""


class Entrance(Answering, APIView):
    """The entries of version 1."""

    permission_classes = (HoldsToken,)
    scopes: dict[str, str] = {"GET": ""}

    @extend_schema(
        operation_id="entrance",
        tags=["client"],
        responses={(200, "application/json"): {"type": "object", "additionalProperties": {"type": "string"}}},
    )
    def get(self, request: Request) -> Response:
        """Name and address of each."""
        return Response({name: reverse(f"api:v1:{name}", request=request) for name in ENTRIES})


class AskingClient(Answering, APIView):
    """The system that asks."""

    permission_classes = (HoldsToken,)
    scopes: dict[str, str] = {"GET": ""}

    @extend_schema(
        operation_id="me",
        tags=["client"],
        responses=AskingClientSerializer,
    )
    def get(self, request: Request) -> Response:
        """What the token stands for."""
        return Response(AskingClientSerializer(asking(cast(ActingClient, request.auth))).data)


def asking(acting: ActingClient) -> dict[str, Any]:
    """A system with the scopes of its token and what it may send at once."""
    client = acting.client
    return {
        "client_id": client.client_id,
        "name": client.name,
        "enterprise": acting.enterprise,
        "scopes": sorted(acting.scopes),
        "created_at": client.created_at,
        "expires_on": client.expires_on,
        "last_used_on": client.last_used_on,
        "limits": {
            "calls_a_minute": settings.API_CALLS_A_MINUTE,
            "body_bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            "rows_a_page": StableCursorPagination.max_page_size,
            "token_seconds": app_settings.ACCESS_TOKEN_EXPIRES_IN,
        },
    }
