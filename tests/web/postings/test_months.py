"""The calendar of a capacity on its pages: planned by its owner, told to others in classes, to visitors not at all."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from matchmaking.postings.models import CapacityMonth
from matchmaking.postings.services import months
from matchmaking.postings.services.capacity import reserve_capacity
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
MARCH = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def in_march(monkeypatch):
    monkeypatch.setattr(months.timezone, "localdate", lambda *_args: MARCH)


@pytest.fixture
def owner():
    return MembershipFactory()


@pytest.fixture
def capacity(owner):
    row = PostingFactory(
        capacity=True, enterprise=owner.enterprise, window_start=date(2027, 1, 1), window_end=date(2027, 5, 31)
    )
    reserve_capacity(posting=row, amount=Decimal(11111), days=(MARCH, date(2027, 3, 31)))
    return row


def plan_address(row):
    return reverse("web:postings:months", args=[row.number])


def page(client, row):
    return client.get(reverse("web:postings:capacity", args=[row.number])).content.decode()


def test_its_owner_plans_the_months_ahead_and_reads_the_figures(signed_in, owner, capacity):
    client = signed_in(owner.user)
    assert plan_address(capacity) in page(client, capacity)
    answer = client.post(
        plan_address(capacity), {"2027-03-01": "", "2027-04-01": "６,000", "2027-05-01": "0"}, follow=True
    )

    text = answer.content.decode()
    assert answer.redirect_chain == [(reverse("web:postings:capacity", args=[capacity.number]), 302)]
    for told in ("2027年3月", "11,111", "889", "6,000"):
        assert told in text
    planned = CapacityMonth.objects.exclude(planned_amount=None).values_list("month__month", "planned_amount")
    assert list(planned) == [(4, 6000), (5, 0)]
    assert 'value="6000"' in client.get(plan_address(capacity)).content.decode()


def test_what_does_not_fit_is_told_at_its_month_and_nothing_is_lost(signed_in, owner, capacity):
    client = signed_in(owner.user)
    answer = client.post(plan_address(capacity), {"2027-03-01": "500", "2027-04-01": "7000", "2027-05-01": "many"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写数字" in text or "数" in text
    for kept in ('value="500"', 'value="7000"', 'value="many"'):
        assert kept in text
    assert not CapacityMonth.objects.exclude(planned_amount=None).exists()
    again = client.post(plan_address(capacity), {"2027-03-01": "500", "2027-04-01": "7000", "2027-05-01": ""})
    assert "其中 11111 已有约定" in again.content.decode()


def test_others_read_classes_and_a_visitor_no_months(client, signed_in, capacity):
    # The name of a firm made for a test holds its number, which may be one of the figures.
    other = signed_in(MembershipFactory(enterprise__name="示例旁观企业").user)
    told, seen = page(other, capacity), page(client, capacity)
    assert "按月日历" in told
    assert "少量" in told
    for exact in ("11,111", "11111", "889"):
        assert exact not in told
    assert "按月日历" not in seen
    assert plan_address(capacity) not in told + seen


def test_nobody_else_plans_and_a_stock_has_no_months(signed_in, owner, capacity):
    assert signed_in(MembershipFactory().user).get(plan_address(capacity)).status_code == 404
    viewer = MembershipFactory(enterprise=owner.enterprise, role=Role.VIEWER).user
    assert signed_in(viewer).post(plan_address(capacity), {"2027-04-01": "1"}).status_code == 403
    stock = PostingFactory(capacity=True, enterprise=owner.enterprise, period="once")
    assert signed_in(owner.user).get(plan_address(stock)).status_code == 409
    assert not CapacityMonth.objects.exclude(planned_amount=None).exists()


def test_the_number_of_queries_does_not_grow_with_the_months(signed_in, owner, capacity):
    client, counts = signed_in(owner.user), []
    client.post(plan_address(capacity), {"2027-03-01": "", "2027-04-01": "1", "2027-05-01": "1"})
    for april, may in (("2", "1"), ("3", "3")):
        with CaptureQueriesContext(connection) as asked:
            client.post(plan_address(capacity), {"2027-03-01": "", "2027-04-01": april, "2027-05-01": may})
        counts.append(len(asked))
    assert counts[0] == counts[1]
