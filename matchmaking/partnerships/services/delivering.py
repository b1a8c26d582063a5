"""Deliveries by the agreement's plan: made by the one side, accepted by the other."""

from django.utils import timezone

from accounts.choices import NoticeKind
from accounts.models import Enterprise, User
from accounts.services.changes import unit_of_work
from common.errors import Refused, require
from common.reasons import Reason
from matchmaking.partnerships.choices import Act
from matchmaking.partnerships.models import Milestone, Partnership
from matchmaking.partnerships.permissions import can_act, side_acted_on
from matchmaking.partnerships.queries.deal import Deal
from matchmaking.partnerships.services.moving import locked, move, tell_other


@unit_of_work
def deliver(
    *,
    partnership: Partnership,
    milestone: int,
    actor: User,
    version: int | None = None,
    enterprise: Enterprise | None = None,
) -> Milestone:
    """Say that a planned delivery was made today; the first one begins the delivering.

    ``milestone`` is its number within the agreement in force, ``version`` that of the agreement that was read, where
    it is told. Refuses not_yours, suspended, wrong_state, other_side, nothing_waits, terms_changed.
    """
    require(can_act(actor, partnership, Act.DELIVER))
    return _mark(partnership, (milestone, version), actor, Act.DELIVER, enterprise)


@unit_of_work
def accept_delivery(
    *,
    partnership: Partnership,
    milestone: int,
    actor: User,
    version: int | None = None,
    enterprise: Enterprise | None = None,
) -> Milestone:
    """Accept a delivery that was made; ``milestone`` and ``version`` as for ``deliver``.

    Refuses not_yours, suspended, wrong_state, other_side, nothing_waits, terms_changed.
    """
    require(can_act(actor, partnership, Act.TAKE_DELIVERY))
    return _mark(partnership, (milestone, version), actor, Act.TAKE_DELIVERY, enterprise)


def _mark(
    partnership: Partnership, which: tuple[int, int | None], actor: User, act: Act, enterprise: Enterprise | None
) -> Milestone:
    """``which`` is the number of the delivery, and the version of the agreement that its reader saw."""
    row = locked(partnership)
    require(can_act(actor, row, act))
    deal = Deal(row)
    number, version = which
    if version is not None and deal.in_force is not None and deal.in_force.version != version:
        raise Refused(Reason.REFUSAL_TERMS_CHANGED)
    waiting = deal.undelivered if act == Act.DELIVER else deal.unaccepted
    found = next((one for one in waiting if one.number == number), None)
    if found is None:
        raise Refused(Reason.REFUSAL_NOTHING_WAITS)
    column = "delivered_on" if act == Act.DELIVER else "accepted_on"
    setattr(found, column, timezone.localdate())
    found.save()
    side = side_acted_on(actor, row, act, enterprise)
    move(partnership=row, act=act, side=side, actor=actor, note=found.title)
    kind = NoticeKind.DELIVERY_MADE if act == Act.DELIVER else NoticeKind.DELIVERY_ACCEPTED
    tell_other(row, side, kind, about=f"{found.pk}:{act}")
    return found
