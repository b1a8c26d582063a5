"""Scenario C10, talent: days of an expert whom nobody is told by name until both firms and the expert agree."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.partnerships.choices import Act
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.models import Posting
from reference.models import Region
from tests.factories.accounts import EnterpriseContactFactory, EnterpriseFactory, MembershipFactory
from tests.journeys.steps import BOTH_LANGUAGES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
EXPERT, PHONE = "示例专家甲", "13800000051"
LEVELS = {
    "zh-hans": {"title": "副高级", "card": "B卡", "mode": "共享岗位", "least": "中级"},
    "en": {"title": "associate senior", "card": "card B", "mode": "shared post", "least": "intermediate"},
}


def reason_given(language):
    """Why they match, as a card begins a sentence."""
    return re.compile(re.escape(text_of(Reason.FIT_PARAMETER_ALL, language)), re.IGNORECASE)


def member_of(name, region, **contact):
    """The owner of a firm at a place, with whom to reach there."""
    enterprise = EnterpriseFactory(name=name, region=Region.objects.get(code=region))
    EnterpriseContactFactory(enterprise=enterprise, **contact)
    return MembershipFactory(enterprise=enterprise).user


def post_people(person, press, title, days, region, parameters):
    """From the page of talent to a posting of so many days a month."""
    person.go("/talent/")
    person.follow(press, "main")
    person.fill("title", title)
    person.pick_node("工程师共享", "SVC.TALENT.ENGINEER")
    person.choose("subject", "talent")
    person.fill("quantity", str(days))
    person.choose("unit", "PD")
    person.choose("period", "month")
    person.fill("window_start", timezone.localdate().isoformat())
    person.fill("window_end", (timezone.localdate() + timedelta(days=200)).isoformat())
    person.choose("region", region)
    rows = person.page.locator("#parameters [data-row]")
    for at, (code, operator, value) in enumerate(parameters):
        rows.nth(at).locator("[name=parameter]").select_option(code)
        rows.nth(at).locator("[name=parameter_operator]").select_option(operator)
        rows.nth(at).locator("[name=parameter_value]").fill(value)
    person.press("Post and start matching")
    person.page.wait_for_url(re.compile(r"/(needs|capacities)/\w{10}/"))
    return Posting.objects.get(title=title)


def add_card(person, offered, card):
    """The firm that offers adds a card for which there is no rule of recognition."""
    person.go(f"/postings/{offered.number}/edit/")
    row = person.page.locator("#parameters [data-row]").nth(2)
    row.locator("[name=parameter]").select_option("talent_card")
    row.locator("[name=parameter_value]").fill(card)
    person.press("Save changes")
    expect(person.main()).to_contain_text(card)


def read_as_visitor(reader, offered, title):
    """The page of talent and that of the posting: level and marks, nobody's name or telephone number."""
    reader.go("/talent/")
    shown = reader.page.locator("section[aria-labelledby=h-people] li", has_text=offered.title)
    expect(shown).to_contain_text(title)
    expect(shown.locator(".tag-ok")).to_have_text(reader.word("recognised in both"))
    expect(shown.locator(".tag-ok")).to_have_attribute("title", re.compile("Chongqing Daily"))
    expect(shown.locator(".tag-warn")).to_have_count(1)
    assert (EXPERT in reader.text(), PHONE in reader.text()) == (False, False)
    reader.follow(offered.title, "main")
    assert (EXPERT in reader.text(), PHONE in reader.text()) == (False, False)


def record_consent(person, partnership):
    """Without the tick nothing is recorded; with it the day is."""
    form = person.page.locator("#contact form[action*=person_agreed]")
    form.locator("button").click()
    expect(person.page.locator("#contact .field-error, #contact .error, #contact .err").first).to_be_visible()
    assert not partnership.events.filter(act=Act.PERSON_AGREED).exists()
    form.locator("[name=agreed]").check()
    form.locator("button").click()
    expect(form).to_have_count(0)
    assert partnership.events.filter(act=Act.PERSON_AGREED).count() == 1


@BOTH_LANGUAGES
def test_c10_an_expert_for_days_a_month_across_the_border(member, someone, language):
    words = LEVELS[language]
    deyang = member(member_of("示例德阳装备", "510600", person=EXPERT, phone=PHONE))
    jiangjin = member(member_of("示例江津铸造", "500116", person="示例采购", phone="13800000052"))
    told = [("title_grade", "ge", words["title"]), ("exchange_mode", "eq", words["mode"])]
    offered = post_people(deyang, "Offer people", "示例热处理专家，每月4天", 4, "510600", told)
    add_card(deyang, offered, words["card"])
    read_as_visitor(someone(language), offered, words["title"])

    asked = [("title_grade", "ge", words["least"]), ("exchange_mode", "eq", words["mode"])]
    post_people(jiangjin, "Seek people", "示例铸造厂需要热处理专家两天", 2, "500116", asked)
    expect(jiangjin.card_of(offered.number)).to_contain_text(reason_given(language))
    jiangjin.express_interest(offered.number)
    deyang.open_waiting_partnership()
    deyang.press("Accept and be introduced")
    deyang.page.locator("#contact form[action*=person_agreed]").wait_for()

    partnership = Partnership.objects.get(capacity=offered)
    jiangjin.go(f"/partnerships/{partnership.key}/")
    waits = "The other firm asks the people whom it offers first. You are told as soon as they have agreed."
    expect(jiangjin.page.locator("#contact")).to_contain_text(jiangjin.word(waits))
    expect(jiangjin.page.locator("#contact button")).to_have_count(0)
    assert PHONE not in jiangjin.text()
    record_consent(deyang, partnership)

    jiangjin.go(f"/partnerships/{partnership.key}/")
    seen = jiangjin.see_contact()
    assert (EXPERT in seen, PHONE in seen) == (True, True)
