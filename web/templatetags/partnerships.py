"""How a partnership is drawn: the six steps with their days, and what each event says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matchmaking.partnerships.choices import STEPS, Act, Side, State
from matchmaking.partnerships.queries.partnerships import counterpart_name, line_of, posting_of, side_of, step_of

register = template.Library()

STEP_NAMES: tuple[Promise, ...] = (
    _("Suggestion"),
    _("Interest"),
    _("Mutual interest"),
    _("Mutual introduction"),
    _("Agreement"),
    _("Outcome"),
)
TOLD: dict[str, Promise] = {
    Act.DECLARE_INTEREST: _("declared interest"),
    Act.ACCEPT: _("accepted"),
    Act.INTRODUCE: _("Both sides were introduced"),
    Act.DECLINE: _("declined"),
    Act.WITHDRAW: _("withdrew the interest"),
    Act.LAPSE: _("The interest has ended"),
    Act.END: _("does not go on"),
    Act.VIEW_CONTACT: _("looked at the contact data"),
}


@dataclass(frozen=True)
class Step:
    """One of the six steps: done, now, stopped or todo."""

    number: int
    name: Promise
    mark: str
    when: datetime | None
    who: str


def name_on(partnership: Any, side: str, enterprise: Any) -> str:
    """The name of the firm on ``side`` as ``enterprise`` may know it; an outsider who may look knows both."""
    firm = posting_of(partnership, side).enterprise
    own = side_of(partnership, enterprise)
    return str(firm.name) if own is None or own == side else counterpart_name(partnership, enterprise)


@register.inclusion_tag("partnerships/_stepper.html")
def stepper(partnership: Any, events: Iterable[Any], enterprise: Any) -> dict[str, Any]:
    """The six steps of ``partnership`` as ``enterprise`` reads them."""
    taken = list(events)
    ended = partnership.state == State.FAILED
    last = next((event.from_state for event in reversed(taken) if event.to_state == State.FAILED), State.INTERESTED)
    reached = step_of(last if ended else partnership.state)
    steps = []
    for number, name in enumerate(STEP_NAMES):
        event = next((one for one in taken if one.to_state in STEPS[number] and one.from_state != one.to_state), None)
        mark = "done" if number <= reached else "todo"
        if number == reached + 1:
            mark = "stopped" if ended else "now"
        when = event.happened_at if event else partnership.created_at if number == 0 else None
        who = name_on(partnership, event.side, enterprise) if event and event.side != Side.PLATFORM else ""
        steps.append(Step(number + 1, name, mark, when if number <= reached else None, who))
    return {"steps": steps, "end_reason": partnership.end_reason}


@register.simple_tag
def name_of_side(partnership: Any, side: str, enterprise: Any) -> str:
    """The name of the firm on ``side`` as ``enterprise`` may know it; nothing for the platform."""
    return "" if side == Side.PLATFORM else name_on(partnership, side, enterprise)


@register.filter
def crosses_border(partnership: Any) -> bool:
    """Whether need and capacity stand on different sides of the provincial border; both regions filled."""
    codes = [getattr(posting.region, "code", "") for posting in (partnership.need, partnership.capacity)]
    return all(codes) and codes[0][:PROVINCE_DIGITS] != codes[1][:PROVINCE_DIGITS]


PROVINCE_DIGITS = 2
"""Digits of an administrative code that name the province or municipality."""


@register.filter
def told_act(event: Any) -> str:
    """What happened, to be read after the name of who did it."""
    return str(TOLD[event.act])


@register.filter
def waits_for(partnership: Any, enterprise: Any) -> bool:
    """Whether ``enterprise`` is to answer; false for a missing one."""
    line = line_of(partnership, enterprise or None)
    return line is not None and line.is_our_turn
