"""Hints as links: each leads to the place where the firm does it, filled in as far as may be, and back again."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from common.reasons import Reason

register = template.Library()

Facts = Mapping[str, str]
Filled = tuple[dict[str, str], str]
"""Fields of the posting's form with what the hint says, and the field to go to."""


def amount_in(field: str) -> Callable[[Facts], Filled]:
    """The hint's amount in a field."""
    return lambda facts: ({field: facts["amount"]}, f"id_{field}")


def window_of(facts: Facts) -> Filled:
    """The days that the hint names."""
    days = {f"window_{end}": facts[end] for end in ("start", "end") if end in facts}
    return days, f"id_{next(iter(days), 'window_start')}"


PLACES: Mapping[Reason, Callable[[Facts], Filled]] = {
    Reason.HINT_QUANTITY_LOWER: amount_in("quantity"),
    Reason.HINT_QUANTITY_RAISE: amount_in("quantity"),
    Reason.HINT_QUANTITY_SPLIT: lambda facts: ({"consortium_allowed": "on"}, "id_consortium_allowed"),
    Reason.HINT_MINIMUM_ORDER_LOWER: amount_in("minimum_order"),
    Reason.HINT_PRICE_RAISE: amount_in("price_max"),
    Reason.HINT_PRICE_LOWER: amount_in("price_min"),
    Reason.HINT_WINDOW_SHIFT: window_of,
    Reason.HINT_WINDOW_EXTEND: window_of,
    Reason.HINT_RADIUS_WIDEN: lambda facts: ({"radius_km": facts["km"]}, "id_radius_km"),
    Reason.HINT_REGION_ALLOW: lambda facts: ({"regions_allowed": facts["region"]}, "id_region_preference"),
    Reason.HINT_CERTIFICATE_WISH: lambda facts: ({"wish": facts["certificates"]}, "s4"),
    Reason.HINT_PARAMETER_RELAX: lambda facts: ({}, "parameters"),
    Reason.HINT_PARAMETER_RECORD: lambda facts: ({}, "parameters"),
    Reason.HINT_UNIT_CHANGE: lambda facts: ({}, "id_unit"),
    Reason.HINT_CAPACITY_FREE: lambda facts: ({}, "id_quantity"),
}
"""Where in the posting's form each hint is followed."""
OPEN_PLACES = {"text": "id_text", "window": "id_lead_time_days"}
"""The field of the form for a factor that lost points without a hint."""


def hint_address(number: str, note: Any, back: str) -> str:
    """The page on which the owner of the posting with this number follows a hint; ``back`` is where it was read.

    A paper that is not held is recorded, not ticked: its page asks for number, issuer and evidence.
    """
    if note.reason in (Reason.HINT_CERTIFICATE_ADD, Reason.HINT_CERTIFICATE_RENEW):
        code = note.facts["certificates"].split(", ")[0]
        told = urlencode({"certification": code, "back": back})
        return f"{reverse('web:accounts:new_certificate')}?{told}#id_number"
    if note.reason == Reason.HINT_CAPACITY_CONFIRM:
        return f"{reverse('web:postings:posting', args=[number])}#confirm-posting"
    fields, anchor = PLACES[note.reason](note.facts)
    return edit_address(number, fields, anchor, back)


def edit_address(number: str, fields: Mapping[str, str], anchor: str, back: str) -> str:
    """The posting's form at one field, with what is filled in beforehand."""
    return f"{reverse('web:postings:edit', args=[number])}?{urlencode({**fields, 'back': back})}#{anchor}"


@register.simple_tag
def own_hint_address(posting: Any, note: Any) -> str:
    """The same for a list of one's own changes, which leads back to the page that it stands on."""
    here = reverse("web:matching:loosen", args=[posting.number])
    return hint_address(posting.number, note, f"{here}#loosenings")
