"""Scenario C3, the hydrogen chain and its corridor, in a real browser: no balance without an assumption, the months
that lack, an offer that takes the mark away, published figures beside live ones, and the same by REST and as CSV.
"""

import csv

import pytest
from playwright.sync_api import expect

from accounts.models import Change
from common.keeping import process_cache
from matchmaking.hydrogen.models import DemandAssumption, FleetBatch
from matchmaking.hydrogen.services.loading import load_corridor
from matchmaking.insights.services.facts import load_facts
from matchmaking.postings.models import Posting
from matchmaking.postings.services.publishing import publish_posting
from tests.api.conftest import Partner
from tests.factories.accounts import EnterpriseContactFactory, MembershipFactory
from tests.factories.hydrogen import corridor_keeper, hydrogen_posting, month_ahead

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TONGNAN, CHANGSHOU, LIANGSHAN, PANZHIHUA = "500152", "500115", "513400", "510400"
SOURCE = "示例车队测算,2026年"


@pytest.fixture
def corridor():
    load_facts()
    load_corridor()


def fill_batch(keeper, number, starts_on, places):
    """From the corridor's page to a batch that is kept."""
    keeper.go(f"{keeper.prefix}/hydrogen/")
    keeper.follow("Enter a batch", "main")
    keeper.fill("number", str(number))
    keeper.fill("vehicles", "200")
    keeper.fill("starts_on", starts_on.isoformat())
    keeper.fill("source", SOURCE)
    for row, (code, vehicles) in enumerate(places.items(), start=1):
        keeper.choose(f"place_{row}", code)
        keeper.fill(f"vehicles_{row}", str(vehicles))
    with keeper.page.expect_navigation():
        keeper.press("Keep")


def enter_assumption(keeper, kilograms, source):
    """What a vehicle takes a day."""
    keeper.go(f"{keeper.prefix}/hydrogen/")
    keeper.follow("Enter kilograms per vehicle and day", "main")
    keeper.fill("kg_per_vehicle_day", kilograms)
    keeper.fill("source", source)
    with keeper.page.expect_navigation():
        keeper.press("Keep")


def short_cells(person):
    """Numbers of the cells that are marked short, by what the chart says."""
    marks = person.page.locator("section:has(#h-balance) a.mark:has(.g-short)")
    return [int(mark.get_attribute("data-value")) for mark in marks.all()]


def base_offers(region, kilograms, **told):
    """A base's firm posts hydrogen for two years, as any capacity is posted."""
    member = MembershipFactory()
    EnterpriseContactFactory(enterprise=member.enterprise)
    draft = hydrogen_posting(region, kilograms, enterprise=member.enterprise, draft=True, **told)
    return publish_posting(posting=draft, actor=member.user)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_c03(at_home, someone, corridor, language):
    keeper, visitor = at_home(corridor_keeper(), language), someone(language)
    nothing_is_told_before_it_is_known(visitor)

    fill_batch(keeper, 1, month_ahead(1), {TONGNAN: 100, CHANGSHOU: 100})
    fill_batch(keeper, 2, month_ahead(6), {LIANGSHAN: 100, PANZHIHUA: 100})
    assert sum(FleetBatch.objects.values_list("vehicles", flat=True)) == 400
    visitor.page.reload()
    expect(visitor.main()).to_contain_text(visitor.word("No balance yet: how much hydrogen does a vehicle take a day?"))

    enter_assumption(keeper, "5", SOURCE)
    for code in (TONGNAN, CHANGSHOU):
        hydrogen_posting(code, 30_000, window_end=month_ahead(40))
    months_of_the_second_batch_lack(visitor)
    the_same_stands_in_the_file_and_at_the_rest_door(visitor)

    before = Change.objects.count()
    offer = base_offers("513401", 30_000, window_end=month_ahead(40))
    process_cache.clear()  # live figures are a minute old at most
    visitor.page.reload()
    assert len(short_cells(visitor)) == 6
    assert Change.objects.filter(thing="posting", thing_key=offer.number, verb="published").exists()
    assert Change.objects.count() > before
    published_and_live_are_told_apart(visitor)


def nothing_is_told_before_it_is_known(visitor):
    """Lines and bases as announced, no demand, and the page says what is lacking."""
    visitor.go(f"{visitor.prefix}/hydrogen/")
    expect(visitor.page.locator("section:has(#h-facilities) tbody tr[id^=f-]")).to_have_count(4)
    expect(visitor.page.locator("section:has(#h-facilities)")).to_contain_text(visitor.word("supply base"))
    expect(visitor.page.locator("section:has(#h-facilities) .tag-ok")).to_have_count(0)
    expect(visitor.page.locator("section:has(#h-corridor) svg.chart .road")).to_have_count(3)
    expect(visitor.main()).to_contain_text(visitor.word("No balance yet: how much hydrogen does a vehicle take a day?"))
    assert visitor.page.locator("#balance-t").count() == 0


def months_of_the_second_batch_lack(visitor):
    """Two places, by a number and a pattern; what the first batch takes is met."""
    visitor.go(f"{visitor.prefix}/hydrogen/")
    shorts = short_cells(visitor)
    assert len(shorts) == 12
    assert set(shorts) <= {100 * 5 * days for days in (28, 29, 30, 31)}
    marked = visitor.page.locator("section:has(#h-balance) a.mark:has(.g-short)")
    expect(marked.first).to_contain_text("−")
    expect(marked.first.locator("rect")).to_have_count(2)
    marked.first.click()
    table = visitor.page.locator(f"details:has(#p-{PANZHIHUA})").locator("table")
    expect(table).to_be_visible()
    expect(table.locator(".tag-bad")).to_have_count(6)
    assumption = DemandAssumption.objects.get()
    expect(visitor.page.locator("section:has(#h-balance)")).to_contain_text(assumption.key)
    expect(visitor.page.locator("section:has(#h-balance)")).to_contain_text(SOURCE)


def the_same_stands_in_the_file_and_at_the_rest_door(visitor):
    """Each row names its assumption."""
    key = DemandAssumption.objects.get().key
    with visitor.page.expect_download() as download:
        visitor.page.locator("section:has(#h-balance) a[download]", has_text="CSV").click()
    rows = list(csv.reader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert sum(int(row[6]) > 0 for row in rows[1:]) == 12
    assert {row[-1] for row in rows[1:]} == {key}
    member = MembershipFactory()
    told = Partner(member.enterprise, member.user, ("facts:read",)).ask("hydrogen/balance/").json()
    assert told["assumption"]["key"] == key
    assert sum(month["short_kg"] > 0 for place in told["places"] for month in place["months"]) == 12


def published_and_live_are_told_apart(visitor):
    """What an article counted, quoted; what is open here, counted now."""
    figures = visitor.page.locator("main dl.kpis").first
    expect(figures).to_contain_text(visitor.word("Firms and institutes, published"))
    expect(figures).to_contain_text(visitor.word("Firms and institutes here, now"))
    expect(figures).to_contain_text("200")
    live = figures.locator(".kpi", has_text=visitor.word("Firms and institutes here, now")).locator(".v")
    expect(live).to_have_text(str(Posting.objects.values("enterprise").distinct().count()))
