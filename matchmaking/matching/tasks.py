"""What the background worker does for matching."""

from collections.abc import Sequence
from typing import Any

from django_tasks import task

from accounts.models import User
from matchmaking.matching.choices import Channel
from matchmaking.matching.services.snapshots import build_snapshot, is_snapshot_behind
from matchmaking.matching.services.suggestions import record_shown
from matchmaking.matching.services.vectors import encode_postings
from matchmaking.postings.models import Posting


@task()
def refresh_snapshot() -> str:
    """Build a new snapshot of the market; gives its version. Running it twice only costs time."""
    return build_snapshot().name


@task()
def encode_changed_postings(numbers: Sequence[str]) -> int:
    """Read the texts of these postings for their meaning, where they are live and were not read since they changed."""
    return encode_postings(numbers=numbers)


@task()
def record_shown_suggestions(
    number: str, shown: Sequence[dict[str, Any]], viewer: int | None = None, channel: str = Channel.PAGE
) -> int:
    """Record what was shown for the posting with this number; gives the number of rows, 0 when it is gone.

    Somebody is asking, so this is also when a snapshot that has fallen behind is built anew, away from the page.
    """
    if is_snapshot_behind():
        build_snapshot()
    posting = Posting.objects.filter(number=number).first()
    if posting is None:
        return 0
    person = User.objects.filter(pk=viewer).first() if viewer else None
    return record_shown(posting=posting, shown=shown, viewer=person, channel=channel)
