"""Notices to members: rows written in the transaction, mailed later at the pace that each reader chose."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from accounts.choices import NoticeKind, Pace, Role, topic_of
from accounts.models import Enterprise, Membership, Notice, User
from accounts.permissions import can_change_person, can_read_notice
from accounts.services.changes import unit_of_work
from accounts.services.outbox import note_mail_due
from common.errors import require

MAILS_A_DAY = 3
"""Mails of one kind that reach a person at once within a day where other firms can bring about any number of them."""
FLOODING = (
    NoticeKind.INTEREST_RECEIVED,
    NoticeKind.INTEREST_WITHDRAWN,
    NoticeKind.INTEREST_LAPSED,
    NoticeKind.ANSWER_DUE,
)


@unit_of_work
def notify_members(
    *,
    enterprise: Enterprise,
    kind: NoticeKind,
    key: str,
    route: str,
    thing_key: str = "",
    facts: dict[str, object] | None = None,
    roles: tuple[Role, ...] = (Role.OWNER, Role.EDITOR),
) -> int:
    """Tell the members of ``enterprise`` one fact once each; ``route`` names the page it leads to. Returns how many.

    The notice remembers the enterprise, so that opening it acts for the right one.
    """
    told = {"enterprise": enterprise.key, **(facts or {})}
    readers = Membership.objects.active().filter(enterprise=enterprise, role__in=roles)
    plain = Notice(kind=kind, key=key, route=route, thing_key=thing_key, facts=told)
    return _tell(readers.values_list("user", "user__mail_paces"), plain)


@unit_of_work
def notify_firms(
    *,
    enterprises: Iterable[Enterprise],
    kind: NoticeKind,
    key: str,
    route: str,
    thing_key: str = "",
    facts: dict[str, object] | None = None,
) -> int:
    """Tell owners and editors of many firms the same fact once each, in two queries. Returns how many.

    Each notice remembers its enterprise, as those of ``notify_members`` do; who acts for two of them is told for each.
    """
    readers = Membership.objects.active().filter(
        enterprise__in=[one.pk for one in enterprises], role__in=(Role.OWNER, Role.EDITOR)
    )
    notices = [
        Notice(
            reader_id=reader,
            kind=kind,
            key=f"{key}:{firm}",
            route=route,
            thing_key=thing_key,
            facts={"enterprise": firm, **(facts or {})},
            pace=pace_of(paces, kind),
        )
        for reader, paces, firm in readers.order_by("pk").values_list("user", "user__mail_paces", "enterprise__key")
    ]
    note_mail_due()
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))


@unit_of_work
def notify_user(
    *, user: User, kind: NoticeKind, key: str, route: str, thing_key: str = "", facts: dict[str, object] | None = None
) -> Notice:
    """Tell one person one fact, once."""
    told = {"route": route, "thing_key": thing_key, "facts": facts or {}, "pace": pace_of(user.mail_paces, kind)}
    notice, _made = Notice.objects.get_or_create(reader=user, kind=kind, key=key, defaults=told)
    note_mail_due()
    return notice


@unit_of_work
def notify_platform(
    *, kind: NoticeKind, key: str, route: str, thing_key: str = "", facts: dict[str, object] | None = None
) -> int:
    """Tell every platform administrator one fact once. Returns how many there are."""
    readers = User.objects.filter(is_superuser=True, is_active=True)
    plain = Notice(kind=kind, key=key, route=route, thing_key=thing_key, facts=facts or {})
    return _tell(readers.values_list("pk", "mail_paces"), plain)


def _tell(readers: Iterable[tuple[int, Mapping[str, str]]], plain: Notice) -> int:
    told = {name: getattr(plain, name) for name in ("kind", "key", "route", "thing_key", "facts")}
    notices = [Notice(reader_id=reader, pace=pace_of(paces, plain.kind), **told) for reader, paces in readers]
    if plain.kind in FLOODING:
        _put_into_digest(notices)
    note_mail_due()
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))


def _put_into_digest(notices: Iterable[Notice]) -> None:
    """Whoever was mailed ``MAILS_A_DAY`` notices of the kind within a day reads this one in the daily mail."""
    hurried = {one.reader_id: one for one in notices if one.pace == Pace.AT_ONCE}
    if not hurried:
        return
    kind, since = next(iter(hurried.values())).kind, timezone.now() - timedelta(days=1)
    mailed = Notice.objects.filter(reader__in=hurried, kind=kind, pace=Pace.AT_ONCE, created_at__gt=since)
    counts = mailed.order_by().values_list("reader").annotate(count=Count("pk"))
    for reader, count in counts:
        if count >= MAILS_A_DAY:
            hurried[reader].pace = Pace.DAILY


def pace_of(paces: Mapping[str, str], kind: str) -> str:
    """When a notice of this kind is mailed to who chose ``paces`` by topic."""
    return paces.get(topic_of(kind), Pace.AT_ONCE)


@unit_of_work
def read_notice(*, notice: Notice, actor: User) -> Notice:
    """Mark a notice as opened by its reader; the first time counts."""
    require(can_read_notice(actor, notice))
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
    return notice


@unit_of_work
def read_all_notices(*, actor: User, reader: User) -> int:
    """Mark all of one's own notices as opened. Returns how many were not."""
    require(can_change_person(actor, reader))
    return Notice.objects.filter(reader=reader, read_at=None).update(read_at=timezone.now())
