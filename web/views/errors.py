"""Error pages: they keep the app bar and say what to do; the one for 500 asks neither the user nor the database."""

import secrets
import sys
from datetime import timedelta
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from web.access import SECRET_FIELDS, bare_context, typed_in
from web.rates import seconds_to_wait

logger = structlog.get_logger(__name__)
RETRY_AFTER_SECONDS = 10
PASSWORDS = tuple(name for name in SECRET_FIELDS if name != "csrfmiddlewaretoken")
"""Fields that no page repeats, so that a form which holds one is typed again."""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read; 413 when it was too large to be read."""
    if isinstance(exception, RequestDataTooBig):
        return error_page(
            request,
            413,
            _("This is too much at once"),
            _("Go back and send less: a text of some pages at most, and files of at most a few megabytes."),
        )
    return error_page(
        request,
        400,
        _("This request cannot be read"),
        _("Go back, check what you sent, and try again. Files may be at most a few megabytes."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not allowed for this reader."""
    return error_page(
        request,
        403,
        _("You may not do this"),
        _("Sign in with an account that may, or ask the owner of your enterprise to give you the role."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or none that this reader may see."""
    return error_page(
        request,
        404,
        _("There is no such page"),
        _("The address may be mistyped, or what stood here was closed or is not for you to see. Start at home."),
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """429: the same act too often in a short time; says from when on it goes again and keeps what was typed."""
    seconds = seconds_to_wait(request)
    # The minute that begins next, so that nobody comes too early.
    until = timezone.localtime() + timedelta(seconds=seconds + 59)
    is_today = until.date() == timezone.localdate()
    typed = typed_in(request)
    context = {
        "status": 429,
        "heading": _("Too often in a short time"),
        "advice": _("You can go on at {time}. What is saved stays saved.").format(
            time=until.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M")
        ),
        "typed": typed,
        "may_resend": bool(typed) and not any(name in request.POST for name in PASSWORDS),
    }
    template = "pages/_error.html" if getattr(request, "htmx", False) else "pages/too_many.html"
    answer = render(request, template, context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open for too long, or cookies are off."""
    return error_page(
        request,
        403,
        _("This form has expired"),
        _("Go back, reload the page and send it again. Cookies must be allowed for this site."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; shows a number by which the log entry is found, and runs no query.

    503 with a waiting time where the database is locked, full or gone: nothing was kept, so trying again is right.
    """
    number = secrets.token_hex(4)
    is_busy = isinstance(sys.exc_info()[1], OperationalError)
    logger.error("database_busy" if is_busy else "page_failed", number=number, path=request.path)
    context: dict[str, Any] = {
        **bare_context(request),
        "heading": _("The platform is busy") if is_busy else _("Something went wrong on our side"),
        "advice": _("Nothing you sent was half saved. Try again in a minute; if it stays, tell us this number:"),
        "number": number,
        "status": 503 if is_busy else 500,
    }
    answer = HttpResponse(render_to_string("pages/error.html", context), status=context["status"])
    if is_busy:
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def error_page(request: HttpRequest, status: int, heading: str, advice: str) -> HttpResponse:
    """A page that names what happened and what to do; a short notice where htmx asked."""
    context = {"heading": heading, "advice": advice, "status": status}
    template = "pages/_error.html" if getattr(request, "htmx", False) else "pages/error.html"
    return render(request, template, context, status=status)
