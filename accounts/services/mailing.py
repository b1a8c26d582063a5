"""Draining what waits to be mailed: each notice and invitation once, in its reader's language, without content."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from email.utils import parseaddr
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from accounts.choices import NoticeKind, Pace, Verb, topic_of
from accounts.models import Invitation, Notice, SupplierInvitation, User
from accounts.permissions import can_retry_mail
from accounts.services.changes import record_change, unit_of_work
from accounts.services.invitations import token_of
from accounts.services.links import OUTCOME, link_token
from accounts.services.outbox import note_mail_due
from accounts.services.paces import stop_token
from common.errors import require

logger = logging.getLogger(__name__)
CLAIMED_FOR = timedelta(minutes=10)
"""How long a worker may take for one mail before another one sends it."""
FIRST_WAIT, GROWS, MOST_TRIES = timedelta(minutes=5), 3, 7
"""After a failure the next try waits 5 minutes, then 15, 45 and so on; the seventh failure ends it, after 30 hours."""
WEEKLY_ON = 0
"""The weekday of weekly mails: Monday."""
MOST_LINES = 50
"""Notices that one digest names; it tells how many there are beyond."""
LONGEST_ERROR = 200


class Sent(NamedTuple):
    """How many mails left and how many failed; the failed ones are tried again by a later run."""

    sent: int
    failed: int


def mail_pending() -> Sent:
    """Mail every notice and invitation that waits and is due; one that fails does not stop the others."""
    notices = Notice.objects.filter(pace=Pace.AT_ONCE, reader__is_active=True).select_related("reader")
    invitations = Invitation.objects.open().select_related("enterprise", "invited_by")
    suppliers = SupplierInvitation.objects.filter(listed__left_on=None).select_related("listed__buyer", "invited_by")
    waiting = ((_notice, notices), (_invitation, invitations), (_supplier_invitation, suppliers))
    return _total([_send([row], make) for make, rows in waiting for row in _due(rows)])


def mail_digests(*, on: date) -> Sent:
    """One mail to each reader who wants notices collected, the weekly ones on Mondays; of what was read meanwhile
    nothing is mailed. Safe to repeat.
    """
    paces = [Pace.DAILY, Pace.WEEKLY] if on.weekday() == WEEKLY_ON else [Pace.DAILY]
    waiting = Notice.objects.filter(pace__in=paces, mailed_at=None)
    waiting.filter(read_at__isnull=False).update(pace=Pace.NEVER)
    rows: dict[tuple[int, str], list[Notice]] = {}
    for notice in _due(waiting.filter(reader__is_active=True).select_related("reader")):
        rows.setdefault((notice.reader_id, notice.pace), []).append(notice)
    return _total([_send(notices, _digest) for notices in rows.values()])


def _total(done: Sequence[bool | None]) -> Sent:
    return Sent(done.count(True), done.count(False))


def _due(rows: QuerySet[Any]) -> list[Any]:
    """Rows that were not mailed nor given up, and do not wait for a later try."""
    is_due = Q(next_try_at=None) | Q(next_try_at__lte=timezone.now())
    return list(rows.filter(is_due, mailed_at=None, given_up_at=None).order_by("pk"))


def _send(rows: list[Any], make: Callable[..., EmailMessage]) -> bool | None:
    """One mail about ``rows``: True once it left, False when it failed, None where another worker is at it.

    Each row is claimed for a while before the mail and noted after it left. So two workers do not send it twice, and
    what a killed worker had claimed is sent by a later run.
    """
    manager, now = type(rows[0])._default_manager, timezone.now()
    is_free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIMED_FOR)
    manager.filter(is_free, pk__in=[row.pk for row in rows], mailed_at=None).update(claimed_at=now)
    held = manager.filter(pk__in=[row.pk for row in rows], claimed_at=now, mailed_at=None)
    ours = set(held.values_list("pk", flat=True))
    mine = [row for row in rows if row.pk in ours]
    if not mine:
        return None
    try:
        make(*mine).send()
    except Exception as error:
        # Whatever a mail server or an address can do wrong: the rows wait again and the rest goes on.
        logger.exception("mail of %s %s failed", mine[0]._meta.model_name, mine[0].pk)
        for row in mine:
            manager.filter(pk=row.pk).update(claimed_at=None, **_after_failure(row.attempts + 1, error))
        return False
    held.update(mailed_at=timezone.now())
    return True


def _after_failure(attempts: int, error: Exception) -> dict[str, object]:
    """What a row keeps of its failure: when it is tried again, or that it is given up."""
    now = timezone.now()
    told = {"attempts": attempts, "last_error": f"{type(error).__name__}: {error}"[:LONGEST_ERROR]}
    if attempts >= MOST_TRIES:
        return {**told, "next_try_at": None, "given_up_at": now}
    return {**told, "next_try_at": now + FIRST_WAIT * GROWS ** (attempts - 1)}


@unit_of_work
def retry_mail(*, row: Notice | Invitation, actor: User) -> None:
    """Have a mail that was given up be tried again from the beginning. Refuses not_yours, nothing_waits."""
    require(can_retry_mail(actor, row))
    type(row)._default_manager.filter(pk=row.pk).update(attempts=0, next_try_at=None, given_up_at=None)
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, facts={"mailed": "again"})
    note_mail_due()


def _notice(notice: Notice) -> EmailMessage:
    with override(notice.reader.language):
        address, (stop, of_searches) = settings.SITE_ADDRESS + _page(notice), _stop(notice)
        told = {"notice": notice, "address": address, "stop": stop, "of_searches": of_searches}
        return _stoppable(_mail("notice", told, notice.reader.email), stop)


def _digest(*notices: Notice) -> EmailMessage:
    reader, pace = notices[0].reader, Pace(notices[0].pace)
    with override(reader.language):
        lines = [(notice, settings.SITE_ADDRESS + _page(notice)) for notice in notices[:MOST_LINES]]
        stop = settings.SITE_ADDRESS + reverse("web:accounts:stop_mails", args=[stop_token(reader, pace)])
        inbox = settings.SITE_ADDRESS + reverse("web:accounts:notices")
        told = {"lines": lines, "count": len(notices), "more": len(notices) - len(lines), "inbox": inbox, "stop": stop}
        return _stoppable(_mail("digest", told, reader.email), stop)


def _stoppable(mail: EmailMessage, stop: str) -> EmailMessage:
    mail.extra_headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": ONE_CLICK}
    return mail


ONE_CLICK = "List-Unsubscribe=One-Click"
"""Says that a mail program may post to the address by itself, when its reader asks for it (RFC 8058)."""


def _stop(notice: Notice) -> tuple[str, bool]:
    """The address that ends mails of this kind without signing in, and whether it ends the news of kept searches."""
    token = notice.facts.get("stop")
    if token:
        return settings.SITE_ADDRESS + reverse("web:postings:stop_news", args=[token]), True
    token = stop_token(notice.reader, topic_of(notice.kind))
    return settings.SITE_ADDRESS + reverse("web:accounts:stop_mails", args=[token]), False


def _page(notice: Notice) -> str:
    """Where the link leads: to the single act where the notice carries a token for it, which needs no sign-in."""
    token = notice.facts.get("token")
    if notice.kind == NoticeKind.CONFIRMATION_DUE and token:
        return reverse("web:postings:confirm_link", args=[token])
    if notice.kind == NoticeKind.OUTCOME_ASKED and notice.thing_key:
        token = link_token(act=OUTCOME, key=notice.thing_key, reader=notice.reader_id)
        return reverse("web:partnerships:outcome_link", args=[token])
    return reverse("web:accounts:notice", args=[notice.pk])


def _invitation(invitation: Invitation) -> EmailMessage:
    known = User.objects.filter(email__iexact=invitation.email).first()
    with override((known or invitation.invited_by).language):
        address = settings.SITE_ADDRESS + reverse("web:accounts:invitation", args=[token_of(invitation)])
        return _mail("invitation", {"invitation": invitation, "address": address}, invitation.email)


def _supplier_invitation(invitation: SupplierInvitation) -> EmailMessage:
    """In Chinese and in English, since nobody knows what its reader reads."""
    address = settings.SITE_ADDRESS + reverse("web:accounts:register_enterprise")
    texts = []
    for language in ("zh-hans", "en"):
        with override(language):
            texts.append(_mail("supplier_invitation", {"invitation": invitation, "address": address}, invitation.email))
    both = texts[0]
    both.subject = " / ".join(str(text.subject) for text in texts)
    both.body = "\n".join(str(text.body) for text in texts)
    return both


def _mail(name: str, context: dict[str, object], to: str) -> EmailMessage:
    subject = " ".join(render_to_string(f"mail/{name}_subject.txt", context).split())
    text = render_to_string(f"mail/{name}.txt", context).strip() + "\n"
    return EmailMessage(subject, text, from_email=sender_address(), to=[to])


def sender_address() -> str:
    """Who mails are from, the name in the active language where the settings give one that has a translation."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"{gettext(name)} <{address}>" if name else address
