"""Mail what waits, for a timer or by hand: the same as the task that the doors start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.services.mailing import mail_pending


class Command(BaseCommand):
    """Prints one line of figures; fails when a mail failed, which the next run tries again."""

    help = _("Mail the notices and invitations that wait.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Drain once."""
        done = mail_pending()
        self.stdout.write(_("%(sent)s mailed, %(failed)s failed") % done._asdict())
        if done.failed:
            raise CommandError(_("%(failed)s mails could not be sent") % done._asdict())
