"""One mail a day, or a week, to those who want their notices collected; as a step of ``nightly``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.mailing import mail_digests


class Command(BaseCommand):
    """Prints one line of figures; fails when a mail failed, which a later run tries again."""

    help = _("Mail the notices that are collected for a day or a week.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it for today."""
        done = mail_digests(on=timezone.localdate())
        self.stdout.write(_("%(sent)s mailed, %(failed)s failed") % done._asdict())
        if done.failed:
            raise CommandError(_("%(failed)s mails could not be sent") % done._asdict())
