"""Tags and filters of our templates: icons, reasons, amounts, days, addresses, names behind codes."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from lucide.templatetags.lucide import lucide

from common.reason_texts import text_of
from common.reasons import Reason
from reference.queries.names import Names, reference_names
from reference.queries.recognitions import recognitions_now
from web.templatetags.formats import (
    in_english,
    whole_days,
    written_amount,
    written_day,
    written_moment,
    written_number,
    written_price,
    written_quantity,
)

register = template.Library()

ICON_SIZE = 16
CODED_FACTS = {
    "certificates": "certificate",
    "node": "node",
    "region": "region",
    "successor": "region",
    "unit": "unit",
    "parameters": "parameter",
}
"""Facts of a reason that hold codes, several joined by a comma, and the kind of row that they name."""
HAN = re.compile(r"[\u3400-\u9fff]")
NUMBER_FACTS = ("amount", "km")
SIGNS = {">=": "\N{GREATER-THAN OR EQUAL TO}", "<=": "\N{LESS-THAN OR EQUAL TO}"}
VISITOR_STEPS = 2
"""Province and prefecture, or municipality and district: how closely a visitor learns where a posting stands."""
STEP = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


@lru_cache(maxsize=256)
def drawn_icon(name: str, size: int, classes: str) -> SafeString:
    """The icon as inline SVG that assistive technology passes over."""
    return SafeString(lucide(name, size=size, **{"class": classes, "aria-hidden": "true", "focusable": "false"}))


@register.simple_tag
def icon(name: str, classes: str = "ic", size: int = ICON_SIZE) -> SafeString:
    """A Lucide icon by its name, beside a text that says the same: ``{% icon "shield-check" %}``."""
    return drawn_icon(str(name), size, str(classes))


@register.simple_tag
def reason(code: Reason | str, facts: Mapping[str, object] | None = None) -> str:
    """The text of a reason in the page's language; codes among its facts become names, amounts are written out."""
    if not code:
        return ""
    return text_of(Reason(code), get_language() or "zh-hans", written_facts(facts or {}))


