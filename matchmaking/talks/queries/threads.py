"""Messages as members of the two firms read them: one thread, all threads with what is new, and what a search finds."""

from typing import Any

from django.db.models import BooleanField, Case, Count, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Enterprise, User
from accounts.querysets import Actor
from common.values import normalise_text
from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import RELATED, posting_of, roles_of_user, side_of
from matchmaking.talks.models import Message, ReadMark

LONGEST_SEARCH = 100
"""Characters of a search that are read."""


def messages_shown(*, user: Actor, partnership: Partnership) -> QuerySet[Any]:
    """All messages of a partnership that ``user`` may read, the oldest first, each with its author and whether
    ``is_new`` to them.
    """
    rows = Message.objects.visible_to(user).filter(partnership=partnership).select_related("author")
    return rows.annotate(is_new=_is_new(user)).order_by("pk")


def messages_through(enterprise: Enterprise | None) -> QuerySet[Any]:
    """All messages of the partnerships of ``enterprise``, for a system that acts for it; none for one of no firm."""
    rows = Message.objects.visible_through(enterprise) if enterprise else Message.objects.none()
    return rows.select_related("author", "partnership").order_by("-pk")


def latest_messages(*, user: Actor, partnership: Partnership, count: int) -> list[Any]:
    """The newest ``count`` of them, the oldest of these first; by one query."""
    return list(messages_shown(user=user, partnership=partnership).order_by("-pk")[:count])[::-1]


def newer_count(*, user: Actor, partnership: Partnership, key: str) -> int:
    """How many messages are newer than the one with this key; 0 where there is none such."""
    rows = Message.objects.visible_to(user).filter(partnership=partnership)
    found = rows.filter(key=key).values_list("pk", flat=True).first() if key else None
    return int(rows.filter(pk__gt=found).count()) if found else 0


def threads_of(*, user: User, enterprise: Enterprise) -> QuerySet[Any]:
    """Partnerships of ``enterprise`` in which something was written, the newest first, each with ``message_count`` and
    ``unread``: messages that others wrote and ``user`` has not read.
    """
    mine = Partnership.objects.of_member(user).filter(
        Q(need__enterprise=enterprise) | Q(capacity__enterprise=enterprise)
    )
    unread = ~Q(messages__author=user) & Q(messages__pk__gt=_mark(user, "pk"))
    rows = Partnership.objects.filter(pk__in=mine.values("pk"), messages__isnull=False).select_related(*RELATED)
    counted = rows.annotate(
        message_count=Count("messages"), unread=Count("messages", filter=unread), last_message=Max("messages__pk")
    )
    return counted.order_by("-last_message")


def found_messages(*, user: User, enterprise: Enterprise, words: str) -> QuerySet[Any]:
    """Messages in threads of ``enterprise`` that hold every word of ``words``, the newest first; none for no word."""
    sought = normalise_text(words)[:LONGEST_SEARCH].split()
    rows = Message.objects.visible_to(user).filter(
        Q(partnership__need__enterprise=enterprise) | Q(partnership__capacity__enterprise=enterprise)
    )
    for word in sought:
        rows = rows.filter(text__icontains=word)
    related = ("author", *(f"partnership__{name}" for name in RELATED))
    return (rows if sought else rows.none()).select_related(*related).order_by("-pk")


def last_answer(*, partnership: Partnership, side: Side) -> int:
    """The row number of the other side's newest message, 0 for none: what ``side`` writes after it is told once."""
    theirs = Message.objects.filter(partnership=partnership).exclude(side=side)
    return theirs.order_by("-pk").values_list("pk", flat=True).first() or 0


def _mark(user: Actor, partnership: str) -> Coalesce:
    marks = ReadMark.objects.filter(partnership=OuterRef(partnership), reader=user.pk)
    return Coalesce(Subquery(marks.values("message_id")[:1]), Value(0))


def _is_new(user: Actor) -> Case:
    newer = Q(pk__gt=_mark(user, "partnership")) & ~Q(author=user.pk)
    return Case(When(newer, then=Value(True)), default=Value(False), output_field=BooleanField())


def firm_in(partnership: Partnership, user: Actor, acting: Enterprise | None) -> Enterprise | None:
    """The firm as which ``user`` reads: ``acting`` where it is a side, else the side that they belong to, else none."""
    if acting is not None and side_of(partnership, acting) is not None:
        return acting
    mine = list(roles_of_user(partnership, user))
    return posting_of(partnership, mine[0]).enterprise if mine else None
