"""What happens around the day of answer: more time, reminders, and the next firm once one stayed silent."""

from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import User
from accounts.services.changes import unit_of_work
from common.errors import Invalid, require
from common.reasons import Reason
from matchmaking.matching.permissions import can_read_suggestions
from matchmaking.partnerships.choices import Act
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.permissions import can_act
from matchmaking.partnerships.queries.answering import asked_on, asker_of, firms_asked_about, interests_due
from matchmaking.partnerships.queries.partnerships import acting_sides, other_side, posting_of
from matchmaking.partnerships.services.moving import locked, move, tell, tell_other
from matchmaking.partnerships.services.panels import MatchPanel, match_panel
from matchmaking.postings.models import Posting
from reference.queries.workdays import working_day_after

SNOOZE_AT_MOST = timedelta(days=30)
"""How long after the interest its answer may be put off at most, however often."""


@unit_of_work
def snooze_interest(*, partnership: Partnership, actor: User, until: date) -> Partnership:
    """Put the answer to an interest off: it is due on the working day after ``until``, and nobody is reminded before.

    Who asked is told the day and may withdraw or ask the next firm. Refuses not_yours, wrong_state, other_side; Invalid
    for a day that is not ahead or more than ``SNOOZE_AT_MOST`` after the interest.
    """
    row = locked(partnership)
    require(can_act(actor, row, Act.SNOOZE))
    today, last = timezone.localdate(), asked_on(row) + SNOOZE_AT_MOST
    if until <= today:
        raise Invalid({"until": Reason.REFUSAL_DAY_NOT_AHEAD})
    if until > last:
        raise Invalid({"until": Reason.REFUSAL_DAY_TOO_FAR}, {"until": {"day": last.isoformat()}})
    side = acting_sides(row, Act.SNOOZE)[0]
    row.snoozed_until = until
    row.answer_by = max(row.answer_by or until, working_day_after(until, 1))
    row.version += 1
    row.full_clean()
    row.save()
    move(partnership=row, act=Act.SNOOZE, side=side, actor=actor, note=until.isoformat())
    tell_other(row, side, NoticeKind.INTEREST_SNOOZED, about=f"snoozed:{row.version}")
    return row


def remind_of_answers(*, on: date) -> int:
    """Remind who was asked on the working day before the day of answer and on that day, once each.

    Repeating changes nothing. Returns how many interests are due.
    """
    due = list(interests_due(on=on, until=working_day_after(on, 1)))
    return sum(_remind(partnership, on) for partnership in due)


@unit_of_work
def _remind(partnership: Partnership, on: date) -> int:
    last = "today" if partnership.answer_by == on else "ahead"
    side = other_side(partnership.opened_by)
    tell(partnership, side, NoticeKind.ANSWER_DUE, about=f"due:{partnership.answer_by}:{last}")
    return 1


def next_match(*, partnership: Partnership, viewer: User | None = None) -> MatchPanel | None:
    """The panel with one card: the best suggestion for the posting that asked, of a firm that it has not asked yet.

    None where there is none, or ``viewer``, by default who declared the interest, may not read them.
    """
    own = posting_of(partnership, partnership.opened_by)
    reader = viewer or asker_of(partnership)
    if reader is None or not can_read_suggestions(reader, own):
        return None
    asked = firms_asked_about(own)
    panel = match_panel(posting=own, viewer=reader)
    card = next((card for card in panel.cards if _firm(card.posting) not in asked), None)
    return replace(panel, cards=(card,), near_misses=(), neighbours=(), next_offset=None) if card else None


def _firm(posting: Posting) -> tuple[int, str]:
    return posting.enterprise_id, posting.visibility
