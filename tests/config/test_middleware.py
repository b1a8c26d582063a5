"""The bell that starts the mailer after a request that left something to send."""

import pytest
from django_tasks_db.models import DBTaskResult

from tests.factories.accounts import MembershipFactory, NoticeFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_write_that_leaves_a_notice_starts_the_mailer_once(signed_in):
    owner = MembershipFactory(enterprise__unverified=True)
    UserFactory(platform_admin=True)

    signed_in(owner.user).post("/me/enterprise/verification/")

    assert list(DBTaskResult.objects.values_list("task_path", flat=True)) == ["accounts.tasks.mail_notices"]


def test_reading_and_writes_that_leave_nothing_start_nothing(signed_in):
    owner = MembershipFactory()
    NoticeFactory(reader=owner.user)
    client = signed_in(owner.user)

    client.get("/me/")
    client.post("/me/settings/", {"name": "示例", "language": "zh-hans"})

    assert DBTaskResult.objects.count() == 0
