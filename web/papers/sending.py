"""Files as answers: shown or kept, never run."""

from django.http import HttpResponse

from common.serving import guarded

PDF, CALENDAR = "application/pdf", "text/calendar; charset=utf-8"


def handed_out(content: bytes, *, media_type: str, name: str) -> HttpResponse:
    """``content`` to be kept under ``name``, which is plain letters, digits, dots and hyphens."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    answer: HttpResponse = guarded(response)
    return answer
