"""Examples of bodies for the description of the API; firms and postings in them are invented."""

import json
from typing import Any

from django.conf import settings

_TOLD = json.loads((settings.FIXTURES / "api" / "examples.json").read_text(encoding="utf-8"))
REQUESTS: dict[str, Any] = _TOLD["requests"]
"""What an operation takes, by its name."""
RESPONSES: dict[str, Any] = _TOLD["responses"]
"""What it answers with; of a list one row."""
AFTER = {
    "partnerships_create": {
        "accept": "introduced", "decline": "failed", "snooze": "interested", "withdraw": "failed", "quote": "quoting",
        "confirm_quote": "quoting", "withdraw_quote": "quoting", "refuse_quote": "quoting", "ask_sample": "sampling",
        "send_sample": "sampling", "receive_sample": "sampling", "pass_sample": "quoting", "fail_sample": "quoting",
        "propose": "quoting", "take_back": "quoting", "person_agreed": "introduced",
    },
    "partnerships_get": {
        "end": "failed", "deliver": "delivering", "take_delivery": "delivering", "state_outcome": "completed",
    },
}  # fmt: skip
"""The state in which an act leaves a partnership, by the example that it begins from."""
RESPONSES |= {
    f"partnerships_{act}": {**RESPONSES[begun], "state": state, "allowed_acts": []}
    for begun, states in AFTER.items()
    for act, state in states.items()
}


def problem(status: int, title: str, code: str, detail: str, field: str = "") -> dict[str, Any]:
    """A problem document."""
    error = {"field": field, "code": code, "detail": detail}
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": [error],
    }


PROBLEMS = {
    400: problem(400, "Bad request", "unknown_parameter", "There is no such parameter here.", "colour"),
    401: problem(401, "No valid token", "authentication_failed", "This token is wrong, has expired or was revoked."),
    403: problem(403, "Not allowed", "permission_denied", "You do not have permission to perform this action."),
    404: problem(404, "Not found", "not_found", "Not found."),
    405: problem(405, "Method not allowed", "method_not_allowed", 'Method "DELETE" not allowed.'),
    406: problem(406, "Not acceptable", "not_acceptable", "Could not satisfy the request Accept header."),
    409: problem(409, "Not possible now", "stale", "Somebody changed this meanwhile: you saw version 3, now it is 4."),
    413: problem(413, "Body too large", "body_too_large", "Send at most 1024 kB at once; split what you send."),
    415: problem(415, "Unsupported media type", "unsupported_media_type", "Unsupported media type text/xml."),
    422: problem(422, "Values do not fit", "refusal.unknown_code", "There is no such code.", "node"),
    429: problem(429, "Too many requests", "throttled", "At most 600 calls a minute; ask again in 12 seconds."),
    503: problem(503, "Busy", "busy", "Nothing was kept. Send the same again in a moment."),
}
