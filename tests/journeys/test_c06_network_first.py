"""C6: a buyer asks its own network first for five days; a member answers, an outsider sees nothing until the days are
over, and who leaves sees no more of what still waits, in a real browser.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import NetworkMembership
from matchmaking.matching.services.snapshots import build_snapshot
from matchmaking.partnerships.models import Partnership
from matchmaking.postings.models import Posting
from matchmaking.postings.services.life import expire_postings
from reference.models import ChainNode, Region, Unit
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingFactory
from tests.journeys.steps import BOTH_LANGUAGES
from tests.journeys.test_accessibility import findings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TITLE, DAYS = "示例冲压侧围板", 5
NODE, PLACE = "AUTO.BODY.STAMP", "500116"


def supplier(name):
    """A firm with a capacity of stampings."""
    owner = MembershipFactory(enterprise=EnterpriseFactory(name=name, region=Region.objects.get(code=PLACE)))
    PostingFactory(
        capacity=True,
        title=f"{name}产能",
        enterprise=owner.enterprise,
        region=owner.enterprise.region,
        node=ChainNode.objects.get(code=NODE),
        unit=Unit.objects.get(code="PCS"),
    )
    return owner


def invite(buyer, firm):
    """From the workbench to the page of the network: the firm is asked by its credit code."""
    buyer.go("/me/members/")
    with buyer.page.expect_navigation():
        buyer.page.locator("main a[href$='/network/']").first.click()
    buyer.fill("firm", firm.uscc)
    with buyer.page.expect_navigation():
        buyer.press("Ask the firm")
    expect(buyer.main()).to_contain_text(buyer.word("Waiting for the other firm"))


def accept(person):
    """The invited firm follows its notice, reads what each may see, and accepts."""
    person.go("/me/notices/")
    person.follow("A firm asks you about its network or yours", "main")
    person.main().locator("details summary").first.click()
    expect(person.main()).to_contain_text(person.word("Prices, contact data, files and talks are no part of it."))
    with person.page.expect_navigation():
        person.press("Accept")


def post(buyer):
    """The form asks for the days; the preview and the page say until when."""
    buyer.go("/needs/new/")
    buyer.fill("title", TITLE)
    buyer.pick_node("冲压", NODE)
    buyer.choose("subject", "component")
    buyer.fill("quantity", "5000")
    buyer.choose("unit", "PCS")
    buyer.choose("period", "month")
    buyer.choose("region", PLACE)
    buyer.fill("network_first_days", str(DAYS))
    buyer.post()  # waits for the posting's page: the draft's own address, once it is kept, is a navigation too
    need = Posting.objects.get(title=TITLE)
    assert need.opens_on == timezone.localdate() + timedelta(days=DAYS)
    expect(buyer.page.locator("#network-first")).to_contain_text(buyer.word("Open it to everybody now"))
    return need


def finds(person, need):
    """Whether the list, the search and the address of its page show the need."""
    told = []
    for address in ("/needs/", f"/needs/?q={TITLE}"):
        person.go(address)
        told.append(person.main().locator(f"a[href$='/needs/{need.number}/']").count() > 0)
    answer = person.page.goto(f"{person.base}{person.prefix}/needs/{need.number}/")
    return [*told, answer.status == 200]


def five_days_later(need):
    """The same moment for the posting as when its days are over, and the night after."""
    moved = timedelta(days=DAYS)
    Posting.objects.filter(pk=need.pk).update(
        opens_on=need.opens_on - moved, published_at=need.published_at - moved, confirmed_on=need.confirmed_on - moved
    )
    assert expire_postings().opened == 1


@BOTH_LANGUAGES
def test_a_buyers_own_network_is_asked_first_and_then_everybody(member, live_server):
    owner = MembershipFactory(enterprise=EnterpriseFactory(name="示例长江汽车", region=Region.objects.get(code=PLACE)))
    inside, leaving, outside = (supplier(name) for name in ("示例网内冲压", "示例离网冲压", "示例网外冲压"))
    build_snapshot()
    buyer, guest = member(owner.user), member(inside.user)
    for person, firm in ((guest, inside), (member(leaving.user), leaving)):
        invite(buyer, firm.enterprise)
        accept(person)
    stranger, leaver = member(outside.user), member(leaving.user)

    need = post(buyer)
    assert [finds(one, need) for one in (guest, leaver, stranger)] == [[True] * 3, [True] * 3, [False] * 3]

    guest.go("/me/notices/")
    guest.follow("A firm in whose network you are asks you first", "main")
    expect(guest.page.locator("#network-first")).to_be_visible()
    with guest.page.expect_navigation():
        guest.press("Express interest")
    assert Partnership.objects.get(need=need).capacity.enterprise == inside.enterprise

    leaver.go("/network/")
    with leaver.page.expect_navigation():
        leaver.press("Leave")
    assert finds(leaver, need) == [False] * 3
    assert NetworkMembership.objects.get(supplier=leaving.enterprise).state == "ended"
    assert findings(guest.page, live_server.url, ["/network/", f"/needs/{need.number}/"]) == {}

    five_days_later(need)
    assert [finds(one, need) for one in (stranger, leaver)] == [[True] * 3] * 2
    stranger.go(f"/needs/{need.number}/")
    expect(stranger.page.locator("#network-first")).to_have_count(0)
