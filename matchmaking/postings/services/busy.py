"""No new requests for a while: a firm says until when it is busy, and everybody reads it before they ask."""

from datetime import date, timedelta

from django.utils import timezone

from accounts.choices import Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from common.errors import Invalid, require
from common.reasons import Reason
from matchmaking.postings.choices import BusyLevel
from matchmaking.postings.models import Posting
from matchmaking.postings.permissions import can_set_busy
from matchmaking.postings.services.drafting import locked
from matchmaking.postings.services.life import level_of

BUSY_AT_MOST = timedelta(days=60)
"""A capacity that nobody may ask for longer than this is better paused."""


@unit_of_work
def set_busy(*, posting: Posting, actor: User, until: date | None) -> Posting:
    """Take no new requests up to and including ``until``; None ends it today. Requests that wait already stay.

    Suggestions show it as *busy*, which costs no more there than any busy firm loses. Refuses not_yours, suspended,
    wrong_state; Invalid for a day that is not ahead or more than ``BUSY_AT_MOST`` ahead.
    """
    row = locked(posting)
    require(can_set_busy(actor, row))
    last = timezone.localdate() + BUSY_AT_MOST
    if until is not None and until <= timezone.localdate():
        raise Invalid({"until": Reason.REFUSAL_DAY_NOT_AHEAD})
    if until is not None and until > last:
        raise Invalid({"until": Reason.REFUSAL_DAY_TOO_FAR}, {"until": {"day": last.isoformat()}})
    if row.busy_until != until:
        row.busy_until = until
        row.busy_level = BusyLevel.BUSY if until else level_of(row.open_interest_count)
        row.save(update_fields=["busy_until", "busy_level", "changed_at"])
        facts: dict[str, object] = {"busy_until": until.isoformat() if until else ""}
        record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=row.enterprise, facts=facts)
    return row
