"""Journey D3: a hydrogen corridor coordinator enters batches and the assumption, opens the short months, calls a round;
firms offer and tell their interest without names; the result is published with what matched, what did not, and why.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from matchmaking.hydrogen.models import Round, RoundOffer
from matchmaking.hydrogen.services.loading import load_corridor
from matchmaking.insights.services.facts import load_facts
from matchmaking.partnerships.models import Partnership
from reference.models import Region
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.hydrogen import FacilityFactory, corridor_keeper, hydrogen_posting, month_ahead
from tests.journeys.test_c03 import enter_assumption, fill_batch, short_cells

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TONGNAN, CHANGSHOU = "500152", "500115"
SOURCE = "示例车队测算,2026年"
SELLERS = ("示例长寿制氢", "示例涪陵制氢")


@pytest.fixture
def corridor():
    load_facts()
    load_corridor()
    place = Region.objects.get(code=TONGNAN)
    FacilityFactory(region=place, name_zh="示例潼南站", name_en="Sample Tongnan station", kg_per_day=1000)
    FacilityFactory(region=Region.objects.get(code=CHANGSHOU), planned=True, kg_per_day=9000)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_d03(at_home, corridor, language):
    sellers = [MembershipFactory(enterprise=EnterpriseFactory(name=name)) for name in SELLERS]
    buyer = MembershipFactory()
    need = hydrogen_posting(TONGNAN, 9000, is_need=True, enterprise=buyer.enterprise)
    chen = at_home(corridor_keeper(), language)
    chen.go(f"{chen.prefix}/hydrogen/")
    assert chen.page.locator("#balance-t").count() == 0

    fill_batch(chen, 1, month_ahead(1), {TONGNAN: 200})
    fill_batch(chen, 2, month_ahead(3), {CHANGSHOU: 200})
    enter_assumption(chen, "6", SOURCE)
    the_short_months_are_open_to_him(chen)
    call_the_round(chen)

    one = Round.objects.get()
    for seller in sellers:
        hydrogen_posting(CHANGSHOU, 20_000, enterprise=seller.enterprise, window_end=month_ahead(30))
        offer_at(at_home(seller.user, language), one)
    answers_are_counted_and_not_named(chen, one)

    move(one, offers_until=-1, interest_until=4)
    late = MembershipFactory()
    hydrogen_posting(CHANGSHOU, 500, enterprise=late.enterprise, window_end=month_ahead(30))
    nothing_late_slips_in(at_home(late.user, language), one)
    tell_interest(at_home(buyer.user, language), one, need)

    move(one, offers_until=-5, interest_until=-1)
    publish(chen, one)
    assert Partnership.objects.get().need == need
    the_buyer_finds_the_request(at_home(buyer.user, language), one)


def move(one, **days):
    """Let days pass: the round's last days, counted from today."""
    today = timezone.localdate()
    Round.objects.filter(pk=one.pk).update(**{name: today + timedelta(days=count) for name, count in days.items()})


def the_short_months_are_open_to_him(chen):
    """Three marks, a table equal to the chart, a planned station that counts for nothing."""
    chen.go(f"{chen.prefix}/hydrogen/")
    expect(chen.page.locator("section:has(#h-corridor) svg.chart .st-on").first).to_be_visible()
    expect(chen.page.locator("section:has(#h-corridor) svg.chart .base").first).to_be_visible()
    expect(chen.page.locator("section:has(#h-corridor) svg.chart .fleet").first).to_be_visible()
    shorts = short_cells(chen)
    marked = chen.page.locator(f"section:has(#h-balance) a.mark:has(.g-short)[href='#p-{CHANGSHOU}']")
    assert marked.count() == 9
    marked.first.click()
    table = chen.page.locator(f"details:has(#p-{CHANGSHOU}) table")
    expect(table).to_be_visible()
    cells = table.locator("tbody tr td:nth-child(8)").all_inner_texts()
    assert len(shorts) == 9 + 11
    assert sum(any(letter in "123456789" for letter in cell) for cell in cells) == 9
    filling = table.locator("tbody tr").first.locator("td:nth-child(9)")
    assert filling.inner_text().startswith("0")


def call_the_round(chen):
    """Months and places that lack are filled in; he sets the two days."""
    chen.go(f"{chen.prefix}/hydrogen/")
    chen.follow("Call a round", "main")
    assert chen.page.locator("main input[name=places]:checked").count() == 2
    today = timezone.localdate()
    chen.fill("offers_until", (today + timedelta(days=20)).isoformat())
    chen.fill("interest_until", (today + timedelta(days=30)).isoformat())
    with chen.page.expect_navigation():
        chen.press("Call the round")
    expect(chen.main()).to_contain_text(chen.word("The round is called. Firms can offer now."))


def offer_at(seller, one):
    """From the corridor's page to an offer."""
    seller.go(f"{seller.prefix}/hydrogen/")
    with seller.page.expect_navigation():
        seller.page.locator("section:has(#h-rounds) a").first.click()
    seller.main().locator("input[name=posting]").first.check()
    with seller.page.expect_navigation():
        seller.press("Offer it")
    expect(seller.page.locator("section:has(#h-offers) tbody tr")).to_have_count(1)


def answers_are_counted_and_not_named(chen, one):
    """Two offers are there; neither who nor what."""
    chen.go(f"{chen.prefix}/hydrogen/rounds/{one.key}/")
    expect(chen.page.locator("main dl.kpis")).to_contain_text("2")
    expect(chen.page.locator("section:has(#h-offers) tbody tr")).to_have_count(0)
    assert not any(name in chen.text() for name in SELLERS)


def nothing_late_slips_in(late, one):
    """The form is gone, and what is sent all the same is refused."""
    late.go(f"{late.prefix}/hydrogen/rounds/{one.key}/")
    assert late.page.locator("#h-offer").count() == 0
    expect(late.page.locator("section:has(#h-offers) tbody tr")).to_have_count(2)
    assert not any(name in late.text() for name in SELLERS)
    assert RoundOffer.objects.count() == 2


def tell_interest(buyer, one, need):
    """In the first letter of the list, for one's own need."""
    buyer.go(f"{buyer.prefix}/hydrogen/rounds/{one.key}/")
    assert not any(name in buyer.text() for name in SELLERS)
    with buyer.page.expect_navigation():
        buyer.page.locator("section:has(#h-offers) tbody tr").first.locator("a.btn").click()
    buyer.main().locator(f"input[value='{need.number}']").check()
    with buyer.page.expect_navigation():
        buyer.press("Tell interest")
    expect(buyer.main()).to_contain_text(buyer.word("interest told"))


def publish(chen, one):
    """One press; one matched, one not, with the reason."""
    chen.go(f"{chen.prefix}/hydrogen/rounds/{one.key}/")
    with chen.page.expect_navigation():
        chen.press("Publish the result")
    rows = chen.page.locator("section:has(#h-offers) tbody tr")
    expect(rows.first).to_contain_text(chen.word("matched"))
    expect(rows.nth(1)).to_contain_text(chen.word("unmatched"))
    wanted = "没有需求方对该报供表达意向" if chen.language != "en" else "no need's firm was interested in this offer"
    expect(rows.nth(1)).to_contain_text(wanted, ignore_case=True)
    assert not any(name in chen.text() for name in SELLERS)


def the_buyer_finds_the_request(buyer, one):
    """What came of the interest is one press away."""
    buyer.go(f"{buyer.prefix}/hydrogen/rounds/{one.key}/")
    buyer.follow("Open the request", "main")
    assert Partnership.objects.get().key in buyer.page.url
