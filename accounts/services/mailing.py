"""Draining what waits to be mailed: each notice and invitation once, in its reader's language, without content."""

import logging
from collections.abc import Callable
from datetime import timedelta
from email.utils import parseaddr
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from accounts.choices import NoticeKind
from accounts.models import Invitation, Notice, User
from accounts.services.invitations import token_of

logger = logging.getLogger(__name__)
CLAIMED_FOR = timedelta(minutes=10)
"""How long a worker may take for one mail before another one sends it."""


class Sent(NamedTuple):
    """How many mails left and how many failed; the failed ones are tried again by the next run."""

    sent: int
    failed: int


def mail_pending() -> Sent:
    """Mail every notice and open invitation that was not mailed yet; one that fails does not stop the others."""
    notices = _drain(Notice.objects.filter(mailed_at=None, reader__is_active=True).select_related("reader"), _notice)
    invitations = _drain(
        Invitation.objects.open().filter(mailed_at=None).select_related("enterprise", "invited_by"), _invitation
    )
    return Sent(notices.sent + invitations.sent, notices.failed + invitations.failed)


def _drain(rows: QuerySet[Notice] | QuerySet[Invitation], make: Callable[..., EmailMessage]) -> Sent:
    """Claims each row for a while before it is mailed and notes the mail after it left.

    So two workers do not send it twice, and what a killed worker had claimed is sent by a later run.
    """
    sent = failed = 0
    for row in rows.order_by("pk"):
        manager, now = type(row)._default_manager, timezone.now()
        is_free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIMED_FOR)
        if not manager.filter(is_free, pk=row.pk, mailed_at=None).update(claimed_at=now):
            continue
        try:
            make(row).send()
        except Exception:
            # Whatever a mail server or an address can do wrong: the row waits again and the rest goes on.
            logger.exception("mail of %s %s failed", row._meta.model_name, row.pk)
            manager.filter(pk=row.pk).update(claimed_at=None)
            failed += 1
        else:
            manager.filter(pk=row.pk).update(mailed_at=timezone.now())
            sent += 1
    return Sent(sent, failed)


def _notice(notice: Notice) -> EmailMessage:
    with override(notice.reader.language):
        address = settings.SITE_ADDRESS + _page(notice)
        stop = _stop(notice)
        mail = _mail("notice", {"notice": notice, "address": address, "stop": stop}, notice.reader.email)
        if stop:
            mail.extra_headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": ONE_CLICK}
        return mail


ONE_CLICK = "List-Unsubscribe=One-Click"
"""Says that a mail program may post to the address by itself, when its reader asks for it (RFC 8058)."""


def _stop(notice: Notice) -> str:
    """The address that ends mails of this kind without signing in; nothing for those that cannot be ended."""
    token = notice.facts.get("stop")
    return settings.SITE_ADDRESS + reverse("web:postings:stop_news", args=[token]) if token else ""


def _page(notice: Notice) -> str:
    """Where the link leads: to the single act where the notice carries a token for it, which needs no sign-in."""
    token = notice.facts.get("token")
    if notice.kind == NoticeKind.CONFIRMATION_DUE and token:
        return reverse("web:postings:confirm_link", args=[token])
    return reverse("web:accounts:notice", args=[notice.pk])


def _invitation(invitation: Invitation) -> EmailMessage:
    known = User.objects.filter(email__iexact=invitation.email).first()
    with override((known or invitation.invited_by).language):
        address = settings.SITE_ADDRESS + reverse("web:accounts:invitation", args=[token_of(invitation)])
        return _mail("invitation", {"invitation": invitation, "address": address}, invitation.email)


def _mail(name: str, context: dict[str, object], to: str) -> EmailMessage:
    subject = " ".join(render_to_string(f"mail/{name}_subject.txt", context).split())
    text = render_to_string(f"mail/{name}.txt", context).strip() + "\n"
    return EmailMessage(subject, text, from_email=sender_address(), to=[to])


def sender_address() -> str:
    """Who mails are from, the name in the active language where the settings give one that has a translation."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"{gettext(name)} <{address}>" if name else address
