"""How things in review are told to their firm: what waits, since when, with whom, and what comes next."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.queries import age_in_words, next_step_of, review_of, waiting_reviews_of

register = template.Library()


@register.simple_tag
def newest_review(kind: str, thing_key: str) -> Any:
    """The newest row of the queue about a posting, enterprise or certificate; one query."""
    return review_of(kind, str(thing_key))


@register.simple_tag
def waiting_reviews(enterprise: Any) -> list[Any]:
    """What of an enterprise waits for a moderator, the oldest first; one query."""
    return list(waiting_reviews_of(enterprise))


@register.filter
def waited(review: Any) -> str:
    """How long it has waited, or what the decision took: ``2 days 3 hours``."""
    return age_in_words((review.decided_at or timezone.now()) - review.created_at)


@register.filter
def next_step(review: Any) -> str:
    """Who does what now."""
    return next_step_of(review)


@register.filter
def holder(review: Any) -> str:
    """Who looks at it: a name, never an address; nobody as long as nobody has taken it."""
    if review.owner is None:
        return _("nobody yet")
    return review.owner.name or _("a moderator")
