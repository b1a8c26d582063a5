"""Requests that cannot be read at all: a problem document where programs ask, a page elsewhere."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _

from api.exceptions import PROBLEM_TYPE, TITLES
from web.views.errors import bad_request

PROGRAMS_ASK = ("/api/", "/identity/o/api/")
"""Beginnings of addresses that partner systems call: the REST door, and where they get their tokens."""


class NulCharacter(ValueError):
    """A NUL stands somewhere in a request."""


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when it was too large to be read; programs are told in the language of Accept-Language."""
    if not request.path_info.startswith(PROGRAMS_ASK):
        return bad_request(request, exception)
    language = get_language_from_request(request)
    with translation.override(language):
        status, code, detail = problem_of(exception)
        told = {"type": "about:blank", "title": str(TITLES[status]), "status": status, "code": code, "detail": detail}
        answer = JsonResponse({**told, "errors": []}, status=status, content_type=PROBLEM_TYPE)
    answer["Content-Language"] = language
    return answer


def problem_of(exception: Exception | None) -> tuple[int, str, str]:
    """Status, code and text, in the active language."""
    if isinstance(exception, RequestDataTooBig):
        text = _("Send at most {limit} kB at once; split what you send.")
        return 413, "body_too_large", text.format(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024)
    if isinstance(exception, NulCharacter):
        return 400, "nul_character", _("A text holds a character that cannot be stored.")
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        text = _("Send at most {limit} fields at once; split what you send.")
        return 400, "too_many_fields", text.format(limit=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
    return 400, "unreadable", _("The request cannot be read; check its address, its headers and its body.")
