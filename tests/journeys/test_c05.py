"""The toy maker of Longchang has more orders than lines (C5, D2): two partners and a line of its own in a rented hall,
in a real browser; one partner withdraws and the plan is filled anew.
"""

import re
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from playwright.sync_api import expect

from common.keeping import process_cache
from matchmaking.consortia.choices import State
from matchmaking.consortia.models import Overflow
from matchmaking.consortia.queries.overflows import plan_of
from matchmaking.consortia.services.settling import settle_consortia
from matchmaking.insights.services.flows.refreshing import refresh_flows
from matchmaking.partnerships.choices import State as Stage
from matchmaking.partnerships.models import Partnership
from reference.models import Region
from tests.factories.overflows import LONGCHANG, RONGCHANG, offered, overflowing
from tests.factories.parks import ParkFactory
from tests.journeys.steps import BOTH_LANGUAGES
from tests.journeys.test_accessibility import findings
from tests.journeys.test_b07_consortium import carry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WORD = "Confirmed overflow cases here"


def begin(maker):
    """From the workbench to the needs: the gap shows itself while it is typed."""
    maker.go("/me/")
    maker.follow("Overflow", "main")
    maker.follow("New overflow", "main")
    maker.page.locator("main [name=node_words]").press_sequentially("车缝加工")
    maker.page.locator("#node-list [role=option]").first.wait_for()
    maker.page.keyboard.press("ArrowDown")
    maker.page.keyboard.press("Enter")
    maker.fill("ordered", "40,000")
    maker.fill("own", "2.5万")
    expect(maker.page.locator("#gap")).to_contain_text("15,000")
    maker.choose("unit", "PCS")
    maker.fill("window_start", timezone.localdate().isoformat())
    maker.fill("weeks", "10")
    maker.fill("radius_km", "60")
    maker.choose("partners", "2")
    maker.fill("least_share", "20")
    maker.fill("floor_area", "2000")
    maker.fill("workers", "100")
    with maker.page.expect_navigation():
        maker.press("Post and plan")
    return Overflow.objects.get()


def plan_all(maker):
    """A share below the least one is refused; the remainder follows what is typed, and at 0 the partners are asked."""
    open_part = maker.page.locator("#remainder")
    expect(open_part).to_contain_text("2,000")
    maker.fill("own", "2000")
    expect(open_part).to_contain_text(maker.word("remainder %(open)s") % {"open": "0"})
    amounts = maker.page.locator("main input[name^=amount_]")
    amounts.nth(1).fill("2000")
    maker.fill("own", "4000")
    with maker.page.expect_navigation():
        maker.press("Ask these partners")
    expect(maker.main()).to_contain_text("3,000")
    amounts.nth(1).fill("4000")
    maker.fill("own", "2000")
    expect(maker.page.locator("#remainder")).to_contain_text(maker.word("remainder %(open)s") % {"open": "0"})
    with maker.page.expect_navigation():
        maker.press("Ask these partners")


def consent(person):
    """A partner follows its notice and consents to its own share."""
    person.go("/me/notices/")
    person.follow("You are asked to carry a part of a need", "main")
    with person.page.expect_navigation():
        person.press("Consent to this share")


def leave(person, plan):
    """A partner gives its share up for a reason."""
    person.go(f"/consortia/{plan.key}/")
    person.page.locator("main details summary").first.click()
    form = person.page.locator("main form[action$='/leave/']")
    form.locator("[name=reason]").nth(2).check()
    with person.page.expect_navigation():
        form.locator("button[type=submit]").click()


def cases(person, parks):
    """What the pages of both parks count."""
    process_cache.clear()
    told = []
    for park in parks:
        person.go(f"/parks/{park.slug}/")
        kpi = person.page.locator(".kpi", has_text=person.word(WORD)).locator("dd.v")
        told.append(kpi.inner_text())
    return told


