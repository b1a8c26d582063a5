"""Notices to members: rows written in the transaction, mailed later by the task that drains them."""

from accounts.choices import NoticeKind, Role
from accounts.models import Enterprise, Membership, Notice, User
from accounts.services.changes import unit_of_work


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
    """Tell the members of ``enterprise`` one fact once each; ``route`` names the page it leads to. Returns how many."""
    readers = Membership.objects.active().filter(enterprise=enterprise, role__in=roles).values_list("user", flat=True)
    notices = [
        Notice(reader_id=reader, kind=kind, key=key, route=route, thing_key=thing_key, facts=facts or {})
        for reader in readers
    ]
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))


@unit_of_work
def notify_user(
    *, user: User, kind: NoticeKind, key: str, route: str, thing_key: str = "", facts: dict[str, object] | None = None
) -> Notice:
    """Tell one person one fact, once."""
    notice, _made = Notice.objects.get_or_create(
        reader=user, kind=kind, key=key, defaults={"route": route, "thing_key": thing_key, "facts": facts or {}}
    )
    return notice
