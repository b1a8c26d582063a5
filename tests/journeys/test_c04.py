"""Scenario C4, demonstration parks, in a real browser: batches, pairs and days, and what stands beside a partner."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from matchmaking.parks.models import Park, ParkBatch, ParkPartnership
from matchmaking.parks.services.loading import load_parks
from reference.models import Region
from tests.factories.accounts import EnterpriseContactFactory, EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory
from tests.journeys.steps import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

FIRST_BATCH = {
    *("rongchang-hi-tech", "qijiang-industrial-park", "liangjiang-yufu", "jiangjin-industrial-park"),
    *("kaizhou-industrial-park", "hechuan-hi-tech", "konggang-industrial-park", "dazu-hi-tech", "tongnan-hi-tech"),
    *("yongchuan-hi-tech", "longchang-etdz", "yibin-sanjiang", "zigong-hi-tech", "suining-hi-tech"),
    *("hejiang-lingang", "chuanyu-gaozhu", "kaijiang-edz", "deyang-etdz"),
}
PAIRS = [
    ("liangjiang-yufu", "yibin-sanjiang"),
    ("jiangjin-industrial-park", "hejiang-lingang"),
    ("kaizhou-industrial-park", "kaijiang-edz"),
    ("konggang-industrial-park", "deyang-etdz"),
    ("tongnan-hi-tech", "suining-hi-tech"),
]
KINDS = {
    "zh-hans": {"功能共建", "产业共建", "产业配套", "资源开发", "飞地经济"},
    "en": {
        "Functional co-construction",
        "Industrial co-construction",
        "Industrial supporting",
        "Resource development",
        "Enclave economy",
    },
}


@pytest.fixture(params=["zh-hans", "en"])
def reader(request, live_server, page):
    """A visitor in each language, after the batches and pairs were imported."""
    load_parks()
    return Person(page, live_server.url, request.param)


def choose_day(person, day):
    """Type the day into the list's filter and press Enter."""
    field = person.page.locator("main [name=as_of]")
    field.fill(day)
    field.press("Enter")
    person.page.wait_for_url(f"**as_of={day}**")


def slugs(person):
    """The parks of the list, in its order."""
    links = person.page.locator("table[aria-labelledby=h-parks], section[aria-labelledby=h-parks] tbody th a")
    return [re.search(r"/parks/([\w-]+)/", link.get_attribute("href"))[1] for link in links.all()]


def batch_rows(person):
    """The batches as the page tells them, cell by cell."""
    rows = person.page.locator("section[aria-labelledby=h-batches] tbody tr").all()
    return [[cell.inner_text().strip() for cell in row.locator("th, td").all()] for row in rows]


def test_c04_as_of_a_day_the_list_the_batches_and_the_map_agree(reader):
    reader.go("/")
    reader.follow("Parks", "header")
    choose_day(reader, "2021-06-01")

    early = slugs(reader)
    assert set(early) == FIRST_BATCH
    assert len(early) == 18
    assert [row[3:6] for row in batch_rows(reader)] == [["20", "18", "2"]]
    assert batch_rows(reader)[0][1:3] == (
        ["8 Jan 2021", "8 May 2021"] if reader.language == "en" else ["2021-01-08", "2021-05-08"]
    )
    expect(reader.page.locator(".lede")).to_contain_text("20")

    choose_day(reader, "2023-06-01")

    assert {"shehong-edz"} | FIRST_BATCH <= set(slugs(reader))
    assert [row[3:6] for row in batch_rows(reader)] == [["20", "18", "2"], ["15", "7", "8"]]
    expect(reader.page.locator(".lede")).to_contain_text("35")
    assert "as_of=2023-06-01" in reader.page.url

    tile = reader.page.locator("svg.chart a.tile", has_text="潼南" if reader.language != "en" else "Tongnan")
    tile.focus()
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**region=500152**")
    assert (slugs(reader), "as_of=2023-06-01" in reader.page.url) == (["tongnan-hi-tech"], True)


def test_c04_pairs_stand_on_both_pages_with_one_of_the_five_kinds(reader):
    for first, second in PAIRS:
        for here, other in ((first, second), (second, first)):
            reader.go(f"/parks/{here}/")
            row = reader.page.locator("section[aria-labelledby=h-partners] tbody tr", has=_link(reader, other)).first
            assert row.locator(".tag").first.inner_text() in KINDS[reader.language]

    reader.go("/parks/rongchang-hi-tech/")
    shehong = reader.page.locator("section[aria-labelledby=h-partners] tbody tr", has=_link(reader, "shehong-edz"))
    expect(shehong).to_contain_text("electronic information" if reader.language == "en" else "电子信息")
    reader.go("/parks/rongchang-hi-tech/?as_of=2021-06-01")
    expect(shehong).to_have_count(0)


