"""Three deals from the posting to an outcome that both sides confirm, in a real browser: a satellite plant, an exchange
of engineers between two institutes, hydrogen by the month. Every act by click or key, in the language of each side.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from common.keeping import process_cache
from matchmaking.partnerships.choices import OutcomeState, State
from matchmaking.partnerships.models import Agreement, Outcome, Partnership
from matchmaking.postings.models import Posting
from reference.models import ChainNode, Region, Unit
from tests.factories.accounts import PASSWORD, EnterpriseFactory, MembershipFactory
from tests.factories.overflows import LONGCHANG, RONGCHANG, offered, overflowing
from tests.factories.parks import ParkFactory
from tests.factories.postings import PostingFactory
from tests.journeys.test_accessibility import findings
from tests.journeys.test_b07_consortium import carry_out
from tests.journeys.test_c05 import begin, cases, rent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def party(name, region, language, *, node, unit, **values):
    """A posting of a verified firm, and its owner who reads ``language``."""
    place = Region.objects.get(code=region)
    firm = EnterpriseFactory(name=name, region=place, **values.pop("firm", {}))
    posting = PostingFactory(
        enterprise=firm,
        region=place,
        node=ChainNode.objects.get(code=node),
        unit=Unit.objects.get(code=unit),
        **values,
    )
    return posting, MembershipFactory(enterprise=firm, user__language=language).user


def ask_and_accept(buyer, seller, need, capacity):
    """The buyer presses on the match card, the seller answers from its workbench; gives the partnership's page."""
    buyer.go(f"/needs/{need.number}/matches/")
    buyer.express_interest(capacity.number)
    seller.open_waiting_partnership()
    seller.accept()
    return f"/partnerships/{Partnership.objects.get(need=need, capacity=capacity).key}/"


def agree(buyer, seller, page, **terms):
    """The buyer proposes and signs, the seller finds it on the workbench and signs; gives what is in force."""
    buyer.go(f"{page}")
    carry_out(buyer, "propose", **terms)
    carry_out(buyer, "sign", secret=PASSWORD)
    seller.go("/me/")
    with seller.page.expect_navigation():
        seller.page.locator("section[aria-labelledby=h-todo] a[href$='#agreement']").first.click()
    carry_out(seller, "sign", secret=PASSWORD)
    return Agreement.objects.get(partnership__key=page.split("/")[2])


def deliver(buyer, seller, page, times=1):
    """Each planned delivery is noted by the one side and accepted by the other."""
    for _ in range(times):
        seller.go(f"{page}")
        carry_out(seller, "deliver")
        buyer.go(f"{page}")
        carry_out(buyer, "take_delivery")


def tell(person, page, amount):
    """One side's statement: yes, so much."""
    person.go(f"{page}")
    carry_out(person, "state_outcome", ("answer",), delivered_amount=amount)


def is_confirmed(page, amount):
    """Whether both sides' words completed it with that amount."""
    row = Partnership.objects.get(key=page.split("/")[2])
    outcome = Outcome.objects.get(partnership=row)
    return (row.state, outcome.state, outcome.confirmed_amount) == (
        State.COMPLETED,
        OutcomeState.CONFIRMED,
        Decimal(amount),
    )


