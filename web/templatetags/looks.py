"""What a firm reads of a look at its business: as what somebody looked, at which thing, and at what of it."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.choices import LookedBy, Verb

register = template.Library()

THINGS: dict[str, Promise] = {
    "posting": _("Posting"),
    "partnership": _("Partnership"),
    "enterprise": _("Enterprise"),
    "enterprisecertificate": _("Certificate"),
    "enterprisecontact": _("Contact data"),
}
PAGES = {"posting": "web:postings:posting", "partnership": "web:partnerships:detail"}
PARTS: dict[str, Promise] = {
    "": _("the page"),
    "evidence": _("the evidence file"),
    "contact": _("the contact data"),
    "suggestions": _("its suggestions"),
    "history": _("earlier versions"),
    "export": _("in an exported file"),
    "network": _("its list of suppliers"),
}


@register.simple_tag
def looked_by(look: Any) -> str:
    """As what somebody looked; the name stays with the platform."""
    return str(LookedBy(look.facts["by"]).label)


@register.simple_tag
def looked_at(look: Any) -> SafeString | str:
    """The kind of the thing with its title, as a link where it has a page."""
    title = look.facts.get("title") or look.thing_key
    page = PAGES.get(look.thing)
    if page is None:
        return f"{THINGS.get(look.thing, look.thing)} {title}"
    return format_html('{} <a href="{}">{}</a>', THINGS[look.thing], reverse(page, args=[look.thing_key]), title)


@register.simple_tag
def shown_part(look: Any) -> str:
    """Which part of it was shown."""
    part = "contact" if look.verb == Verb.REVEALED else str(look.facts.get("part", ""))
    return str(PARTS.get(part, part))
