"""`up --check`, written last."""


def check() -> int:
    """Later."""
    return 1
