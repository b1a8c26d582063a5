"""Messages between two firms that were introduced: written, and marked as read."""

from django.db.models import Max

from accounts.choices import NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.notices import notify_members
from common.errors import require
from common.values import normalise_text
from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.partnerships import counterpart_name, other_side, posting_of
from matchmaking.partnerships.services.moving import locked
from matchmaking.talks.models import Message, ReadMark
from matchmaking.talks.permissions import can_read_thread, can_write_in_thread, side_written_on
from matchmaking.talks.queries.threads import last_answer

PAGE = "web:talks:thread"


@unit_of_work
def send_message(*, partnership: Partnership, actor: User, text: str, enterprise: Enterprise | None = None) -> Message:
    """Write to the other firm, whose members are told that something was written, not what.

    What one side writes before the other answers is told once. ``enterprise`` says for which firm somebody writes who
    belongs to both. Refuses not_yours, suspended, and wrong_state before mutual interest and after an end; Invalid for
    a text that is empty or longer than 4,000 characters.
    """
    row = locked(partnership)
    require(can_write_in_thread(actor, row))
    side = side_written_on(actor, row, enterprise)
    firm = posting_of(row, side).enterprise
    message = Message(partnership=row, side=side, enterprise=firm, author=actor, text=normalise_text(text))
    check_row(message)
    message.save()
    record_said(thing=message, partnership=row, side=side, actor=actor)
    about = f"{row.key}:{last_answer(partnership=row, side=side)}"
    tell_firm(row, other_side(side), NoticeKind.MESSAGE_RECEIVED, about)
    return message


@unit_of_work
def read_thread(*, partnership: Partnership, actor: User) -> int:
    """Note that ``actor`` has had every message of now before them. Returns the row number of the newest, 0 for none.

    Refuses not_yours, and wrong_state before mutual interest.
    """
    require(can_read_thread(actor, partnership))
    newest = Message.objects.filter(partnership=partnership).aggregate(newest=Max("pk"))["newest"] or 0
    if newest:
        mark, made = ReadMark.objects.get_or_create(
            partnership=partnership, reader=actor, defaults={"message_id": newest}
        )
        if not made and mark.message_id < newest:
            ReadMark.objects.filter(pk=mark.pk, message_id__lt=newest).update(message_id=newest)
    return int(newest)


def record_said(*, thing: Message, partnership: Partnership, side: Side, actor: User) -> None:
    """A line in the record for each firm; a person's name stays with their own."""
    for each in (Side.NEED, Side.CAPACITY):
        record_change(
            thing=thing,
            verb=Verb.CREATED,
            actor=actor if each == side else None,
            enterprise=posting_of(partnership, each).enterprise,
            facts={"partnership": partnership.key},
        )


def tell_firm(partnership: Partnership, side: Side, kind: NoticeKind, about: str) -> None:
    """A notice to the members on ``side`` that leads to the thread and holds nothing of it."""
    posting = posting_of(partnership, side)
    notify_members(
        enterprise=posting.enterprise,
        kind=kind,
        key=about,
        route=PAGE,
        thing_key=partnership.key,
        facts={"title": posting.title, "name": counterpart_name(partnership, posting.enterprise)},
    )
