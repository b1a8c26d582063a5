"""Work of accounts that is done after a request, by the worker."""

from django.utils import timezone
from django_tasks import task

from accounts.services.mailing import FIRST_WAIT, mail_pending


@task()
def mail_notices() -> dict[str, int]:
    """Mail the notices and invitations that wait; started by the door after a request that left some.

    Where some failed it comes again by itself once they may be tried again.
    """
    done = mail_pending()
    if done.failed:
        mail_notices.using(run_after=timezone.now() + FIRST_WAIT).enqueue()
    return {"sent": done.sent, "failed": done.failed}
