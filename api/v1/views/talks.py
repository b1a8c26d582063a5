"""Messages of partnerships for partners: the firm's own, by the same services as on the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.choices import ApiScope
from api.asking import unknown
from api.authentication import Answering, actor_of, enterprise_of
from api.v1.serializers.talks import MessageSerializer, NewMessageSerializer
from common.errors import Refused
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.partnerships.queries.partnerships import partnerships_of
from matchmaking.talks.filters import MessageFilter
from matchmaking.talks.queries.threads import messages_through
from matchmaking.talks.services.messages import send_message


class MessageList(Answering, ListAPIView[Any]):
    """Messages of the firm's partnerships, and writing one."""

    scopes = {"GET": ApiScope.MESSAGES_READ.value, "POST": ApiScope.MESSAGES_WRITE.value}
    serializer_class = MessageSerializer
    filterset_class = MessageFilter

    def get_serializer_context(self) -> dict[str, Any]:
        """With the firm that reads."""
        return {**super().get_serializer_context(), "enterprise": enterprise_of(self.request)}

    def get_queryset(self) -> QuerySet[Any]:
        """All messages of the firm's partnerships."""
        return messages_through(enterprise_of(self.request))

    @extend_schema(operation_id="messages_list", tags=["talks"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="messages_send", tags=["talks"], request=NewMessageSerializer, responses={201: MessageSerializer}
    )
    def post(self, request: Request) -> Response:
        """The message as it was sent."""
        enterprise = enterprise_of(request)
        if enterprise is None:
            raise Refused(Reason.REFUSAL_NO_ENTERPRISE)
        body = NewMessageSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        key = normalise_code(body.validated_data["partnership"])
        partnership = partnerships_of(enterprise).filter(key=key).first()
        if partnership is None:
            raise unknown({"partnership": key})
        sent = send_message(
            partnership=partnership, actor=actor_of(request), text=body.validated_data["text"], enterprise=enterprise
        )
        shown = MessageSerializer(sent, context=self.get_serializer_context())
        return Response(shown.data, status=status.HTTP_201_CREATED)
