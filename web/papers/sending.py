"""Files as answers: shown or kept, never run."""

from typing import Any

from django.http import HttpResponse

SANDBOX = "default-src 'none'; sandbox"
"""What a browser may do with a file of others: show it, and nothing else."""
PDF, CALENDAR = "application/pdf", "text/calendar; charset=utf-8"


def guarded(response: Any) -> Any:
    """``response`` with the headers that keep a file from being anything but shown, or kept by what lies between."""
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def handed_out(content: bytes, *, media_type: str, name: str) -> HttpResponse:
    """``content`` to be kept under ``name``, which is plain letters, digits, dots and hyphens."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return guarded(response)
