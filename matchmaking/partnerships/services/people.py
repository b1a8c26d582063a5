"""People who are offered: that they agreed to be named, recorded by the firm that offers them."""

from accounts.choices import NoticeKind
from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from common.errors import Invalid, require
from common.reasons import Reason
from matchmaking.partnerships.choices import Act, Side
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.permissions import can_act
from matchmaking.partnerships.services.moving import locked, move, tell_other


@unit_of_work
def record_person_agreed(
    *, partnership: Partnership, actor: User, agreed: bool, enterprise: Enterprise | None = None
) -> Partnership:
    """Keep, with today's date, that the people offered agreed to be named to the other firm, which may then reach them.

    Refuses not_yours, suspended, wrong_state, nothing_waits where no people are offered or it is kept already; Invalid
    unless ``agreed`` is true.
    """
    if not agreed:
        raise Invalid({"agreed": Reason.REFUSAL_REQUIRED})
    row = locked(partnership)
    require(can_act(actor, row, Act.PERSON_AGREED))
    move(partnership=row, act=Act.PERSON_AGREED, side=Side.CAPACITY, actor=actor)
    tell_other(row, Side.CAPACITY, NoticeKind.PERSON_AGREED, about=Act.PERSON_AGREED)
    return row
