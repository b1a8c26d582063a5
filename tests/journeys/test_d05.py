"""D5 with C6: a supplier manager brings 290 rows, decides on the doubtful ones, reads what has no second source, asks a
firm into her network, brings the file again, and takes the list home, in a real browser.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.imports.writing import as_workbook
from accounts.models import ListedFirm, NetworkMembership, SamenessDecision
from matchmaking.matching.services.snapshots import build_snapshot
from reference.models import ChainNode, Region, Unit
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingFactory
from tests.journeys.steps import BOTH_LANGUAGES
from tests.journeys.test_accessibility import findings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
HEAD = ("供应商编号", "供应商", "信用代码", "省份", "环节", "证书", "证书有效期至")
STAMPING, CASTING, SUSPENSION = "AUTO.BODY.STAMP", "AUTO.BODY.CAST", "AUTO.CHASSIS.SUSP"
DOUBTFUL = 14
PAGES = ("/network/suppliers/", "/network/suppliers/map/", "/network/suppliers/papers/", "/network/suppliers/file/")


def rows(here):
    """270 suppliers, 62 of them in Sichuan and 9 without a place, one alone at its node, two papers that end soon, 20
    rows that are there twice; 14 of these spell the legal form otherwise.
    """
    soon = (timezone.localdate() + timedelta(days=40)).isoformat()
    places = ["四川"] * 62 + [""] * 9 + ["重庆"] * 150 + ["浙江"] * 49
    firms = [
        [f"V-{n:03d}", f"示例供应企业{n:03d}号有限公司", "", place, (STAMPING, CASTING)[n % 2], "", ""]
        for n, place in enumerate(places)
    ]
    firms[0][4] = SUSPENSION
    firms[1][2] = here.uscc
    for n in (2, 3):
        firms[n][5:] = ["IATF16949", soon]
    twice = [list(row) for row in firms[100:120]]
    for row in twice[:DOUBTFUL]:
        row[0], row[1] = "", row[1].replace("有限公司", "股份有限公司")
    return firms + twice


def bring(person, path):
    """From the page of the network to what the file would do."""
    person.go("/network/")
    person.follow("Suppliers and distributors", "main")
    person.follow("From a spreadsheet", "main")
    person.page.set_input_files("main input[type=file]", path)
    with person.page.expect_navigation():
        person.press("Check the file")


def take_in(manager, path):
    """She decides on each doubtful row, one of them being another firm, and takes the rows in."""
    bring(manager, path)
    page = manager.page
    expect(page.locator("#h-questions")).to_be_visible()
    questions = page.locator("fieldset")
    expect(questions).to_have_count(DOUBTFUL)
    for n in range(DOUBTFUL):
        questions.nth(n).get_by_role("radio").nth(0 if n else 1).check()
    with page.expect_navigation():
        manager.press("Keep the decisions")
    assert SamenessDecision.objects.filter(is_same=True).count() == DOUBTFUL - 1
    expect(page.locator("#h-questions")).to_have_count(0)
    with page.expect_navigation():
        page.locator("main form button.btn-main").first.click()
    assert ListedFirm.objects.count() == 271  # 270, and the one that she said is another firm
    expect(page.locator("main table").first).to_contain_text("62")


@BOTH_LANGUAGES
def test_a_supplier_manager_keeps_a_list_of_290_rows(member, live_server, tmp_path, language):
    place = Region.objects.get(code="500116")
    owner = MembershipFactory(enterprise=EnterpriseFactory(name="示例长江汽车", region=place))
    here = MembershipFactory(enterprise=EnterpriseFactory(name="示例供应企业001号有限公司"))
    second = PostingFactory(
        capacity=True,
        title="示例悬架件产能",
        region=Region.objects.get(code="510112"),
        node=ChainNode.objects.get(code=SUSPENSION),
        unit=Unit.objects.get(code="PCS"),
    )
    build_snapshot()
    path = tmp_path / "suppliers.xlsx"
    path.write_bytes(as_workbook(list(HEAD), rows(here.enterprise)))
    manager = member(owner.user)
    page = manager.page
    take_in(manager, path)
    bring(manager, path)
    expect(page.locator("#h-questions")).to_have_count(0)
    page.go_back()

    manager.go("/network/suppliers/papers/")
    expect(page.locator("main tbody tr")).to_have_count(2)
    manager.go("/network/suppliers/map/")
    alone = page.locator("#h-nodes + *, section[aria-labelledby=h-nodes]").first
    expect(alone).to_contain_text(manager.word("No second source"))
    with page.expect_navigation():
        page.locator("section[aria-labelledby=h-nodes] a.btn").first.click()
    expect(manager.main()).to_contain_text(second.title)
    manager.follow("Post a need", "main")
    assert page.locator("main input[name=node]").input_value() == SUSPENSION

    row = ListedFirm.objects.get(firm=here.enterprise)
    manager.go(f"/network/suppliers/{row.key}/")
    with page.expect_navigation():
        manager.press("Ask it into the network")
    assert NetworkMembership.objects.get().supplier == here.enterprise
    with page.expect_download() as waiting:
        page.goto(f"{manager.base}{manager.prefix}/network/suppliers/")
        page.locator("main a[href$='/export/xlsx/']").click()
    assert waiting.value.suggested_filename.endswith(".xlsx")
    assert findings(page, live_server.url, [*PAGES, f"/network/suppliers/{row.key}/"]) == {}
    assert not [line for line in manager.console if "Content Security" in line]
