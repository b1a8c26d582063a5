"""Contact data after consent: each look is a step that its owner reads."""

from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from common.errors import require
from matchmaking.partnerships.choices import Act
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.permissions import can_see_contact, side_acted_on
from matchmaking.partnerships.queries.partnerships import Contact, contact_of_side, other_side
from matchmaking.partnerships.services.moving import locked, move


@unit_of_work
def view_contact(*, partnership: Partnership, actor: User, enterprise: Enterprise | None = None) -> Contact:
    """Contact data of the other side, and the event that it was looked at, which both sides can read.

    ``enterprise`` says for which firm somebody looks who belongs to both. Refuses not_yours, suspended, and
    wrong_state before mutual interest and after an end.
    """
    row = locked(partnership)
    require(can_see_contact(actor, row))
    side = side_acted_on(actor, row, Act.VIEW_CONTACT, enterprise)
    move(partnership=row, act=Act.VIEW_CONTACT, side=side, actor=actor)
    return contact_of_side(row, other_side(side))
