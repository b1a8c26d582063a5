"""Files that a firm shows: shared, revised, taken back, and each look of another firm written down for its owner."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.permissions import firms_of
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.notices import notify_members
from common.errors import Invalid, Refused, no, require
from common.reasons import Reason
from common.uploads import MEGABYTE
from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.models import Partnership, Rfq
from matchmaking.partnerships.queries.partnerships import other_side, posting_of, side_of
from matchmaking.partnerships.services.moving import locked
from matchmaking.partnerships.services.quoting import doubt_quote
from matchmaking.postings.models import Posting
from matchmaking.talks.choices import FileLevel
from matchmaking.talks.models import FileLook, SharedFile
from matchmaking.talks.permissions import (
    can_change_file,
    can_download_file,
    can_open_file,
    can_share_at_package,
    can_share_at_posting,
    can_write_in_thread,
    side_written_on,
)
from matchmaking.talks.queries.files import looks_at, partnerships_showing, stored_bytes
from matchmaking.talks.services.contents import Taken, mark_of, page_for, take_file
from matchmaking.talks.services.messages import tell_firm

MOST_STORED_MEGABYTES = 500
"""What the files of one firm may take up."""
IN_TALKS = (FileLevel.INTEREST, FileLevel.NDA)
"""Levels of files that are shown to firms in talks alone."""
WHOLE = 0
"""Stands for the whole file among the pages of looks."""
POSTING_FILES = "web:talks:posting"


@dataclass(frozen=True)
class Shown:
    """What a look gives: the bytes, and their media type."""

    content: bytes
    media_type: str


def share_in_partnership(
    *,
    partnership: Partnership,
    actor: User,
    upload: UploadedFile | None,
    level: FileLevel | str,
    enterprise: Enterprise | None = None,
) -> SharedFile:
    """Show the other firm a file; its members are told that there is one.

    ``enterprise`` says for which firm somebody acts who belongs to both. Refuses not_yours, suspended, wrong_state
    before mutual interest and after an end, limit_reached where the firm has stored too much; Invalid for a level that
    a talk has not, and for what ``take_file`` finds.
    """
    require(can_write_in_thread(actor, partnership))
    if level not in IN_TALKS:
        raise Invalid({"level": Reason.REFUSAL_UNKNOWN_CODE}, {"level": {"code": str(level)[:60]}})
    # Read before the unit of work begins: nobody else waits for it then.
    taken = take_file(upload)
    side = side_written_on(actor, partnership, enterprise)
    file = SharedFile(enterprise=posting_of(partnership, side).enterprise, partnership=partnership, level=level)
    return _share_in_partnership(file, taken, side, actor)


@unit_of_work
def _share_in_partnership(file: SharedFile, taken: Taken, side: Side, actor: User) -> SharedFile:
    _lock_firm(file)
    row = locked(file.partnership) if file.partnership else None
    require(can_write_in_thread(actor, row) if row else no(Reason.REFUSAL_NOT_YOURS))
    _keep(file, taken, actor)
    if row:
        tell_firm(row, other_side(side), NoticeKind.FILE_SHARED, file.key)
    return file


def share_at_posting(
    *, posting: Posting, actor: User, upload: UploadedFile | None, level: FileLevel | str
) -> SharedFile:
    """Show a file at one's posting to whoever ``level`` lets in; the firms in talks about it are told.

    A preview is what its owner has made fit for all eyes: a redacted edition. Refuses not_yours, suspended,
    wrong_state, limit_reached; Invalid as for a file in a talk.
    """
    require(can_share_at_posting(actor, posting))
    if level not in FileLevel.values:
        raise Invalid({"level": Reason.REFUSAL_UNKNOWN_CODE}, {"level": {"code": str(level)[:60]}})
    file = SharedFile(enterprise=posting.enterprise, posting=posting, level=level)
    return _share_at_posting(file, take_file(upload), actor)


@unit_of_work
def _share_at_posting(file: SharedFile, taken: Taken, actor: User) -> SharedFile:
    _lock_firm(file)
    _keep(file, taken, actor)
    _tell_holders(file, NoticeKind.FILE_SHARED)
    return file


def share_at_package(*, rfq: Rfq, actor: User, upload: UploadedFile | None, level: FileLevel | str) -> SharedFile:
    """Show a file for all lines of one's package to the firms that may quote for it; those are told once each.

    A draft's files are its firm's alone until it is published. Refuses not_yours, suspended, wrong_state,
    limit_reached; Invalid as for a file in a talk: a preview belongs to a posting.
    """
    require(can_share_at_package(actor, rfq))
    if level not in IN_TALKS:
        raise Invalid({"level": Reason.REFUSAL_UNKNOWN_CODE}, {"level": {"code": str(level)[:60]}})
    return _share_at_package(SharedFile(enterprise=rfq.enterprise, rfq=rfq, level=level), take_file(upload), actor)


@unit_of_work
def _share_at_package(file: SharedFile, taken: Taken, actor: User) -> SharedFile:
    _lock_firm(file)
    held = Rfq.objects.select_for_update(no_key=True).filter(pk=file.rfq_id or 0).first()
    require(can_share_at_package(actor, held) if held else no(Reason.REFUSAL_NOTHING_WAITS))
    file.rfq = held
    _keep(file, taken, actor)
    _tell_holders(file, NoticeKind.FILE_SHARED)
    return file


def revise_file(*, file: SharedFile, actor: User, upload: UploadedFile | None) -> SharedFile:
    """Put a new revision in the place of ``file``: whoever holds it is told, and where a need's file has changed, the
    open quotes of these firms are to be confirmed.

    Refuses not_yours, suspended, nothing_waits where it is no longer the newest, limit_reached; Invalid as for a new
    file, and already_there for the same bytes.
    """
    require(can_change_file(actor, file))
    taken = take_file(upload)
    if taken.digest == file.digest:
        raise Invalid({"upload": Reason.REFUSAL_ALREADY_THERE})
    return _revise(file, taken, actor)


@unit_of_work
def _revise(file: SharedFile, taken: Taken, actor: User) -> SharedFile:
    _lock_firm(file)
    held = SharedFile.objects.select_related("enterprise", "posting", "partnership", "rfq").get(pk=file.pk)
    require(can_change_file(actor, held))
    revised = SharedFile(
        enterprise=held.enterprise,
        posting=held.posting,
        partnership=held.partnership,
        rfq=held.rfq,
        level=held.level,
        revision=held.revision + 1,
        replaces=held,
    )
    _keep(revised, taken, actor)
    for partnership in _tell_holders(revised, NoticeKind.FILE_REVISED):
        if partnership.need.enterprise_id == revised.enterprise_id:
            doubt_quote(partnership=partnership)
    return revised


@unit_of_work
def withdraw_file(*, file: SharedFile, actor: User) -> SharedFile:
    """Take the newest revision back: nobody else opens it from now on, and the one before stands again, if any.

    Refuses not_yours, suspended, nothing_waits.
    """
    require(can_change_file(actor, file))
    file.withdrawn_at = timezone.now()
    file.save(update_fields=["withdrawn_at"])
    record_change(thing=file, verb=Verb.DELETED, actor=actor, enterprise=file.enterprise)
    return file


@unit_of_work
def download_file(
    *, file: SharedFile, actor: User, enterprise: Enterprise | None = None, is_system: bool = False
) -> SharedFile:
    """Let ``actor`` have the whole file, and write it down where it is another firm's.

    ``is_system`` for a system that acts for ``enterprise`` alone: the actor's other firms then count for nothing.
    Refuses not_yours, nda_missing, and pages_only where its level shows pages alone.
    """
    require(can_download_file(actor, file, enterprise if is_system else None))
    own = {enterprise.pk} if is_system and enterprise is not None else firms_of(actor)
    if file.enterprise_id not in own:
        _note_look(file, actor, enterprise, WHOLE)
    return file


def look_at_page(*, file: SharedFile, actor: User, number: int, enterprise: Enterprise | None = None) -> Shown:
    """Page ``number``, counted from 1, marked with who looks and when; the look is written down for its owner.

    Refuses not_yours, nda_missing; Invalid for a page that there is not.
    """
    require(can_open_file(actor, file))
    if not 1 <= number <= file.page_count:
        raise Invalid({"page": Reason.REFUSAL_LIMIT_REACHED}, {"page": {"limit": file.page_count}})
    now = timezone.now()
    firm = _looking_firm(file, actor, enterprise)
    mark = mark_of(email=actor.email, uscc=firm.uscc if firm else "", at=now)
    page = page_for(file=file, number=number, mark=mark)
    if file.enterprise_id not in firms_of(actor):
        _note_look(file, actor, enterprise, number)
    return Shown(page, "image/jpeg")


def _lock_firm(file: SharedFile) -> None:
    """Keep its firm from others, first in the order of locks, so that many uploads at once do not pass a limit."""
    Enterprise.objects.select_for_update(no_key=True).get(pk=file.enterprise_id)


def _keep(file: SharedFile, taken: Taken, actor: User) -> None:
    limit = MOST_STORED_MEGABYTES * MEGABYTE
    if stored_bytes(file.enterprise) + taken.size_bytes > limit:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=f"{MOST_STORED_MEGABYTES} MB")
    file.name, file.kind, file.page_count = taken.name, taken.kind, taken.page_count
    file.size_bytes, file.digest, file.uploaded_by = taken.size_bytes, taken.digest, actor
    check_row(file, exclude=("content",))
    file.content.save(taken.content.name or "", taken.content, save=False)
    file.save()
    record_change(
        thing=file, verb=Verb.CREATED, actor=actor, enterprise=file.enterprise, facts={"revision": file.revision}
    )


def _tell_holders(file: SharedFile, kind: NoticeKind) -> list[Partnership]:
    """A notice to every firm that ``file`` is shown to in a partnership, and to who looked at the revision before."""
    told = {file.enterprise_id}
    shown = partnerships_showing(file)
    for partnership in shown:
        side = side_of(partnership, file.enterprise)
        if side is None:
            continue
        other = posting_of(partnership, other_side(side)).enterprise
        if other.pk not in told:
            tell_firm(partnership, other_side(side), kind, file.key)
        told.add(other.pk)
    if file.replaces is not None and file.posting is not None:
        for look in looks_at(file.replaces).exclude(enterprise=None):
            if look.enterprise_id not in told:
                _tell_onlooker(file, look.enterprise, kind)
            told.add(look.enterprise_id)
    return shown


def _tell_onlooker(file: SharedFile, firm: Enterprise, kind: NoticeKind) -> None:
    posting = file.posting
    if posting is not None:
        facts: dict[str, object] = {"title": posting.title, "name": posting.shown_name}
        notify_members(
            enterprise=firm, kind=kind, key=file.key, route=POSTING_FILES, thing_key=posting.number, facts=facts
        )


def _looking_firm(file: SharedFile, actor: User, enterprise: Enterprise | None) -> Enterprise | None:
    """The firm as which ``actor`` looks: the one they act for where it is theirs, else any of theirs."""
    mine = firms_of(actor)
    if enterprise is not None and enterprise.pk in mine:
        return enterprise
    return Enterprise.objects.filter(pk__in=mine).order_by("pk").first()


@unit_of_work
def _note_look(file: SharedFile, actor: User, enterprise: Enterprise | None, page: int) -> None:
    FileLook.objects.create(file=file, enterprise=_looking_firm(file, actor, enterprise), reader=actor, page=page)
