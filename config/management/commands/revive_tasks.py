"""Puts tasks back that a worker had taken when it was killed."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

LONGEST = timedelta(minutes=10)
"""No task of ours runs longer; one that seems to has lost its worker. Each may run twice without harm."""
MOST_REVIVALS = 3


class Command(BaseCommand):
    """Safe to run twice and beside workers: a task that ended or was taken anew meanwhile is left alone."""

    help = "Return tasks that run for more than ten minutes to the queue, each at most three times; then they fail."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many were put back and how many were given up."""
        now = timezone.now()
        revived = given_up = 0
        for task in DBTaskResult.objects.running().filter(started_at__lt=now - LONGEST):
            # As many workers took it as it was begun; the first beginning was no revival.
            is_over = len(task.worker_ids) > MOST_REVIVALS
            state = TaskResultStatus.FAILED if is_over else TaskResultStatus.READY
            same = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
            done = same.update(status=state, finished_at=now if is_over else None)
            revived += 0 if is_over else done
            given_up += done if is_over else 0
        self.stdout.write(f"tasks put back: {revived}, given up: {given_up}")
