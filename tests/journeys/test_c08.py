"""Scenario C8, cluster targets: what was aimed at and by whom, and an actual figure with its source and day only."""

import pytest
from playwright.sync_api import expect

from matchmaking.insights.models import ClusterTarget
from matchmaking.insights.services.facts import load_facts
from tests.factories.accounts import UserFactory
from tests.journeys.steps import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
CLAIM = {
    "zh-hans": ("汽车产量达到300万辆", "汽车产值达到6000亿元", "一个万亿级产业集群"),
    "en": ("Three million vehicles", "output of 600 billion yuan", "One cluster at the one-trillion-yuan level"),
}
SIGNED = {"zh-hans": "2021年底", "en": "end of 2021"}
PRESS = {"zh-hans": ("2021-04-30", "2021-05-20"), "en": ("30 April 2021", "20 May 2021")}


def target_row(person, number=0):
    """A target's row of the ledger."""
    return person.page.locator("section[aria-labelledby=h-targets] tbody tr", has_text=CLAIM[person.language][number])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_c08_the_ledger_tells_targets_who_set_them_and_that_their_day_has_passed(live_server, page, language):
    load_facts()
    reader = Person(page, live_server.url, language)
    reader.go(f"{reader.prefix}/")
    reader.follow("Insights", "header")
    reader.follow("Public figures and targets", "main")

    for number in (0, 1):
        row = target_row(reader, number)
        expect(row).to_contain_text(reader.word("Due date passed, no sourced actual figure"))
        expect(row).to_contain_text("2025")
        expect(row).to_contain_text("iChongqing article")
        for words in PRESS[language]:
            expect(row).to_contain_text(words)
    expect(target_row(reader, 2)).to_be_visible()
    expect(reader.page.locator("section[aria-labelledby=h-targets]")).not_to_contain_text("%")

    with page.expect_navigation():
        target_row(reader, 0).locator("th a").click()
    expect(page.locator(".page-head")).to_contain_text(SIGNED[language])
    expect(page.locator("section[aria-labelledby=h-parties] tbody tr")).to_have_count(2)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_c08_an_actual_figure_needs_its_source_and_day_and_a_percentage_a_reason(live_server, browser_as, language):
    load_facts()
    admin = UserFactory(platform_admin=True, totp=True, language=language)
    person = Person(browser_as(admin), live_server.url, language)
    page = person.page
    person.go(f"{person.prefix}/manage/")
    page.locator("#content .model-clustertarget th a").click()
    page.locator("#result_list tbody tr", has_text="auto-vehicles-2025").locator("th a").click()

    page.locator("#id_actual_value").fill("2400000")
    page.locator("input[name=_save]").click()
    for field in ("actual_source", "actual_on"):
        expect(page.locator(f".field-{field} .errorlist")).to_be_visible()
    assert page.locator("#id_actual_value").input_value() == "2400000"
    page.locator("#id_actual_source").fill("示例统计公报")
    page.locator("#id_actual_on").fill("2026-03-01")
    page.locator("input[name=_save]").click()
    expect(page.locator("ul.messagelist .success")).to_be_visible()

    person.go(f"{person.prefix}/figures/")
    row = target_row(person, 0)
    for words in ("3000000", "2400000", "示例统计公报", person.word("A sourced actual figure is there")):
        expect(row).to_contain_text(words)
    expect(row).not_to_contain_text("%")

    person.go(f"{person.prefix}/manage/insights/clustertarget/")
    page.locator("#result_list tbody tr", has_text="auto-vehicles-2025").locator("th a").click()
    page.locator("#id_are_definitions_same").check()
    page.locator("input[name=_save]").click()
    expect(page.locator(".field-definitions .errorlist")).to_be_visible()
    page.locator("#id_definitions").fill("示例：两处均为年产量")
    page.locator("input[name=_save]").click()
    expect(page.locator("ul.messagelist .success")).to_be_visible()

    person.go(f"{person.prefix}/figures/")
    expect(row).to_contain_text("80.0%")
    expect(row).to_contain_text("示例：两处均为年产量")
    assert ClusterTarget.objects.get(code="auto-vehicles-2025").history.count() == 2
