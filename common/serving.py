"""Files as answers: shown or kept, never run."""

from typing import Any

SANDBOX = "default-src 'none'; sandbox"
"""What a browser may do with a file of others: show it, and nothing else."""


def guarded(response: Any) -> Any:
    """``response`` with the headers that keep a file from being anything but shown, or kept by what lies between."""
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
