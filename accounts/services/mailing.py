"""Draining what waits to be mailed: each notice and invitation once, in its reader's language, without content."""

import logging
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.choices import NoticeKind
from accounts.models import Invitation, Notice, User
from accounts.services.invitations import token_of

logger = logging.getLogger(__name__)


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
    """Claims each row by a conditional update before it is mailed, so that two workers never send it twice."""
    sent = failed = 0
    for row in rows.order_by("pk"):
        mine = type(row)._default_manager.filter(pk=row.pk, mailed_at=None)
        if not mine.update(mailed_at=timezone.now()):
            continue
        try:
            make(row).send()
            sent += 1
        except Exception:
            # Whatever a mail server or an address can do wrong: the row waits again and the rest goes on.
            logger.exception("mail of %s %s failed", row._meta.model_name, row.pk)
            type(row)._default_manager.filter(pk=row.pk).update(mailed_at=None)
            failed += 1
    return Sent(sent, failed)


def _notice(notice: Notice) -> EmailMessage:
    with override(notice.reader.language):
        address = settings.SITE_ADDRESS + _page(notice)
        return _mail("notice", {"notice": notice, "address": address}, notice.reader.email)


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
    return EmailMessage(subject, render_to_string(f"mail/{name}.txt", context).strip() + "\n", to=[to])
