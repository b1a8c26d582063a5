"""The fields of lines, which a template cannot name."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def award_field(form: Any, offer: Any) -> Any:
    """The field that says how much of an offer is taken."""
    return form.award_field(offer.quote.key)


@register.simple_tag
def line_fields(form: Any) -> list[Any]:
    """Each line of a supplier's form with the fields of its price and quantity."""
    found: list[Any] = form.line_fields()
    return found


@register.simple_tag
def term_fields(form: Any) -> list[Any]:
    """The fields of what is said once for all lines."""
    found: list[Any] = form.term_fields()
    return found
