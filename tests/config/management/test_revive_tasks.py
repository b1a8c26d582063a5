"""Tasks of a killed worker run again, but not for ever."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.tasks import mail_notices

pytestmark = pytest.mark.django_db


def running(*, minutes, workers=1):
    row = DBTaskResult.objects.get(pk=mail_notices.enqueue().id)
    row.status = TaskResultStatus.RUNNING
    row.started_at = timezone.now() - timedelta(minutes=minutes)
    row.worker_ids = [f"worker-{number}" for number in range(workers)]
    row.save()
    return row


def revived():
    out = StringIO()
    call_command("revive_tasks", stdout=out)
    return out.getvalue().strip()


def test_a_task_that_lost_its_worker_is_put_back_once():
    lost, busy = running(minutes=11), running(minutes=9)

    assert revived() == "tasks put back: 1, given up: 0"
    assert revived() == "tasks put back: 0, given up: 0"

    lost.refresh_from_db()
    busy.refresh_from_db()
    assert (lost.status, busy.status) == (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    assert DBTaskResult.objects.ready().get() == lost


@pytest.mark.parametrize(("workers", "state"), [(3, TaskResultStatus.READY), (4, TaskResultStatus.FAILED)])
def test_a_task_that_kills_every_worker_is_given_up(workers, state):
    lost = running(minutes=11, workers=workers)

    revived()

    lost.refresh_from_db()
    assert lost.status == state
