"""Top and foot of every page: made once for all that look the same, with what differs put in afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from secrets import token_hex
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()

NAVIGATION = (
    (_("Needs"), "web:postings:needs", ("postings:need", "postings:needs", "postings:new_need")),
    (_("Capacities"), "web:postings:capacities", ("postings:capacit", "postings:new_capacity")),
    (_("Chains"), "web:insights:chains", ("insights:chain", "insights:node")),
    (_("Parks"), "web:parks:list", ("parks:",)),
    (_("Hydrogen"), "web:insights:hydrogen", ("insights:hydrogen",)),
    (_("Insights"), "web:insights:insights", ("insights:insights", "insights:figures", "insights:agreement")),
)
"""The app bar: word, page, and the beginnings of page names below which it is the current one."""
WORKBENCH_PAGES = ("accounts:", "partnerships:")

CSRF, HERE, OTHER_LANGUAGE = token_hex(16), token_hex(16), token_hex(16)
"""Stand in kept HTML for the reader's own token, this address, and this address in the other language; nobody can
write them into a page."""


@dataclass(frozen=True)
class Reader:
    """Who reads, as the account menu and the foot tell it; equal readers get the same HTML."""

    name: str = ""
    enterprise_key: str = ""
    enterprise_name: str = ""
    role: str = ""
    unread: int = 0
    coordinates: bool = False
    is_staff: bool = False


@register.simple_tag(takes_context=True)
def app_bar(context: template.Context) -> SafeString:
    """The bar on top; where no user is known, as in an error's page, that of a visitor."""
    page = str(context.get("page_name", ""))
    current = next((name for _word, name, pages in NAVIGATION if page.startswith(pages)), "")
    reader = context["reader"]() if "reader" in context else Reader()
    return filled(bar_html(current, page.startswith(WORKBENCH_PAGES), reader, *place()), context)


@register.simple_tag(takes_context=True)
def foot(context: template.Context) -> SafeString:
    """The foot; colours and language can be chosen wherever a form can be sent."""
    user = context.get("user")
    language = user.language if user is not None and user.is_authenticated else ""
    drawn = foot_html(
        str(context.get("theme", "")), language, str(context.get("icp_record", "")), "csrf_token" in context, *place()
    )
    return filled(drawn, context)


def place() -> tuple[str, str]:
    """Language and script prefix: what every address and word depends on."""
    return get_language() or "zh-hans", get_script_prefix()


@lru_cache(maxsize=1024)
def bar_html(current: str, is_workbench: bool, reader: Reader, language: str, prefix: str) -> SafeString:
    """The bar, with marks for what differs between pages of the same reader."""
    items = [{"label": word, "address": reverse(name), "is_current": name == current} for word, name, _ in NAVIGATION]
    told: Mapping[str, Any] = {
        "navigation": items,
        "workbench_is_current": is_workbench,
        "reader": reader,
        "csrf_token": CSRF,
        "other_language_address": OTHER_LANGUAGE,
    }
    return SafeString(render_to_string("shared/_app_bar.html", dict(told)))


@lru_cache(maxsize=64)
def foot_html(theme: str, mails_in: str, icp_record: str, has_form: bool, language: str, prefix: str) -> SafeString:
    """The foot, with marks for what differs between pages."""
    told = {"theme": theme, "mails_in": mails_in, "icp_record": icp_record, "here": HERE}
    return SafeString(render_to_string("shared/_foot.html", told | ({"csrf_token": CSRF} if has_form else {})))


def filled(drawn: str, context: template.Context) -> SafeString:
    """Kept HTML with what belongs to this page and reader in the place of its marks."""
    drawn = drawn.replace(CSRF, str(context.get("csrf_token", "")))
    drawn = drawn.replace(HERE, escape(context.get("here", "")))
    return SafeString(drawn.replace(OTHER_LANGUAGE, escape(context.get("other_language_address", ""))))
