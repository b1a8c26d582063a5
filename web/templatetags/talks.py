"""How looks at files are told to the firm that shows them."""

from collections.abc import Collection
from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def onlooker(look: Any, known: Collection[int]) -> str:
    """Who looked: the firm and the person where both firms were introduced, else that it was a verified firm."""
    if look.enterprise_id not in known:
        return _("A verified firm")
    person = look.reader.name if look.reader else ""
    return " · ".join(filter(None, (str(look.enterprise.name), person)))