def written_facts(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as a reader wants them: names for codes, numbers with their thousands separated."""
    return {name: written_fact(name, value) for name, value in facts.items()}


def written_fact(name: str, value: object) -> object:
    """One fact as a reader wants it; what is no known code or number stays as it is."""
    kind = CODED_FACTS.get(name)
    if kind:
        named = condition_named if kind == "parameter" else partial(name_of, kind)
        return ", ".join(named(code) for code in str(value).split(", "))
    if name in NUMBER_FACTS:
        try:
            return written_number(Decimal(str(value)))
        except ArithmeticError:
            return value
    return value


def condition_named(told: str) -> str:
    """A technical parameter with what is asked of it, such as ``clamp_t >= 1600``, as a reader wants it."""
    code, _space, asked = told.partition(" ")
    sign, _gap, value = asked.partition(" ")
    written = f"{SIGNS.get(sign, sign)} {level_name(code, value)}".strip()
    return f"{name_of('parameter', code)} {written}".strip()


@register.inclusion_tag("insights/_recognition.html")
def recognition(parameter: str) -> dict[str, Any]:
    """Whether a paper of a person counts on both sides of the border."""
    return {"rule": recognitions_now().get(parameter)}


@register.simple_tag
def level_name(parameter: str, level: str) -> str:
    """What a level of a parameter is called in the page's language."""
    found = reference_names().get(("level", f"{parameter} {level}"))
    return found.name if found else level


def name_of(kind: str, code: str) -> str:
    """The name behind a code in the page's language; the code itself where it is unknown."""
    found = reference_names().get((kind, code))
    return found.name if found else code


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The widget of a bound field in our look, also where the form is a library's own; its other classes stay."""
    classes = str(field.field.widget.attrs.get("class", "")).split()
    return field.as_widget(attrs={"class": " ".join(classes if "input" in classes else ["input", *classes])})


@register.filter
def amount(value: Decimal | int | None) -> str:
    """A number with its thousands separated; in Chinese large round ones by the signs for 10⁴ and 10⁸."""
    return written_amount(value)


@register.filter
def whole_number(value: Decimal | int) -> str:
    """A number with its thousands separated in every language, for columns whose unit has a step of its own."""
    return written_number(Decimal(value))


@register.filter
def day(value: date | datetime | None) -> str:
    """A day: 2026-11-23 in Chinese, 23 Nov 2026 in English."""
    return written_day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """A day with its time."""
    return written_moment(value)


@register.filter
def in_language(row: Any, column: str) -> str:
    """The text of a row that stands in two columns, ``column`` + _zh and _en, in the page's language."""
    return str(getattr(row, f"{column}_{'en' if in_english() else 'zh'}"))


@register.filter
def own_words(text: object) -> SafeString:
    """What somebody wrote, in an element that tells its language: Chinese where any of it is."""
    language = "zh-Hans" if HAN.search(str(text)) else "en"
    return format_html('<span lang="{}">{}</span>', language, text)


@register.simple_tag(takes_context=True)
def quantity(context: template.Context, posting: Any, exact: bool | None = None) -> str:
    """A posting's quantity with unit and period. Visitors get its class, members of an enterprise the figure.

    ``exact`` decides instead, for pages that show what somebody else would see. Nothing stated is a dash.
    """
    if posting.quantity_amount is None or posting.unit_id is None:
        return written_amount(None)
    if exact is None:
        exact = bool(context.get("reads_details"))
    value = posting.quantity_amount if exact else posting.quantity_class
    return written_quantity(value, posting.unit.name, posting.period, is_class=not exact)


@register.simple_tag
def measured(amount: Decimal | int, unit: str, period: str, is_exact: bool) -> str:
    """An amount with the name of its unit and its period; not exact means the floor of its class."""
    return written_quantity(amount, unit, period, is_class=not is_exact)


@register.simple_tag
def window(posting: Any) -> SafeString:
    """The days that a posting is for, each unbroken: 2026-12-01 to 2027-06-30."""
    return whole_days(posting.window_start, posting.window_end)


@register.simple_tag
def lot_days(need: Any, start: date | None, end: date | None) -> SafeString:
    """The days of a lot, those of the need where it has none of its own."""
    return whole_days(start, end) if start and end else window(need)


@register.simple_tag
def price(posting: Any) -> str:
    """The price band of a posting for one of its unit: up to 95 CNY per piece."""
    unit = posting.unit.name if posting.unit else written_amount(None)
    return written_price(posting.price_min, posting.price_max, posting.price_currency, unit)


@register.simple_tag
def page_numbers(page: Page) -> list[int | str]:
    """The numbers that a pager offers: the first, the last, those around this page, and an ellipsis for each gap."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag
def node_path(code: str, below: int = 0) -> str:
    """The names from the head of the chain down to the node with ``code``; ``below`` leaves out so many at the top."""
    parts = str(code).split(".")
    codes = [".".join(parts[: count + 1]) for count in range(len(parts))]
    return STEP.join(name_of("node", part) for part in codes[below:])


@register.simple_tag
def region_path(code: str) -> str:
    """Short names from below the province down to the region with ``code``: Neijiang › Longchang; a province alone."""
    return names_down_to(str(code))


def names_down_to(code: str, steps: int | None = None, names: Names | None = None) -> str:
    """Short names of a region's line without its province; at most ``steps`` steps of the line, province included.

    ``names`` are those that the caller has at hand.
    """
    names = reference_names() if names is None else names
    found = names.get(("region", code))
    if found is None:
        return code
    line = [part for part in found.path.split("/") if part][:steps]
    return STEP.join(names["region", part].short_name for part in (line[1:] or line) if ("region", part) in names)


@register.simple_tag(takes_context=True)
def place(context: template.Context, posting: Any, exact: bool | None = None) -> str:
    """Where a posting stands: the prefecture or municipal district for visitors, the district too for members.

    Needs ``region`` selected. ``exact`` decides instead of the reader.
    """
    if posting.region_id is None:
        return written_amount(None)
    exact = bool(context.get("reads_details")) if exact is None else exact
    return names_down_to(posting.region.code, None if exact else VISITOR_STEPS)


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """The query string of this page with some parameters changed (None removes): ``?page=2`` and the other filters."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag(takes_context=True)
def query_without(context: template.Context, name: str, value: str) -> str:
    """The query string of this page with one value of a parameter that may stand several times taken away."""
    query = context["request"].GET.copy()
    query.setlist(name, [kept for kept in query.getlist(name) if kept != str(value)])
    query.pop("page", None)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else "?"
