"""Errors of services and of the framework as problem documents (RFC 9457); how the description tells of all this."""

from collections.abc import Mapping
from typing import Any, Literal

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ErrorResponse
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

from accounts.choices import ApiScope
from common.errors import Invalid, Refused, Stale
from common.reason_texts import text_of
from common.reasons import Reason

Direction = Literal["request", "response"]
PROBLEM_TYPE = "application/problem+json"
TOKEN_ADDRESS = "/identity/o/api/token"
"""Where a partner system gets its token."""
TITLES = {
    400: _("Bad request"),
    401: _("No valid token"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("Not acceptable"),
    409: _("Not possible now"),
    413: _("Body too large"),
    415: _("Unsupported media type"),
    422: _("Values do not fit"),
    429: _("Too many requests"),
    500: _("Error on our side"),
    503: _("Busy"),
}


class RefusedHere(exceptions.APIException):
    """A service refused: 403 when it is not the asker's, else 409."""

    def __init__(self, refusal: Refused) -> None:
        self.status_code = (
            status.HTTP_403_FORBIDDEN if refusal.reason == Reason.REFUSAL_NOT_YOURS else status.HTTP_409_CONFLICT
        )
        super().__init__(told(refusal.reason, refusal.facts), code=refusal.reason.value)


class ValuesDoNotFit(exceptions.ValidationError):
    """A service found values that do not fit."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


class BodyTooLarge(exceptions.APIException):
    """More than is read at once."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"


class DatabaseBusy(exceptions.APIException):
    """The database is locked, full or gone; nothing was kept. ``wait`` in seconds becomes Retry-After."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code, default_detail, wait = "busy", _("Nothing was kept. Send the same again in a moment."), 10


class ChangedMeanwhile(exceptions.APIException):
    """Somebody was faster."""

    status_code = status.HTTP_409_CONFLICT


def told(reason: Reason | str, facts: Mapping[str, object]) -> str:
    """A reason's text in the asked language; other texts as they are."""
    return text_of(reason, get_language() or "zh-hans", dict(facts)) if isinstance(reason, Reason) else str(reason)


class ProblemHandler(ExceptionHandler):
    """Turns what services raise on purpose into answers, and every answer into a problem document."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        """Refused 409 (403 for not_yours), Invalid 422, Stale 409."""
        if isinstance(exc, Refused):
            return RefusedHere(exc)
        if isinstance(exc, Invalid):
            return ValuesDoNotFit(
                {
                    name or "__all__": [
                        exceptions.ErrorDetail(told(reason, exc.facts.get(name, {})), code=code_of(reason))
                    ]
                    for name, reason in exc.fields.items()
                }
            )
        if isinstance(exc, RequestDataTooBig):
            text = gettext("Send at most {limit} kB at once; split what you send.")
            return BodyTooLarge(text.format(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024))
        if isinstance(exc, OperationalError):
            return DatabaseBusy()
        if isinstance(exc, Stale):
            text = gettext("Somebody changed this meanwhile: you saw version {seen}, now it is {current}.")
            return ChangedMeanwhile(text.format(seen=exc.seen, current=exc.current), code="stale")
        converted: Exception = super().convert_known_exceptions(exc)
        return converted

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        """The document with its media type."""
        headers = self.get_headers(exc)
        return Response(data, status=exc.status_code, headers=headers, content_type=PROBLEM_TYPE)


def code_of(reason: Reason | str) -> str:
    """The code by which a program tells a problem from another."""
    return reason.value if isinstance(reason, Reason) else "invalid"


class ProblemFormatter(ExceptionFormatter):
    """The one shape of all errors."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        """A problem document: status, title, code and detail of the first error, and all errors by field."""
        first = error_response.errors[0]
        return {
            "type": "about:blank",
            "title": str(TITLES.get(self.exc.status_code, _("Error"))),
            "status": self.exc.status_code,
            "code": first.code or "invalid",
            "detail": first.detail,
            "errors": [
                {"field": error.attr or "", "code": error.code or "invalid", "detail": error.detail}
                for error in error_response.errors
            ],
        }


class FieldProblemSerializer(serializers.Serializer[Any]):
    """One thing that does not fit; ``field`` is empty where it is none."""

    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem document. ``code`` is stable and meant for programs, ``detail`` is for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = FieldProblemSerializer(many=True)


class ClientTokenScheme(OpenApiAuthenticationExtension):
    """How the description of the API tells about tokens, and which scope each operation wants."""

    target_class = "api.authentication.ClientTokenAuthentication"
    name = "partner"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The flow of client credentials with all scopes."""
        scopes = {scope.value: str(scope.label) for scope in ApiScope}
        return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": TOKEN_ADDRESS, "scopes": scopes}}}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """The scope of the operation."""
        scope = getattr(auto_schema.view, "scopes", {}).get(auto_schema.method)
        return {self.name: [scope] if scope else []}
