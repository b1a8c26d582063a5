"""Pages of weekly clearings: read by scope, given by ticks, and taken to a matchmaking day."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Change
from matchmaking.days.models import Guest
from matchmaking.insights.models import ClearingLine
from matchmaking.insights.services.clearing import clear_chain
from matchmaking.postings.choices import Period
from reference.models import Region
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.days import MatchDayFactory
from tests.factories.postings import PostingFactory

pytestmark = [pytest.mark.usefixtures("compiled"), pytest.mark.django_db]
JINJIANG, YUBEI = "510104", "500112"
MOST_QUERIES = 17


def posted(amount, code=JINJIANG, **fields):
    region = Region.objects.get(code=code)
    return PostingFactory(quantity_amount=Decimal(amount), region=region, **{"period": Period.ONCE} | fields)


@pytest.fixture
def grant():
    made = CoordinatorGrantFactory(user__name="范围协调员")
    made.regions.add(Region.objects.get(code=JINJIANG))
    return made


@pytest.fixture
def pair(grant):
    """A need filled in part from across the border, and the capacity."""
    need = posted(100, consortium_allowed=True, minimum_share_percent=10, title="范围内需求")
    return need, posted(60, YUBEI, capacity=True, title="对岸产能")


@pytest.fixture
def clearing(pair):
    return clear_chain(chain=pair[0].node.chain)


def address(name, *args):
    return reverse(f"web:coordination:{name}", args=args)


def text(response):
    return response.content.decode()


def test_the_list_tells_what_is_open_and_whose_it_is(grant, clearing, signed_in):
    page = text(signed_in(grant.user).get(address("clearings")))
    row = re.search(r"<tbody><tr>(.*?)</tr>", page, re.DOTALL)[1]
    assert re.findall(r">([\d<]+)</a></td>", row) == ["1", "1", "0"]
    assert f"{address('clearing', clearing.key)}?part=mine" in row


def test_before_the_first_week_it_says_when_one_comes(grant, signed_in):
    assert "尚未" in text(signed_in(grant.user).get(address("clearings")))


def test_a_clearing_tells_shares_owner_and_change(grant, pair, clearing, signed_in):
    need, capacity = pair
    client = signed_in(grant.user)
    left = text(client.get(address("clearing", clearing.key)))
    assert need.title in left
    assert "范围协调员" in left
    assert "适配的产能在本方案中已分给其他需求" in left
    shares = text(client.get(f"/en{address('clearing', clearing.key)}?part=shares"))
    assert capacity.title in shares
    assert f'href="/en/capacities/{capacity.number}/"' in shares
    assert "60 of 100" in shares


def test_a_capacity_that_the_reader_may_not_open_stays_unnamed(grant, pair, clearing, signed_in):
    _need, capacity = pair
    capacity.opens_on = clearing.week.replace(year=clearing.week.year + 1)
    capacity.save()
    shares = text(signed_in(grant.user).get(f"{address('clearing', clearing.key)}?part=shares"))
    assert capacity.title not in shares
    assert capacity.number not in shares


def test_needs_are_given_by_ticks_and_what_is_wrong_is_told_with_all_that_was_ticked(grant, pair, clearing, signed_in):
    need, client = pair[0], signed_in(grant.user)
    far = CoordinatorGrantFactory(user__name="对岸协调员")
    far.regions.add(Region.objects.get(code=YUBEI))
    wide = CoordinatorGrantFactory(user__name="全域协调员")
    give = address("give_needs", clearing.key)

    nothing = client.post(give, {"owner": str(wide.user.pk)})
    nobody = client.post(give, {"need": [need.number]})
    outside = client.post(give, {"need": [need.number], "owner": str(far.user.pk)})
    assert [answer.status_code for answer in (nothing, nobody, outside)] == [422] * 3
    assert f'value="{wide.user.pk}" selected' in text(nothing)
    assert "checked" in text(nobody)
    assert "不在所选协调员的负责范围内" in text(outside)
    assert "checked" in text(outside)

    given = client.post(give, {"need": [need.number], "owner": str(wide.user.pk)})
    assert given["Location"].startswith(address("clearing", clearing.key))
    assert ClearingLine.objects.get(capacity=None).owner == wide.user
    assert "全域协调员" in text(client.get(given["Location"]))


def test_nobody_gives_needs_outside_their_scope(clearing, pair, signed_in):
    far = CoordinatorGrantFactory()
    far.regions.add(Region.objects.get(code=YUBEI))
    told = {"need": [pair[0].number], "owner": str(far.user.pk)}
    assert signed_in(far.user).post(address("give_needs", clearing.key), told).status_code == 422
    assert ClearingLine.objects.get(capacity=None).owner != far.user
    firm = signed_in(MembershipFactory().user)
    assert firm.get(address("clearing", clearing.key)).status_code == 403


@pytest.mark.parametrize(("part", "columns"), [("open", 11), ("shares", 9)])
def test_a_part_is_taken_as_a_file_and_that_is_recorded(part, columns, grant, pair, clearing, signed_in):
    client = signed_in(grant.user)
    answer = client.get(f"{address('export_clearing', clearing.key, 'csv')}?part={part}")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [len(row) for row in table] == [columns, columns]
    assert table[1][:2] == [pair[0].number, pair[0].title]
    assert Change.objects.filter(facts__part="clearing").exists()
    assert client.get(address("export_clearing", clearing.key, "exe")).status_code == 404


def test_firms_of_a_clearing_are_found_for_a_day(pair, clearing, signed_in):
    admin = UserFactory(platform_admin=True, totp=True)
    day, client = MatchDayFactory(), signed_in(admin)
    shown = text(client.get(address("clearing", clearing.key)))
    link = f"{reverse('web:days:coordinated', args=[day.key])}?clearing={clearing.key}"
    assert f'href="{link}#h-invite"' in shown
    found = text(client.get(link))
    firms = re.findall(r'type="checkbox" name="firm" value="(\w+)"', found)
    assert set(firms) == {posting.enterprise.key for posting in pair}
    client.post(reverse("web:days:invite", args=[day.key]), {"firm": firms})
    assert Guest.objects.filter(day=day).count() == 2
    assert re.findall(r'type="checkbox" name="firm" value="(\w+)"', text(client.get(link))) == []


def test_the_page_asks_a_fixed_number_of_queries(grant, pair, clearing, signed_in):
    client = signed_in(grant.user)

    def asked():
        cache.clear()
        with CaptureQueriesContext(connection) as made:
            assert client.get(address("clearing", clearing.key)).status_code == 200
        return len(made)

    asked()
    before = asked()
    line = clearing.lines.get(capacity=None)
    for _ in range(5):
        line.pk, line.need = None, posted(50)
        line.nearest = posted(60, YUBEI, capacity=True)
        line.save()
    assert asked() == before <= MOST_QUERIES
