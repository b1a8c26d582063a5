"""Consent given ahead: verified firms that meet all musts of a posting are introduced without being answered first."""

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import require
from matchmaking.postings.models import Posting
from matchmaking.postings.permissions import can_accept_ahead, can_stop_accepting_ahead
from matchmaking.postings.services.drafting import locked


@unit_of_work
def accept_ahead(*, posting: Posting, actor: User) -> Posting:
    """Agree ahead to be introduced to every verified firm that meets all musts and expresses interest.

    Twice changes nothing. Refuses not_yours, suspended, wrong_state, not_verified.
    """
    row = locked(posting)
    require(can_accept_ahead(actor, row))
    if row.accepts_ahead_at is None:
        row.accepts_ahead_at, row.accepts_ahead_by = timezone.now(), actor
        _keep(row, Verb.GRANTED, actor)
    return row


@unit_of_work
def stop_accepting_ahead(*, posting: Posting, actor: User) -> Posting:
    """Take the consent back: each interest waits for an answer again. Twice changes nothing. Refuses not_yours."""
    row = locked(posting)
    require(can_stop_accepting_ahead(actor, row))
    if row.accepts_ahead_at is not None:
        row.accepts_ahead_at = row.accepts_ahead_by = None
        _keep(row, Verb.REVOKED, actor)
    return row


def _keep(row: Posting, verb: Verb, actor: User) -> None:
    row.save(update_fields=["accepts_ahead_at", "accepts_ahead_by", "changed_at"])
    record_change(thing=row, verb=verb, actor=actor, enterprise=row.enterprise, facts={"accepts_ahead": True})
