"""A posting that asks its firm's network first, opened to everybody before its day."""

from django.utils import timezone

from accounts.models import User
from accounts.services.changes import unit_of_work
from common.errors import require
from matchmaking.postings.models import Posting
from matchmaking.postings.permissions import can_open_posting
from matchmaking.postings.services.drafting import locked
from matchmaking.postings.services.moving import open_to_everybody


@unit_of_work
def open_posting(*, posting: Posting, actor: User) -> Posting:
    """Let everybody see from now on what only one's own network saw; there is no way back.

    Refuses not_yours, suspended, wrong_state, already_there for what is open.
    """
    row = locked(posting)
    require(can_open_posting(actor, row))
    return open_to_everybody(row=row, on=timezone.localdate(), actor=actor)
