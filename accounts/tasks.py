"""Work of accounts that is done after a request, by the worker."""

from django_tasks import task

from accounts.services.mailing import mail_pending


@task()
def mail_notices() -> dict[str, int]:
    """Mail the notices and invitations that wait; started by the door after a request that left some."""
    done = mail_pending()
    return {"sent": done.sent, "failed": done.failed}
