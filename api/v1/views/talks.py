"""Messages of partnerships and questions about postings for partners, by the same services as on the pages."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.asking import ListForFirm, checked, unknown
from api.authentication import Answering, actor_of, enterprise_of, firm_of
from api.v1.serializers.talks import (
    MessageSerializer,
    NewMessageSerializer,
    NewQuestionSerializer,
    QuestionAnswerSerializer,
    QuestionSerializer,
)
from common.errors import Refused
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.partnerships.queries.partnerships import partnerships_of
from matchmaking.postings.queries.postings import system_posting
from matchmaking.talks.filters import MessageFilter, QuestionFilter
from matchmaking.talks.queries.questions import questions_through
from matchmaking.talks.queries.threads import messages_through
from matchmaking.talks.services.messages import send_message
from matchmaking.talks.services.questions import answer_question, ask_question

READ, WRITE = ApiScope.QUESTIONS_READ.value, ApiScope.QUESTIONS_WRITE.value


class MessageList(ListForFirm):
    """Messages of the firm's partnerships, and writing one."""

    scopes = {"GET": ApiScope.MESSAGES_READ.value, "POST": ApiScope.MESSAGES_WRITE.value}
    serializer_class = MessageSerializer
    filterset_class = MessageFilter

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


class QuestionList(ListForFirm):
    """Questions about postings, and asking one."""

    scopes = {"GET": READ, "POST": WRITE}
    serializer_class = QuestionSerializer
    filterset_class = QuestionFilter

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the firm may read."""
        return questions_through(enterprise_of(self.request))

    @extend_schema(operation_id="questions_list", tags=["talks"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="questions_ask", tags=["talks"], request=NewQuestionSerializer, responses={201: QuestionSerializer}
    )
    def post(self, request: Request) -> Response:
        """The question as it was asked."""
        enterprise, told = firm_of(request), checked(NewQuestionSerializer, request)
        number = normalise_code(told["posting"])
        posting = system_posting(enterprise=enterprise, number=number, with_parts=False)
        if posting is None:
            raise unknown({"posting": number})
        asked = ask_question(posting=posting, enterprise=enterprise, actor=actor_of(request), text=told["text"])
        return Response(question_of(request, asked.key), status=status.HTTP_201_CREATED)


class QuestionAnswer(Answering, APIView):
    """Answering what is asked about one's own posting."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="questions_answer", tags=["talks"], request=QuestionAnswerSerializer, responses=QuestionSerializer
    )
    def post(self, request: Request, key: str) -> Response:
        """The question with its answer."""
        asked_of_us = questions_through(firm_of(request)).filter(posting__enterprise=firm_of(request))
        question = get_object_or_404(asked_of_us, key=key)
        answer_question(question=question, actor=actor_of(request), **checked(QuestionAnswerSerializer, request))
        return Response(question_of(request, key))


def question_of(request: Request, key: str) -> Any:
    """A question as the firm reads it."""
    row = questions_through(firm_of(request)).get(key=key)
    return QuestionSerializer(row, context={"enterprise": firm_of(request)}).data
