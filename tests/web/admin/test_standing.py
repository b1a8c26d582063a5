"""The first page of the administration: how market, data and queues stand, each figure explained, with its rows."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Notice, Review
from accounts.tasks import mail_notices
from common.keeping import process_cache
from config.standing import standing_for
from matchmaking.insights.models import FlowRun
from tests.factories.accounts import NoticeFactory, ReviewFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
MARKED = re.compile(r'<span title="[^"]+">([^<]+)</span><span class="help">[^<]+</span></th><td class="num is-late"')


@pytest.fixture
def admin():
    return UserFactory(platform_admin=True, totp=True)


def lines_of(user):
    process_cache.clear()
    return {str(line.name): line for part in standing_for(user) for line in part.lines}


def test_each_figure_is_what_its_rows_are(admin, signed_in):
    PostingFactory.create_batch(2)
    PostingFactory(capacity=True, stale=True)
    PartnershipFactory(answer_by=timezone.localdate() - timedelta(days=1))
    ReviewFactory()
    client, lines = signed_in(admin), lines_of(admin)

    assert {name: line.value for name, line in lines.items() if isinstance(line.value, int)} == {
        "已发布需求": 3,
        "已发布供给": 2,
        "没有回应的需求": 3,
        "逾期未答复的意向": 1,
        "30天内引荐": 0,
        "超过 30 天未确认": 1,
        "待审核": 1,
        "放弃发送的邮件": 0,
        "延误的任务": 0,
    }
    for line in lines.values():
        if line.address:
            page = client.get(line.address)
            assert (page.status_code, str(line.meaning) != "") == (200, True), line.name


@pytest.mark.parametrize(("prefix", "word"), [("", "看一下"), ("/en", "look at it")])
def test_what_should_be_looked_at_is_marked(admin, signed_in, prefix, word):
    Review.objects.filter(pk=ReviewFactory().pk).update(created_at=timezone.now() - timedelta(days=3))
    Notice.objects.filter(pk=NoticeFactory().pk).update(given_up_at=timezone.now())
    DBTaskResult.objects.filter(pk=mail_notices.enqueue().id).update(run_after=timezone.now() - timedelta(hours=1))
    FlowRun.objects.update_or_create(defaults={"as_of": timezone.now() - timedelta(days=2)})
    process_cache.clear()

    page = unescape(signed_in(admin).get(f"{prefix}/manage/").content.decode())

    marked = MARKED.findall(page)
    assert page.count(f">{word}<") == len(marked) == 5


def test_who_runs_a_park_reads_nothing_of_it(signed_in):
    page = signed_in(ParkAdministratorFactory().user).get("/manage/").content.decode()

    assert "standing" not in page


def test_the_figures_cost_the_same_however_much_there_is(admin):
    def cost():
        process_cache.clear()
        with CaptureQueriesContext(connection) as asked:
            standing_for(admin)
        return len(asked)

    cost()
    few = cost()
    PostingFactory.create_batch(5)
    ReviewFactory.create_batch(3)

    assert cost() == few
