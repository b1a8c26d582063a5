"""D2, on top of C5: neither customer nor article is asked for, a share below the least one is refused, who leaves opens
its part again; a partner never learns another's name before both consent, nor its price ever; a hall is let once.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.consortia.choices import State
from matchmaking.consortia.queries.overflows import plan_of
from matchmaking.consortia.services.overflowing import begin_overflow
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.interest import accept_interest, declare_interest
from matchmaking.postings.models import Posting
from reference.models import Region
from tests.conftest import LOGIN_BACKEND
from tests.factories.accounts import PASSWORD, EnterpriseFactory, MembershipFactory
from tests.factories.overflows import LONGCHANG, offered, overflowing, wanted
from tests.journeys.steps import BOTH_LANGUAGES
from tests.journeys.test_b07_consortium import carry_out
from tests.journeys.test_c05 import begin, consent, leave, plan_all
from tests.journeys.test_deals import agree

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PRICE = "66.37"


@pytest.fixture
def world():
    return overflowing()


def everything_read_by(user, person, key, plan):
    """All that a partner can open about the plan: its pages in both languages, lists, notices and quotes."""
    told = []
    pages = (f"/consortia/{plan.key}/", f"/partnerships/{key}/", "/partnerships/", "/me/", "/me/notices/", "/overflow/")
    for prefix in ("", "/en"):
        for page in pages:
            person.go(f"{prefix}{page}")
            told.append(person.text())
    client = Client()
    client.force_login(user, backend=LOGIN_BACKEND)
    told += [client.get(f"/partnerships/{key}/quotes/").content.decode()]
    return "\n".join(told)


def quote(seller, key):
    """The partner's price for its share."""
    seller.go(f"/partnerships/{key}/")
    last = (timezone.localdate() + timedelta(days=20)).isoformat()
    carry_out(seller, "quote", unit_price=PRICE, lead_time_days="20", valid_until=last)


@BOTH_LANGUAGES
def test_d02_partners_learn_names_after_consent_and_prices_never(member, world):
    maker = member(world.owner)
    overflow = begin(maker)
    maker.go("/overflow/new/")
    names = maker.page.locator("main form [name]").evaluate_all("fields => fields.map(field => field.name)")
    assert [name for name in names if re.search("customer|client|article|part_number", name)] == []
    maker.go(f"/overflow/{overflow.key}/")
    plan_all(maker)
    plan = plan_of(overflow)
    rows = list(Partnership.objects.filter(need=overflow.gap).order_by("pk"))
    shops = [world.shops.index(next(shop for shop in world.shops if shop.pk == row.capacity_id)) for row in rows]
    first, second = (member(world.sellers[place]) for place in shops)
    other_name = world.shops[shops[1]].enterprise.name

    consent(first)
    assert other_name not in everything_read_by(world.sellers[shops[0]], first, rows[0].key, plan)
    consent(second)
    quote(second, rows[1].key)
    read = everything_read_by(world.sellers[shops[0]], first, rows[0].key, plan)
    assert other_name in read, "both have consented"
    assert PRICE not in read
    assert "40,000" not in read, "the orders are the firm's own"
    maker.go(f"/partnerships/{rows[1].key}/")
    assert PRICE in maker.text()

    leave(second, plan)
    maker.go("/me/notices/")
    maker.follow("A supplier has left the set: a part is open again", "main")
    plan.refresh_from_db()
    assert plan.state == State.SHORT
    assert other_name not in everything_read_by(world.sellers[shops[0]], first, rows[0].key, plan)


@BOTH_LANGUAGES
def test_d02_a_hall_is_let_once_for_the_same_weeks(member, world):
    hall = offered("示例安富厂房", "SVC.SPACE.WORKSHOP", 2000, "M2", subject="premises")
    host = MembershipFactory(enterprise=hall.enterprise).user
    late = EnterpriseFactory(name="示例隆昌玩具二厂", region=Region.objects.get(code=LONGCHANG))
    rival = MembershipFactory(enterprise=late).user
    pages = []
    for firm, owner in ((world.firm, world.owner), (late, rival)):
        need = begin_overflow(enterprise=firm, actor=owner, values=wanted()).premises
        row = declare_interest(posting=need, counterpart=hall, actor=owner)
        accept_interest(partnership=row, actor=host)
        pages.append(f"/partnerships/{row.key}/")
    maker, other, seller = member(world.owner), member(rival), member(host)
    agree(maker, seller, pages[0], floor_area="2000")
    assert Posting.objects.get(pk=hall.pk).reserved_amount == 2000

    third = begin_overflow(enterprise=late, actor=rival, values=wanted())
    other.go(f"/overflow/{third.key}/")
    place = other.page.locator("section[aria-labelledby=h-premises]")
    place.scroll_into_view_if_needed()
    expect(place).to_contain_text(
        other.word("Nobody fits at the moment. The need stays posted; you are told of new matches.")
    )
    assert hall.enterprise.name not in place.inner_text()

    other.go(pages[1])
    carry_out(other, "propose", floor_area="2000")
    carry_out(other, "sign", secret=PASSWORD)
    seller.go(pages[1])
    carry_out(seller, "sign", secret=PASSWORD)
    expect(seller.main()).to_contain_text(text_of(Reason.GAP_CAPACITY_BOOKED, seller.language))
    assert Partnership.objects.get(key=pages[1].split("/")[2]).state == Stage.INTRODUCED
    assert Posting.objects.get(pk=hall.pk).reserved_amount == 2000
