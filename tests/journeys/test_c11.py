"""Scenario C11, agreements: parties, tasks, what is counted for them here, the need that one helps, and what stays."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from common.keeping import process_cache
from matchmaking.insights.choices import FlowKind
from matchmaking.insights.models import AgreementParty, Flow, FrameworkAgreement
from matchmaking.insights.services.facts import load_facts
from reference.models import ChainNode
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.insights import FrameworkAgreementFactory
from tests.factories.postings import PostingFactory
from tests.journeys.steps import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NAME = {
    "zh-hans": "川渝共建世界级汽车产业集群战略合作协议",
    "en": "Strategic agreement on a world-class automobile cluster",
}
TASKS = {"zh-hans": ("供应商对接", "规划衔接"), "en": ("Supplier matching", "Planning synchronisation")}
FIELDS = {"zh-hans": ("规划", "技术"), "en": ("planning", "technology")}


@pytest.fixture(params=["zh-hans", "en"])
def language(request):
    """Either language, after the ledger was loaded and eight outcomes of the automobile chain were confirmed."""
    load_facts()
    Flow.objects.create(kind=FlowKind.CONFIRMED, level=1, need="500000", supply="510000", chain="AUTO", cases=8)
    process_cache.clear()
    return request.param


def task_row(person, number):
    """A task's row on the agreement's page."""
    return person.page.locator("section[aria-labelledby=h-tasks] tbody tr", has_text=TASKS[person.language][number])


def test_c11_an_agreement_tells_parties_fields_and_tasks_with_live_counts(live_server, page, language):
    reader = Person(page, live_server.url, language)
    reader.go(f"{reader.prefix}/")
    reader.follow("Insights", "header")
    reader.follow("Framework agreements", "main")
    expect(page.locator("section[aria-labelledby=h-timeline] tbody tr").first).to_be_visible()
    page.locator("section[aria-labelledby=h-agreements]").get_by_role("link", name=NAME[language]).click()

    expect(page.locator("h1")).to_have_text(NAME[language])
    expect(page.locator("section[aria-labelledby=h-parties] tbody tr")).to_have_count(2)
    for words in FIELDS[language]:
        expect(page.locator("section[aria-labelledby=h-about]")).to_contain_text(words)
    expect(task_row(reader, 1)).to_contain_text(reader.word("No measure possible"))
    expect(task_row(reader, 1).locator("td a")).to_have_count(0)
    task_row(reader, 0).get_by_role("link", name="8", exact=True).click()

    page.wait_for_url("**chain=AUTO**")
    expect(page.locator("dl.kpis .v").first).to_have_text("8")


def test_c11_the_page_of_a_firms_need_shows_the_agreement_as_context(live_server, browser_as, language):
    member = MembershipFactory(user__language=language)
    node = ChainNode.objects.filter(code__startswith="AUTO.", is_leaf=True).order_by("code").first()
    need = PostingFactory(enterprise=member.enterprise, node=node)
    firm = Person(browser_as(member.user), live_server.url, language)

    firm.go(f"{firm.prefix}/needs/{need.number}/")
    firm.page.locator("section[aria-labelledby=h-agreements]").get_by_role("link", name=NAME[language]).click()

    expect(firm.page.locator("h1")).to_have_text(NAME[language])


def test_c11_an_expired_agreement_stays_readable_and_is_marked(live_server, page, language):
    over = timezone.localdate() - timedelta(days=1)
    row = FrameworkAgreementFactory(ends_on=over, cluster="automobiles-motorcycles")
    reader = Person(page, live_server.url, language)
    reader.go(f"{reader.prefix}/agreements/")

    listed = page.locator("section[aria-labelledby=h-agreements] tbody tr", has=page.locator(f"a[href*='{row.code}']"))
    expect(listed.locator(".tag-warn")).to_have_text(reader.word("Expired"))
    listed.locator("a").click()

    expect(page.locator(".page-head .tag-warn")).to_be_visible()
    expect(page.locator("section[aria-labelledby=h-about]")).to_contain_text(row.source)


def test_c11_a_party_is_not_removed_but_followed_by_another(live_server, browser_as, language):
    admin = UserFactory(platform_admin=True, totp=True, language=language)
    person = Person(browser_as(admin), live_server.url, language)
    page = person.page
    party = AgreementParty.objects.order_by("pk").first()
    agreement = FrameworkAgreement.objects.get()
    person.go(f"{person.prefix}/manage/")
    page.locator("#content .model-agreementparty th a").click()
    assert page.locator("select[name=action] option[value=delete_selected]").count() == 0
    page.locator("#result_list tbody th a", has_text=party.name_zh).click()
    expect(page.locator(".deletelink")).to_have_count(0)
    assert page.goto(f"{person.base}/manage/insights/agreementparty/{party.pk}/delete/").status == 403

    person.go(f"{person.prefix}/manage/insights/agreementparty/")
    page.locator(".object-tools .addlink").click()
    page.locator("#id_agreement").select_option(str(agreement.pk))
    page.locator("#id_name_zh").fill("示例新设部门")
    page.locator("#id_name_en").fill("Sample new department")
    page.locator("#id_follows").select_option(str(party.pk))
    page.locator("#id_source").fill("示例机构改革通知")
    page.locator("input[name=_save]").click()
    expect(page.locator(".field-since .errorlist")).to_be_visible()
    page.locator("#id_since").fill("2025-01-01")
    page.locator("input[name=_save]").click()
    expect(page.locator("ul.messagelist .success")).to_be_visible()

    person.go(f"{person.prefix}/agreements/{agreement.code}/")
    rows = page.locator("section[aria-labelledby=h-parties] tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text=party.name_en if language == "en" else party.name_zh).first).to_contain_text(
        "Sample new department" if language == "en" else "示例新设部门"
    )
