"""What the lists of the desk need besides."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def chosen(given: Mapping[str, str], name: str) -> str:
    """What the address asks for under ``name``."""
    return given.get(name, "")
