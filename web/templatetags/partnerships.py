"""How a partnership is drawn: the six steps with their days, and what each event says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matchmaking.partnerships.choices import BOUND, REACHING, STEPS, Act, Answer, Side, State
from matchmaking.partnerships.queries.deal import SAMPLE_ACTS
from matchmaking.partnerships.queries.partnerships import counterpart_name, line_of, posting_of, side_of, step_of
from reference.queries.workdays import is_announced
from web.templatetags.formats import written_amount, written_day

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
    Act.QUEUE: _("waits in the queue"),
    Act.LET_IN: _("The request was let in from the queue"),
    Act.ACCEPT: _("accepted"),
    Act.ACCEPT_AHEAD: _("had accepted ahead"),
    Act.SNOOZE: _("asked for time until"),
    Act.INTRODUCE: _("Both sides were introduced"),
    Act.DECLINE: _("declined"),
    Act.WITHDRAW: _("withdrew the interest"),
    Act.LAPSE: _("The interest has ended"),
    Act.END: _("does not go on"),
    Act.VIEW_CONTACT: _("looked at the contact data"),
    Act.PERSON_AGREED: _("recorded that the people offered agreed to be named"),
    Act.QUOTE: _("sent a quote"),
    Act.CONFIRM_QUOTE: _("confirmed the quote"),
    Act.WITHDRAW_QUOTE: _("withdrew the quote"),
    Act.REFUSE_QUOTE: _("refused the quote"),
    Act.ASK_SAMPLE: _("asked for a sample"),
    Act.SEND_SAMPLE: _("sent the sample"),
    Act.RECEIVE_SAMPLE: _("received the sample"),
    Act.PASS_SAMPLE: _("passed the sample"),
    Act.FAIL_SAMPLE: _("did not pass the sample"),
    Act.PROPOSE: _("proposed an agreement"),
    Act.TAKE_BACK: _("took the proposal back"),
    Act.SIGN: _("signed"),
    Act.AGREE: _("The agreement is in force"),
    Act.DELIVER: _("delivered"),
    Act.TAKE_DELIVERY: _("accepted the delivery"),
    Act.STATE_OUTCOME: _("told the outcome"),
    Act.SUGGEST_OUTCOME: _("A coordinator suggests how to settle the outcome"),
    Act.COMPLETE: _("Both sides confirmed the outcome"),
}
TERM_NAMES = (
    "minimum_order_amount", "lead_time_days", "valid_until", "freight_payer", "delivery_place", "payment_days",
    "takes_bank_acceptance", "metal_index", "tooling_cost", "floor_area", "workers", "opens_on", "people", "months",
    "mode",
)  # fmt: skip
"""Terms that are told only where somebody filled them in, in this order."""


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
    if event.act == Act.LAPSE and event.from_state in BOUND:
        return str(_("The partnership has ended"))
    return str(TOLD[event.act])


FIRMS_OWN = (Act.REFUSE_QUOTE, Act.TAKE_BACK, *SAMPLE_ACTS)
"""Acts whose notes may speak of prices; the two firms read them."""


@register.filter
def note_told(event: Any, enterprise: Any) -> str:
    """The note of an event as ``enterprise``, None for an outsider, reads it."""
    if event.act in REACHING or (enterprise is None and event.act in FIRMS_OWN):
        return ""
    if event.act == Act.STATE_OUTCOME:
        return str(Answer(event.note).label) if event.note in Answer.values else ""
    if event.act == Act.SNOOZE:
        return written_day(date.fromisoformat(event.note))
    return str(event.note)


@register.filter
def not_announced(day: date | None) -> bool:
    """Whether ``day`` lies in a year whose public holidays are not known yet."""
    return day is not None and not is_announced(day.year)


@register.filter
def waits_for(partnership: Any, enterprise: Any) -> bool:
    """Whether ``enterprise`` is to answer; false for a missing one."""
    line = line_of(partnership, enterprise or None)
    return line is not None and line.is_our_turn


@register.filter
def told_terms(thing: Any) -> list[tuple[str, str]]:
    """The terms of a quote or agreement that were filled in, each as label and text."""
    return [(label, text) for label, text in all_terms(thing) if text]


def all_terms(thing: Any) -> list[tuple[str, str]]:
    """Every term that such a thing may have, each as label and text; empty where nothing was said."""
    labels = {field.name: field.verbose_name for field in thing._meta.fields}
    return [(str(labels[name]), term_text(thing, name)) for name in TERM_NAMES if name in labels]


def term_text(thing: Any, name: str) -> str:
    """One term in words, empty where nothing was said."""
    value = getattr(thing, name)
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, Decimal):
        return written_amount(value)
    if isinstance(value, date):
        return written_day(value)
    display = getattr(thing, f"get_{name}_display", None)
    return str(display() if display else value)


@register.filter
def statements_told(deal: Any) -> list[tuple[str, Any]]:
    """Both sides with what they said of the outcome, None for silence."""
    return [(side.value, deal.statements.get(side)) for side in (Side.NEED, Side.CAPACITY)]
