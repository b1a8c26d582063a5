"""How amounts, quantities, days and windows are written in the active language."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from common.values import WAN, YI, plain_amount

TEN_THOUSAND, HUNDRED_MILLION = Decimal(10_000), Decimal(100_000_000)
FROM_TEN_THOUSANDS = Decimal(100_000)
"""Chinese readers count in ten-thousands; below ten of them the plain number reads as well."""
WITHOUT_PLURAL = ("mu", "yuan")
DASH = "\N{EN DASH}"


def in_english() -> bool:
    """Whether the page is written in English."""
    return (get_language() or "zh").startswith("en")


def written_number(amount: Decimal | float | int) -> str:
    """``amount`` with thousands separated and without needless zeros: 8,000, 0.5."""
    whole, point, rest = plain_amount(Decimal(str(amount))).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole not in ("0", "-0") else f"{whole}{point}{rest}"


def written_amount(amount: Decimal | float | int | None) -> str:
    """``amount`` as read in the active language; in Chinese round ten-thousands and hundred-millions by their sign.

    Nothing is rounded away: an amount that needs more than two places of the larger step is written in full. None is
    a dash.
    """
    if amount is None:
        return DASH
    value = Decimal(str(amount))
    if in_english() or abs(value) < FROM_TEN_THOUSANDS:
        return written_number(value)
    for step, sign in ((HUNDRED_MILLION, YI), (TEN_THOUSAND, WAN)):
        if abs(value) >= step and (value / step * 100) % 1 == 0:
            return f"{written_number(value / step)} {sign}"
    return written_number(value)


def written_unit(name: str, amount: Decimal | int) -> str:
    """The unit's name; in English in the plural where the amount is not one: pieces, kilograms of hydrogen."""
    if not in_english() or amount == 1 or name.endswith(("s", ")", *WITHOUT_PLURAL)):
        return name
    noun, of, rest = name.partition(" of ")
    return f"{noun}s{of}{rest}"


def written_quantity(amount: Decimal | int, unit: str, period: str, *, is_class: bool = False) -> str:
    """An amount with its unit and what it is counted over; ``is_class`` says that it is the floor of a band."""
    if is_class:
        forms = {
            "month": gettext("%(quantity)s or more per month"),
            "year": gettext("%(quantity)s or more per year"),
            "once": gettext("%(quantity)s or more"),
        }
    else:
        forms = {
            "month": gettext("%(quantity)s per month"),
            "year": gettext("%(quantity)s per year"),
            "once": "%(quantity)s",
        }
    text = written_amount(amount)
    blank = "" if text[-1] in WAN + YI else " "
    return forms[period] % {"quantity": f"{text}{blank}{written_unit(unit, amount)}"}


def written_day(day: date | datetime | None) -> str:
    """2026-11-23 in Chinese, 23 Nov 2026 in English; None is a dash."""
    if day is None:
        return DASH
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    return _day_in(in_english(), day)


@lru_cache(maxsize=2048)
def _day_in(is_english: bool, day: date) -> str:
    return date_format(day, "j M Y" if is_english else "Y-m-d")


def written_moment(moment: datetime | None) -> str:
    """A day with the time in the platform's own zone: 2026-11-23 07:00, 23 Nov 2026, 07:00."""
    if moment is None:
        return DASH
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return date_format(local, "j M Y, H:i") if in_english() else date_format(local, "Y-m-d H:i")


def written_price(low: Decimal | None, high: Decimal | None, currency: str, unit: str) -> str:
    """A price band for one unit: between two ends, up to one, from one, or the single price; without ends a dash."""
    if low is None and high is None:
        return DASH
    facts = {"low": written_amount(low), "high": written_amount(high), "currency": currency, "unit": unit}
    if low is None:
        return gettext("up to %(high)s %(currency)s per %(unit)s") % facts
    if high is None:
        return gettext("from %(low)s %(currency)s per %(unit)s") % facts
    facts["price"] = facts["low"] if low == high else f"{facts['low']} {DASH} {facts['high']}"
    return gettext("%(price)s %(currency)s per %(unit)s") % facts


def whole_days(start: date | None, end: date | None) -> SafeString:
    """A window as ``written_window`` writes it, in parts that no line break may divide: a range takes two."""
    if not (start and end and start != end):
        return format_html('<span class="nowrap">{}</span>', written_window(start, end))
    first = written_day(start)
    rest = written_window(start, end).removeprefix(first).strip()
    return format_html('<span class="nowrap">{}</span> <span class="nowrap">{}</span>', first, rest)


def written_window(start: date | None, end: date | None) -> str:
    """The days of a window, both included; an open end says so, an open window holds all year."""
    facts = {"start": written_day(start), "end": written_day(end)}
    if start and end:
        return gettext("%(start)s to %(end)s") % facts if start != end else facts["start"]
    if start:
        return gettext("from %(start)s") % facts
    return gettext("until %(end)s") % facts if end else gettext("at any time")
