"""Samples: asked for, sent, received, passed or failed, each with the revision of the drawing."""

from accounts.choices import NoticeKind
from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from common.errors import Invalid, require
from common.reasons import Reason
from common.values import normalise_text
from matchmaking.partnerships.choices import Act
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.permissions import can_act, side_acted_on
from matchmaking.partnerships.queries.deal import SAMPLE_ACTS
from matchmaking.partnerships.services.moving import locked, move, tell_other

LONGEST_NOTE = 500


@unit_of_work
def move_sample(
    *, partnership: Partnership, actor: User, act: Act, note: str = "", enterprise: Enterprise | None = None
) -> Partnership:
    """Take the next step of a sample; ``note`` says which revision of the drawing, or why it failed.

    Refuses not_yours, suspended, wrong_state, other_side, and nothing_waits where the step before is missing; Invalid
    for a note that is too long, and without one for a sample that failed.
    """
    if act not in SAMPLE_ACTS:
        raise Invalid({"act": Reason.REFUSAL_UNKNOWN_CODE}, {"act": {"code": str(act)[:60]}})
    told = normalise_text(note)
    if len(told) > LONGEST_NOTE:
        raise Invalid({"note": Reason.REFUSAL_TOO_LONG}, {"note": {"limit": LONGEST_NOTE}})
    if act == Act.FAIL_SAMPLE and not told:
        raise Invalid({"note": Reason.REFUSAL_REQUIRED})
    row = locked(partnership)
    require(can_act(actor, row, act))
    side = side_acted_on(actor, row, act, enterprise)
    move(partnership=row, act=act, side=side, actor=actor, note=told)
    tell_other(row, side, NoticeKind.SAMPLE_MOVED, about=f"{act}:{row.events.count()}")
    return row
