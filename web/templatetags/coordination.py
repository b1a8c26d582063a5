"""What the pages of coordinators say of a row: how old it is and who is waited for."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import ngettext

from matchmaking.insights.queries.coordination import waited_for as asked_in
from web.templatetags.formats import written_number

register = template.Library()


@register.simple_tag
def age(since: datetime) -> str:
    """Whole days from the day of ``since`` to today, with their unit."""
    days = (timezone.localdate() - timezone.localtime(since).date()).days
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": written_number(days)}


@register.simple_tag
def waited_for(partnership: Any) -> Any:
    """The posting whose firm is to answer; None where nobody alone is waited for."""
    return asked_in(partnership)
