"""Public questions about postings, as their readers find them."""

from typing import Any

from django.db.models import BooleanField, Case, F, QuerySet, Value, When

from accounts.models import Enterprise
from accounts.querysets import Actor
from matchmaking.postings.models import Posting
from matchmaking.talks.models import Question


def questions_at(*, user: Actor, posting: Posting, enterprise: Enterprise | None) -> QuerySet[Any]:
    """Questions about ``posting`` that ``user`` may read, unanswered ones first, then the newest; ``is_mine`` marks
    those that ``enterprise`` asked, to itself alone.
    """
    rows = Question.objects.visible_to(user).filter(posting=posting).annotate(is_mine=_asked_by(enterprise))
    return rows.order_by(F("answered_at").desc(nulls_first=True), "-pk")


def questions_through(enterprise: Enterprise | None) -> QuerySet[Any]:
    """Every question that a system of ``enterprise`` may read, the newest first, as ``questions_at`` marks them; none
    for a system of no firm.
    """
    rows = Question.objects.visible_through(enterprise) if enterprise else Question.objects.none()
    return rows.select_related("posting").annotate(is_mine=_asked_by(enterprise)).order_by("-pk")


def questions_visible_to(user: Actor) -> QuerySet[Any]:
    """Every question that ``user`` may read, with its posting and the firm of that."""
    return Question.objects.visible_to(user).select_related("posting__enterprise")


def _asked_by(enterprise: Enterprise | None) -> Case:
    asked = When(enterprise=enterprise.pk if enterprise else None, then=Value(True))
    return Case(asked, default=Value(False), output_field=BooleanField())