def _link(person, slug):
    return person.page.locator(f"a[href$='/parks/{slug}/']")


def test_c04_gaozhu_stands_under_both_provinces_and_once_in_the_total(reader):
    reader.go("/parks/")
    everywhere = slugs(reader)
    assert (len(everywhere), everywhere.count("chuanyu-gaozhu")) == (25, 1)

    found = []
    for province in ("500000", "510000"):
        reader.choose("province", province)
        reader.press("Apply")
        reader.page.wait_for_url(f"**province={province}**")
        found.append(slugs(reader))

    assert all("chuanyu-gaozhu" in part for part in found)
    assert sum(map(len, found)) == len(everywhere) + 1


def test_c04_a_batch_is_not_called_complete_at_eighteen(live_server, browser_as):
    load_parks()
    page = browser_as(UserFactory(platform_admin=True, totp=True))

    page.goto(f"{live_server.url}/en/manage/parks/parkbatch/")
    page.locator("#result_list tbody tr", has_text="Jan").first.locator("input.action-select").check()
    page.locator("select[name=action]").select_option("complete")
    page.locator("button[name=index]").click()
    page.locator("input[type=submit].default").click()

    expect(page.locator("ul.messagelist .error")).to_contain_text("18")
    assert not ParkBatch.objects.get(number=1).is_complete


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_c04_a_posting_of_a_firm_in_jiangjin_stands_on_the_page_of_the_partner_park(live_server, browser_as, language):
    load_parks()
    firm = EnterpriseFactory(region=Region.objects.get(code="500116"))
    EnterpriseContactFactory(enterprise=firm)
    member = MembershipFactory(enterprise=firm, user__language=language).user
    buyer, today = Person(browser_as(member), live_server.url, language), timezone.localdate()
    title = "示例减震器 3000 件" if language != "en" else "Sample shock absorbers"

    buyer.go("/me/")
    buyer.post_need(
        title=title,
        node=("减震" if language != "en" else "shock", "MOTO.FRAME.FORK"),
        quantity="3000",
        region="500116",
        start=today.isoformat(),
        until=(today + timedelta(days=45)).isoformat(),
    )
    buyer.follow("Parks", "header")
    _link(buyer, "hejiang-lingang").first.click()

    section = buyer.page.locator("section[aria-labelledby=h-partner-jiangjin-industrial-park]")
    expect(section.locator("h2")).to_contain_text(buyer.word("Partner park:"))
    expect(section.get_by_role("link", name=title)).to_be_visible()
    section.get_by_role("link", name=title).click()
    buyer.page.wait_for_url(re.compile(r"/needs/\w{10}/"))


def test_c04_a_kind_changes_by_a_notice_only_and_the_past_keeps_its_kind(live_server, browser_as):
    load_parks()
    jiangjin = Park.objects.get(slug="jiangjin-industrial-park")
    page = browser_as(ParkAdministratorFactory(park=jiangjin).user)
    pair = ParkPartnership.objects.get(from_park=jiangjin, cooperation_type="industrial-co-construction")

    page.goto(f"{live_server.url}/en/manage/parks/parkpartnership/{pair.pk}/change/")
    page.locator("#id_cooperation_type").select_option("resource-development")
    page.locator("input[name=_save]").click()
    expect(page.locator(".errornote, .errorlist").first).to_be_visible()
    pair.refresh_from_db()
    assert (pair.cooperation_type, pair.ended_on) == ("industrial-co-construction", None)

    page.locator("#id_notice").fill("示例通知 2026-1")
    page.locator("#id_kind_from").fill("2026-01-05")
    page.locator("input[name=_save]").click()
    expect(page.locator("ul.messagelist .success")).to_be_visible()

    kinds = []
    for day in ("2025-12-31", "2026-01-05"):
        page.goto(f"{live_server.url}/en/parks/hejiang-lingang/?as_of={day}")
        kinds.append({tag.inner_text() for tag in page.locator("section[aria-labelledby=h-partners] .tag").all()})
    assert ["Industrial co-construction" in found for found in kinds] == [True, False]
    assert ["Resource development" in found for found in kinds] == [False, True]
