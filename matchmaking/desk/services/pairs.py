"""Pairs that a coordinator suggests by hand: both firms read why, under the names that the postings show."""

from accounts.choices import NoticeKind, Verb
from accounts.models import User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.notices import notify_members
from common.errors import require
from common.values import normalise_text
from matchmaking.desk.models import HandPair
from matchmaking.desk.permissions import can_suggest_pair
from matchmaking.partnerships.services.moving import locked_postings
from matchmaking.postings.models import Posting

PAGE = "web:desk:suggested"


@unit_of_work
def suggest_pair(*, need: Posting, capacity: Posting, actor: User, reason: str) -> HandPair:
    """Suggest the pair to both firms for a reason in words, which both read; either may then express interest.

    Refuses not_yours, own_posting, same_direction, suspended, wrong_state, hidden_from, already_there,
    declined_before; Invalid without a reason.
    """
    rows = locked_postings(need.pk, capacity.pk)
    own, other = rows[need.pk], rows[capacity.pk]
    require(can_suggest_pair(actor, own, other))
    pair = HandPair(need=own, capacity=other, suggested_by=actor, reason=normalise_text(reason).strip())
    check_row(pair, exclude=["need", "capacity", "suggested_by"])
    pair.save()
    for mine, theirs in ((own, other), (other, own)):
        notify_members(
            enterprise=mine.enterprise,
            kind=NoticeKind.HAND_SUGGESTED,
            key=f"{pair.key}:{mine.number}",
            route=PAGE,
            thing_key=pair.key,
            facts={"title": mine.title, "other": theirs.title, "note": pair.reason},
        )
        record_change(thing=pair, verb=Verb.CREATED, actor=None, enterprise=mine.enterprise)
    record_change(thing=pair, verb=Verb.CREATED, actor=actor)
    return pair
