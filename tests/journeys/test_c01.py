"""C1: a car maker needs a stamped side panel; 5 of 12 suppliers fit, one gets and records the certificate, and half a
deal is confirmed by both, in a real browser. How many the others are together is not told: a total would tell what a
"<3" stands for (decision 0011).
"""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.choices import CheckState
from accounts.models import EnterpriseCertificate
from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.partnerships.choices import OutcomeState, State
from matchmaking.partnerships.models import Outcome, Partnership
from matchmaking.postings.models import Posting
from reference.models import Certification, ChainNode, Region, Unit
from tests.factories.accounts import (
    PASSWORD,
    EnterpriseCertificateFactory,
    EnterpriseContactFactory,
    EnterpriseFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.postings import PostingFactory
from tests.journeys.steps import BOTH_LANGUAGES
from tests.journeys.test_b07_consortium import carry_out
from tests.journeys.test_d04 import act, opened

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PAPER, NODE = "IATF16949", "AUTO.BODY.STAMP"
JIANGJIN, LONGQUAN, DEYANG, FAR_AWAY = "500116", "510112", "510603", "513332"
BUYER_PHONE, SELLER_PHONE = "13800000031", "13800000032"
DROPPED = {
    Reason.GAP_CERTIFICATE_MISSING: 2,
    Reason.GAP_STALE: 2,
    Reason.GAP_CAPACITY_BOOKED: 1,
    Reason.GAP_REGION_EXCLUDED: 1,
}


def first_of_march():
    """The next one."""
    today = timezone.localdate()
    return date(today.year + (today >= date(today.year, 3, 1)), 3, 1)


def supplier(name, region=LONGQUAN, *, certified=True, **values):
    """A verified firm with a capacity of stampings, by default with the certificate."""
    place = Region.objects.get(code=region)
    firm = values.pop("enterprise", None) or EnterpriseFactory(name=f"示例{name}冲压", region=place)
    if certified:
        paper = Certification.objects.get(code=PAPER)
        last = timezone.localdate() + timedelta(days=1000)
        EnterpriseCertificateFactory(enterprise=firm, certification=paper, state=CheckState.CHECKED, expires_on=last)
    return PostingFactory(
        capacity=True,
        title=f"示例{name}侧围产能",
        enterprise=firm,
        region=place,
        node=ChainNode.objects.get(code=NODE),
        unit=Unit.objects.get(code="PCS"),
        window_end=timezone.localdate() + timedelta(days=900),
        **values,
    )


@pytest.fixture
def twelve():
    """Five that fit, two without the certificate, two stale, one full, one too far, one suspended."""
    fit = [supplier(name, region) for name, region in zip("甲乙丙丁戊", [LONGQUAN] * 2 + [DEYANG] * 3, strict=True)]
    bare = [supplier(name, certified=False) for name in ("己", "庚")]
    others = [supplier(name, stale=True) for name in ("辛", "壬")]
    others.append(supplier("癸", reserved_amount=Decimal(12_000)))
    others.append(supplier("远", FAR_AWAY))
    suspended = EnterpriseFactory(name="示例停冲压", region=Region.objects.get(code=LONGQUAN), suspended=True)
    others.append(supplier("停", enterprise=suspended))
    EnterpriseContactFactory(enterprise=fit[0].enterprise, person="示例销售", phone=SELLER_PHONE)
    return fit, bare, others


@pytest.fixture
def maker():
    """The car maker's clerk."""
    firm = EnterpriseFactory(name="示例重庆整车", region=Region.objects.get(code=JIANGJIN))
    EnterpriseContactFactory(enterprise=firm, person="示例采购", phone=BUYER_PHONE)
    return MembershipFactory(enterprise=firm).user


def post(buyer):
    """5,000 a month from the first of March, within 800 km, with the certificate as a must; gives the need."""
    start = first_of_march()
    buyer.go("/me/")
    buyer.follow("Post a need", "header")
    buyer.fill("title", "示例侧围外板冲压件 5,000 件/月")
    buyer.pick_node("冲压", NODE)
    buyer.choose("subject", "component")
    buyer.fill("quantity", "5,000")
    buyer.choose("unit", "PCS")
    buyer.choose("period", "month")
    buyer.fill("window_start", start.isoformat())
    buyer.fill("window_end", (start + timedelta(days=183)).isoformat())
    buyer.choose("region", JIANGJIN)
    buyer.choose("region_preference", "radius")
    buyer.fill("radius_km", "800")
    box = buyer.page.locator(f"main input[name=certificates_must][value={PAPER}]")
    for summary in buyer.page.locator("main section[aria-labelledby=s4] summary").all():
        if not box.is_visible():
            summary.click()
    box.check()
    buyer.press("Post and start matching")
    buyer.page.wait_for_url(re.compile(r"/needs/\w{10}/"))
    return Posting.objects.get(enterprise__name="示例重庆整车")


def see_five_and_why_not_the_others(buyer, need, fit, others):
    """Exactly five with reasons; every other reason by its code with "<3", without names and without a total."""
    buyer.go(f"/needs/{need.number}/matches/")
    expect(buyer.page.locator("#matches-count")).to_contain_text("5")
    cards = buyer.page.locator("article.match:has(.score-ring)")
    assert {card.get_attribute("id") for card in cards.all()} == {f"match-{one.number}" for one in fit}
    assert all(card.locator(".chip-why").count() for card in cards.all())
    why = buyer.page.locator("details", has_text=buyer.word("Why others are not listed"))
    why.locator("summary").click()
    rows = why.locator("li").all_inner_texts()
    words = {reason: re.split("[：:]", text_of(reason, buyer.language))[0].lower() for reason in DROPPED}
    told = {reason for reason in DROPPED for row in rows if words[reason] in row.lower()}
    assert (told, len(rows)) == (set(DROPPED), len(DROPPED))
    fewer = buyer.word("fewer than 3 firms")
    assert [row for row in rows if fewer not in row or re.search(r"\b[012456]\b", row.replace(fewer, ""))] == []
    assert [one.enterprise.name for one in others if one.enterprise.name in why.inner_text()] == []
    assert "示例停冲压" not in buyer.text(), "who is suspended is neither shown nor counted"


def get_and_record(person, capacity, need):
    """One without the certificate is told to get and record it, never to tick it, and records the one that it got."""
    person.go(f"/capacities/{capacity.number}/matches/")
    card = person.card_of(need.number)
    link = card.locator("a[href*='/certificates/new/']").first
    told = {"zh-hans": ("取得", "登记"), "en": ("get", "record")}[person.language]
    assert all(word in link.inner_text().lower() for word in told)
    with person.page.expect_navigation():
        link.click()
    assert person.page.locator("main [name=certification]").input_value() == PAPER
    today = timezone.localdate()
    person.fill("number", "SAMPLE-C1")
    person.fill("issuer", "示例认证机构")
    person.fill("issued_on", (today - timedelta(days=3)).isoformat())
    person.fill("expires_on", (today + timedelta(days=900)).isoformat())
    with person.page.expect_navigation():
        person.press("Save the certificate")


def check(admin):
    """An administrator says that the certificate was found at its issuer."""
    paper = EnterpriseCertificate.objects.get(number="SAMPLE-C1")
    opened(admin, "enterprisecertificate")
    act(admin, "mark_checked", "SAMPLE-C1")
    paper.refresh_from_db()
    assert paper.state == CheckState.CHECKED


def meet(buyer, seller, capacity, need):
    """Interest and acceptance: contact data stand on no page before, and on both now."""
    buyer.go(f"/needs/{need.number}/matches/")
    buyer.express_interest(capacity.number)
    assert SELLER_PHONE not in buyer.text()
    seller.open_waiting_partnership()
    assert BUYER_PHONE not in seller.text()
    seller.accept()
    assert BUYER_PHONE in seller.see_contact()
    buyer.go("/partnerships/")
    buyer.follow(capacity.enterprise.name, "main")
    assert SELLER_PHONE in buyer.see_contact()


def agree_and_deliver(buyer, seller, address):
    """3,000 of the 5,000 a month are agreed, delivered and told by both sides alike."""
    buyer.go(address)
    carry_out(buyer, "propose", quantity_amount="3000")
    carry_out(buyer, "sign", secret=PASSWORD)
    seller.go("/me/")
    with seller.page.expect_navigation():
        seller.page.locator("section[aria-labelledby=h-todo] a[href$='#agreement']").click()
    carry_out(seller, "sign", secret=PASSWORD)
    carry_out(seller, "deliver")
    buyer.go(address)
    carry_out(buyer, "take_delivery")
    for person in (buyer, seller):
        person.go(address)
        carry_out(person, "state_outcome", ("answer",), delivered_amount="18000")


def still_open(buyer, need):
    """What the need's own page says of what is agreed and what is open."""
    buyer.go(f"/needs/{need.number}/")
    facts = buyer.page.locator("main dl.kv", has_text=buyer.word("Still open")).last.inner_text()
    return "3,000" in facts and "2,000" in facts


@BOTH_LANGUAGES
def test_c01_a_car_maker_finds_five_then_six_and_keeps_the_rest_open(member, at_home, twelve, maker):
    fit, bare, others = twelve
    buyer = member(maker)
    need = post(buyer)
    assert (need.quantity_amount, need.radius_km, need.window_start) == (5000, 800, first_of_march())
    see_five_and_why_not_the_others(buyer, need, fit, [*bare, *others])

    get_and_record(member(MembershipFactory(enterprise=bare[0].enterprise).user), bare[0], need)
    check(at_home(UserFactory(platform_admin=True, totp=True)))
    buyer.go(f"/needs/{need.number}/matches/")
    expect(buyer.page.locator("#matches-count")).to_contain_text("6")
    expect(buyer.card_of(bare[0].number).locator(".score-ring")).to_be_visible()

    seller = member(MembershipFactory(enterprise=fit[0].enterprise).user)
    meet(buyer, seller, fit[0], need)
    row = Partnership.objects.get()
    agree_and_deliver(buyer, seller, f"/partnerships/{row.key}/")
    row.refresh_from_db()
    assert (row.state, Outcome.objects.get().state) == (State.COMPLETED, OutcomeState.CONFIRMED)
    assert still_open(buyer, need)
    assert [line for line in buyer.console + seller.console if "Content Security Policy" in line] == []
