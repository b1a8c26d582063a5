"""A car maker in Liangjiang needs a part that no supplier in Sichuan carries alone; three deliver it, in a real
browser: every act by click or key.
"""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from matchmaking.consortia.choices import State
from matchmaking.consortia.models import Consortium
from matchmaking.consortia.services.settling import settle_consortia
from matchmaking.partnerships.choices import OutcomeState
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Outcome, Partnership
from reference.models import ChainNode, Region, Unit
from tests.factories.accounts import PASSWORD, EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingFactory
from tests.journeys.steps import BOTH_LANGUAGES
from tests.journeys.test_accessibility import findings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NODE, TOTAL = "AUTO.BODY.CAST", 15_000
PRICE = "77.13"
ALONE = "No single supplier that meets all conditions can be counted on for %(amount)s %(unit)s."
SUPPLIERS = (("示例成都压铸", "510112", 6000), ("示例宜宾压铸", "511502", 5000), ("示例自贡压铸", "510302", 5000))


def posted(name, region, amount, **values):
    """A verified firm of the region with a posting in pieces, and its owner."""
    place = Region.objects.get(code=region)
    posting = PostingFactory(
        enterprise=EnterpriseFactory(name=name, region=place),
        region=place,
        node=ChainNode.objects.get(code=NODE),
        unit=Unit.objects.get(code="PCS"),
        quantity_amount=Decimal(amount),
        period="once",
        **values,
    )
    return posting, MembershipFactory(enterprise=posting.enterprise).user


def carry_out(person, act, choices=(), **values):
    """Fill in and send the form of one act on the page of a partnership."""
    form = person.page.locator(f"main form[action$='/deal/{act}/']")
    around = person.page.locator("main details", has=person.page.locator(f"form[action$='/deal/{act}/']"))
    if around.count() and around.first.get_attribute("open") is None:
        around.first.locator("summary").first.click()
    for name in choices:
        form.locator(f"input[name={name}]").first.check()
    for name, value in values.items():
        form.locator(f"[name={name}]").fill(value)
    with person.page.expect_navigation():
        form.locator("button[type=submit]").click()


def ask_together(buyer, need):
    """The buyer reads the proposed sets beside the matches and asks the first."""
    buyer.go(f"/needs/{need.number}/matches/")
    place = buyer.page.locator("section[aria-labelledby=together-h]")
    place.scroll_into_view_if_needed()
    expect(place).to_contain_text(buyer.word("remainder 0"))
    expect(place).to_contain_text(buyer.word(ALONE).split("%")[0])
    with buyer.page.expect_navigation():
        place.get_by_role("button", name=buyer.word("Ask these suppliers")).first.click()
    expect(buyer.main()).to_contain_text(buyer.word("remainder 0"))
    return Consortium.objects.get()


def consent(person, place):
    """A supplier follows its notice, reads no other member's name, and consents to its share."""
    person.go("/me/notices/")
    person.follow("You are asked to carry a part of a need", "main")
    assert [name for name, _region, _amount in SUPPLIERS if name in person.main().inner_text()] in (
        [],
        [SUPPLIERS[place][0]],
    )
    with person.page.expect_navigation():
        person.press("Consent to this share")


def carry(buyer, seller, key, consortium):
    """One share from agreement to an outcome that both tell; the quantity that the page proposed."""
    address = f"/partnerships/{key}/"
    buyer.go(f"/consortia/{consortium.key}/")
    with buyer.page.expect_navigation():
        buyer.page.locator(f"main a[href$='{address}']").click()
    amount = buyer.page.locator("main form[action$='/deal/propose/'] [name=quantity_amount]").input_value()
    carry_out(buyer, "propose")
    carry_out(buyer, "sign", secret=PASSWORD)
    seller.go(address)
    carry_out(seller, "sign", secret=PASSWORD)
    carry_out(seller, "deliver")
    buyer.go(address)
    carry_out(buyer, "take_delivery")
    for person in (buyer, seller):
        person.go(address)
        carry_out(person, "state_outcome", ("answer",), delivered_amount=amount)
    return int(amount)


def prices_stay_between_two(buyer, people, keys, consortium):
    """The second supplier's quote stands on the buyer's page, and on none that another member opens."""
    last = (timezone.localdate() + timedelta(days=20)).isoformat()
    people[1].go(f"/partnerships/{keys[1]}/")
    carry_out(people[1], "quote", unit_price=PRICE, lead_time_days="20", valid_until=last)
    buyer.go(f"/partnerships/{keys[1]}/")
    assert PRICE in buyer.text()
    for person, key in ((people[0], keys[0]), (people[2], keys[2])):
        for page in (f"/consortia/{consortium.key}/", f"/partnerships/{key}/", "/partnerships/", "/me/notices/"):
            person.go(page)
            assert PRICE not in person.text()
        person.go(f"/partnerships/{keys[1]}/")
        assert PRICE not in person.text(), "not found for who is no side of it"


@BOTH_LANGUAGES
def test_three_suppliers_carry_a_need_together(member, live_server):
    need, owner = posted("示例两江汽车", "500112", TOTAL, title="示例一体化压铸件", consortium_allowed=True)
    sellers = [posted(*told, capacity=True, title=f"{told[0]}产能")[1] for told in SUPPLIERS]
    buyer = member(owner)
    consortium = ask_together(buyer, need)

    people = [member(seller) for seller in sellers]
    for place, person in enumerate(people):
        consent(person, place)
    consortium.refresh_from_db()
    assert consortium.state == State.COMPLETE
    people[0].page.reload()
    shown = people[0].main().inner_text()
    assert [name for name, _region, _amount in SUPPLIERS[1:] if name not in shown] == []

    seats = {seller.pk: person for seller, person in zip(sellers, people, strict=True)}
    rows = Partnership.objects.filter(need=need).order_by("pk")
    prices_stay_between_two(buyer, people, [row.key for row in rows], consortium)
    keys = list(rows.values_list("key", "capacity__enterprise__memberships__user"))
    assert sum(carry(buyer, seats[user], key, consortium) for key, user in keys) == TOTAL
    assert set(Outcome.objects.values_list("state", flat=True)) == {OutcomeState.CONFIRMED}
    assert set(Partnership.objects.values_list("state", flat=True)) == {Stage.COMPLETED}
    assert settle_consortia() == 1

    buyer.go(f"/consortia/{consortium.key}/")
    expect(buyer.main()).to_contain_text(buyer.word("Delivered by all"))
    own, sets = f"/consortia/{consortium.key}/", f"/needs/{need.number}/suppliers/"
    pages = [own, sets, f"{sets}?own=2000"]
    assert findings(buyer.page, live_server.url, [*pages, *(f"/en{page}" for page in pages)]) == {}
    assert findings(people[0].page, live_server.url, [own, f"/partnerships/{keys[0][0]}/"]) == {}
    told = [line for person in (buyer, *people) for line in person.console]
    assert [line for line in told if re.search("Content Security Policy|Refused to", line)] == []


def test_who_carries_all_of_it_alone_stands_before_the_sets(member):
    need, owner = posted("示例两江汽车", "500112", TOTAL, title="示例一体化压铸件", consortium_allowed=True)
    for told in SUPPLIERS:
        posted(*told, capacity=True, title=f"{told[0]}产能")
    whole, _seller = posted("示例德阳压铸", "510603", 20_000, capacity=True, title="示例整单产能")
    buyer = member(owner)
    buyer.go(f"/needs/{need.number}/suppliers/")
    text = buyer.main().inner_text()
    assert 0 <= text.index(whole.enterprise.name) < text.index(SUPPLIERS[0][0])