def test_a_satellite_plant_opens_and_counts_once_both_confirm(member):
    world = overflowing()
    hall = offered("示例安富厂房", "SVC.SPACE.WORKSHOP", 2000, "M2", subject="premises")
    offered("示例安富用工", "SVC.TALENT.SKILLED", 100, "PERSON", subject="talent")
    host = MembershipFactory(enterprise=hall.enterprise, user__language="en").user
    parks = [ParkFactory(regions=[Region.objects.get(code=code)]) for code in (RONGCHANG, LONGCHANG)]
    maker = member(world.owner)
    overflow = begin(maker)
    rent(maker, overflow, hall)
    seller = member(host, "en")
    seller.open_waiting_partnership()
    seller.accept()

    page = f"/partnerships/{Partnership.objects.get(capacity=hall).key}/"
    opens = timezone.localdate() + timedelta(days=21)
    agreement = agree(maker, seller, page, floor_area="2000", workers="100", opens_on=opens.isoformat())
    assert (agreement.floor_area, agreement.workers, agreement.opens_on) == (2000, 100, opens)
    expect(seller.main()).to_contain_text("100")
    deliver(maker, seller, page)
    tell(seller, page, "2000")
    assert cases(maker, parks) == ["0", "0"], "from one side alone no figure is made"
    tell(maker, page, "2000")
    assert is_confirmed(page, 2000)
    process_cache.clear()
    assert cases(maker, parks) != ["0", "0"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_two_institutes_exchange_engineers(member, live_server, language):
    talent = {"node": "SVC.TALENT.SKILLED", "unit": "PERSON", "subject": "talent", "period": "once"}
    institute = {"firm": {"kind": "institute"}}
    need, asker = party(
        "示例重庆研究院", "500116", language, title="示例：两名工艺工程师", quantity_amount=2, **talent, **institute
    )
    capacity, giver = party(
        "示例成都研究所", "510112", "zh-hans", title="示例：派驻工程师", quantity_amount=4, capacity=True, **talent,
        **institute,
    )  # fmt: skip
    buyer, seller = member(asker, language), member(giver, "zh-hans")
    page = ask_and_accept(buyer, seller, need, capacity)
    seller.page.locator("#contact [name=agreed]").check()
    with seller.page.expect_navigation():
        seller.page.locator("#contact form[action*=person_agreed] button").click()
    buyer.go(page)
    buyer.see_contact()
    agreement = agree(buyer, seller, page, people="2", months="6", mode="驻厂互派")
    assert (agreement.people, agreement.months, agreement.mode) == (2, 6, "驻厂互派")
    deliver(buyer, seller, page)
    for person in (seller, buyer):
        tell(person, page, "2")
    assert is_confirmed(page, 2)
    capacity.refresh_from_db()
    assert capacity.reserved_amount == 2
    for width in (1280, 390):
        buyer.page.set_viewport_size({"width": width, "height": 900})
        assert findings(buyer.page, f"{live_server.url}", [page, "/me/"]) == {}


def test_hydrogen_is_bought_by_the_month(member, live_server):
    day = timezone.localdate()
    hydrogen = {"node": "H2.PROD.ALK", "unit": "KG", "subject": "resource", "period": "month"}
    need, asker = party(
        "示例重庆加氢站", "500116", "zh-hans", title="示例：加氢站用氢", quantity_amount=3000, **hydrogen
    )
    capacity, giver = party(
        "示例攀枝花制氢", "510402", "en", title="示例：电解水制氢", quantity_amount=8000, capacity=True, **hydrogen
    )
    buyer, seller = member(asker), member(giver, "en")
    page = ask_and_accept(buyer, seller, need, capacity)
    lots = [day + timedelta(days=30 * n) for n in (1, 2, 3)]
    plan = "\n".join(f"{one.isoformat()}, 示例第 {n} 批, 3000" for n, one in enumerate(lots, 1))
    agreement = agree(
        buyer, seller, page, starts_on=day.isoformat(), ends_on=lots[-1].isoformat(), quantity_amount="3000", plan=plan
    )
    assert (agreement.period, agreement.milestones.count()) == ("month", 3)
    seller.go(f"/en/capacities/{capacity.number}/")
    months = seller.page.locator("main table", has_text="3,000").first
    expect(months).to_contain_text("5,000")
    buyer.go(f"/needs/{need.number}/")
    expect(buyer.main()).to_contain_text(buyer.word("Still open"))

    deliver(buyer, seller, page, times=3)
    for person in (seller, buyer):
        tell(person, page, "9000")
    assert is_confirmed(page, 9000)
    assert Posting.objects.get(pk=need.pk).quantity_amount == 3000
    assert findings(seller.page, f"{live_server.url}/en", [page, f"/capacities/{capacity.number}/"]) == {}