def flow(person):
    """What the page of flows says of Longchang and Rongchang, county by county."""
    refresh_flows()
    person.go("/insights/flows/?by=region")
    with translation.override(person.language):
        names = {code: Region.objects.get(code=code).name for code in (LONGCHANG, RONGCHANG)}
    rows = [row.inner_text().split("\t") for row in person.page.locator("main table tbody tr").all()]
    return [row[2].strip() for row in rows if [row[0].strip(), row[1].strip()] == list(names.values())]


def rent(maker, overflow, host):
    """Premises and workers are suggested on the same page; the hall is asked by an ordinary interest."""
    maker.go(f"/overflow/{overflow.key}/")
    for name in ("premises", "workers"):
        place = maker.page.locator(f"section[aria-labelledby=h-{name}]")
        place.scroll_into_view_if_needed()
        expect(place).to_contain_text("示例安富")
    with maker.page.expect_navigation():
        maker.page.locator("section[aria-labelledby=h-premises] form button").first.click()
    assert Partnership.objects.filter(need=overflow.premises, capacity=host, state=Stage.INTERESTED).exists()


@BOTH_LANGUAGES
def test_orders_beyond_the_lines_become_a_plan_without_remainder(member, live_server):
    world = overflowing()
    hall = offered("示例安富厂房", "SVC.SPACE.WORKSHOP", 2000, "M2", subject="premises")
    offered("示例安富用工", "SVC.TALENT.SKILLED", 100, "PERSON", subject="talent")
    parks = [ParkFactory(regions=[Region.objects.get(code=code)]) for code in (RONGCHANG, LONGCHANG)]
    maker = member(world.owner)
    overflow = begin(maker)
    assert int(overflow.gap.quantity_amount) == 15_000
    plan_all(maker)
    plan = plan_of(overflow)
    shops = {shop.pk: member(seller) for shop, seller in zip(world.shops, world.sellers, strict=True)}
    held = list(plan.members.values_list("partnership__capacity", flat=True))
    consent(shops[held[0]])
    consent(shops[held[1]])
    plan.refresh_from_db()
    assert plan.state == State.COMPLETE

    leave(shops[held[1]], plan)
    maker.go("/me/notices/")
    maker.follow("A supplier has left the set: a part is open again", "main")
    expect(maker.main()).to_contain_text(
        maker.word("a partner has left, and its part is open again. Ask others, or let your own line take it.")
    )
    with maker.page.expect_navigation():
        maker.press("Ask, and keep this plan")
    third = next(key for key in shops if key not in held)
    consent(shops[third])
    rent(maker, overflow, hall)

    assert cases(maker, parks) == ["0", "0"]
    assert flow(maker) == []
    rows = Partnership.objects.filter(need=overflow.gap).exclude(state=Stage.FAILED).order_by("pk")
    keys = list(rows.values_list("key", "capacity"))
    assert sum(carry(maker, shops[capacity], key, plan) for key, capacity in keys) == Decimal(13_000)
    assert cases(maker, parks) == ["1", "1"]
    assert flow(maker) == ["<3"]
    assert settle_consortia() == 1

    own = f"/overflow/{overflow.key}/"
    maker.go(own)
    expect(maker.main()).to_contain_text(maker.word("remainder %(open)s") % {"open": "0"})
    assert findings(maker.page, live_server.url, [own, f"/en{own}", "/overflow/", "/en/overflow/"]) == {}
    told = [line for person in (maker, *shops.values()) for line in person.console]
    assert [line for line in told if re.search("Content Security Policy|Refused to", line)] == []


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_while_it_is_typed_planned_and_refused(member, live_server, width):
    world = overflowing()
    overflow = world.begin()
    maker = member(world.owner)
    maker.page.set_viewport_size({"width": width, "height": 900})
    pages = ["/overflow/new/", f"/overflow/{overflow.key}/"]
    assert findings(maker.page, live_server.url, [*pages, *(f"/en{page}" for page in pages)]) == {}
