"""A package in a real browser: a spreadsheet with two wrong rows, put right, published, quoted by two, awarded."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from accounts.imports.writing import as_workbook
from matchmaking.partnerships.models import Agreement, Quote, Rfq
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.matchmaking.partnerships.packages import supplier

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
HEAD = ["own number", "title", "chain node", "quantity", "unit"]
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 390)


def rows(numbers, **wrong):
    """Rows of a spreadsheet; ``wrong`` names what stands in row 5 and row 12."""
    told = [[f"P-{n}", f"示例铸件 {n}", "AUTO.BODY.CAST", 100 * n, "PCS"] for n in numbers]
    for row in told:
        if wrong and row[0] == "P-5":
            row[3] = wrong["quantity"]
        if wrong and row[0] == "P-12":
            row[4] = wrong["unit"]
    return told


def file(name, told):
    """What a person chooses to upload."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": as_workbook(HEAD, told)}


def is_accessible(person):
    """Whether axe finds nothing on the open page, wide and narrow, and nothing runs out of it."""
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 900})
        told = Axe().run(person.page, options={"runOnly": {"type": "tag", "values": TAGS}})
        found = [(one["id"], one["nodes"][0]["html"][:200]) for one in told.response["violations"]]
        assert found == []
        assert person.page.evaluate("document.documentElement.scrollWidth") <= width
    person.page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def bring(person, upload):
    """Upload a file on the page of the draft."""
    person.follow("From a spreadsheet", "main")
    person.page.locator("main input[type=file]").set_input_files(upload)
    person.press("Check the lines")
    person.page.locator("#h-outcome").wait_for()


def take_over(person):
    """Say yes to the rehearsed rows."""
    with person.page.expect_navigation():
        person.main().locator("form[action*='/lines/'] button.btn-main").click()


def make_package(person, *, title):
    """Begin a package and fill it: twenty lines, two of them wrong at first."""
    person.go("/packages/")
    person.follow("New package", "main")
    person.fill("title", title)
    person.fill("due_on", (timezone.localdate() + timedelta(days=7)).isoformat())
    person.fill("window_start", timezone.localdate().isoformat())
    person.fill("window_end", (timezone.localdate() + timedelta(days=120)).isoformat())
    is_accessible(person)
    person.press("Save the draft")
    person.page.wait_for_url(re.compile(r"/packages/\w{10}/$"))
    bring(person, file("lines.xlsx", rows(range(1, 21), quantity="many", unit="xyz")))
    table = person.main().locator("table").inner_text()
    assert "many" in table
    assert "xyz" in table
    is_accessible(person)
    take_over(person)
    bring(person, file("rest.xlsx", rows([5, 12])))
    take_over(person)
    assert person.main().locator("tr[id^='line-']").count() == 20
    is_accessible(person)


def quote(person, rfq, prices):
    """Quote lines by their place on the page of the package."""
    person.go(f"/packages/{rfq.key}/")
    is_accessible(person)
    for place, price in prices.items():
        person.main().locator("input[name^='price_']").nth(place - 1).fill(price)
    person.press("Send the quotes")
    person.main().locator("tr a[href*='/partnerships/']").first.wait_for()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_spreadsheet_becomes_awards(someone, language):
    firm = EnterpriseFactory(verification="verified")
    owner = MembershipFactory(enterprise=firm, user__language=language).user
    buyer = someone(language)
    buyer.sign_in(owner.email)
    make_package(buyer, title="示例年度铸件")
    with buyer.page.expect_navigation():
        buyer.press("Publish all lines and ask for quotes")
    rfq = Rfq.objects.get()
    assert Posting.objects.filter(rfq_lines__rfq=rfq, status=Status.PUBLISHED).count() == 20
    first, second, *_rest = rfq.lines.select_related("need__node", "need__unit").order_by("position")
    for need, prices in ((first.need, {1: "7.5", 3: "6"}), (second.need, {2: "9", 3: "5.5"})):
        seller = someone(language)
        member = supplier(need)
        type(member.user).objects.filter(pk=member.user.pk).update(language=language)
        seller.sign_in(member.user.email)
        quote(seller, rfq, prices)
        assert "5.5" not in seller.text() or prices[3] == "5.5"
    assert Quote.objects.count() == 4
    buyer.go(f"/packages/{rfq.key}/")
    is_accessible(buyer)
    awards = buyer.main().locator("input[name^='award_']")
    assert awards.count() == 4
    for place, amount in ((0, "100"), (1, "200"), (2, "100"), (3, "200")):
        awards.nth(place).fill(amount)
    buyer.press("Propose the award")
    buyer.page.wait_for_url(re.compile(r"/packages/\w{10}/\?$"))
    amounts = Agreement.objects.order_by("pk").values_list("quantity_amount", flat=True)
    assert sorted(amounts) == [Decimal(100), Decimal(100), Decimal(200), Decimal(200)]
