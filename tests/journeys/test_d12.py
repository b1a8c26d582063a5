"""D12: a small supplier who is told no, by keyboard alone: hears why in order, records a certificate, comes back."""

from typing import Any

import pytest

from accounts.models import EnterpriseCertificate
from reference.models import Certification, ChainNode, Unit
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory
from tests.journeys.test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_STEPS = 150


def focused(page: Any) -> dict[str, str]:
    """What has the focus: its name, address, text and label."""
    return page.evaluate(
        """() => { const at = document.activeElement; return {
            name: at.name || "", href: at.getAttribute("href") || "", text: at.textContent.trim(), id: at.id,
            told: (at.getAttribute("aria-describedby") || "").split(" ")
                .map(id => (document.getElementById(id) || {}).textContent || "").join(" "),
            ring: getComputedStyle(at).outlineStyle + getComputedStyle(at).boxShadow } }"""
    )


def tab_to(page: Any, wanted: Any) -> dict[str, str]:
    """Press Tab until something wanted has the focus."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        at = focused(page)
        if wanted(at):
            return at
    raise AssertionError("the keyboard does not reach it")


@pytest.fixture
def told_no() -> dict[str, Any]:
    """A capacity whose only need asks for a certificate that its firm does not hold."""
    node, unit = ChainNode.objects.get(code="AUTO.BODY.CAST"), Unit.objects.get(code="PCS")
    member = MembershipFactory(enterprise=EnterpriseFactory(), user=UserFactory(language="en"))
    capacity = PostingFactory(capacity=True, enterprise=member.enterprise, node=node, unit=unit, title="Castings")
    need = PostingFactory(node=node, unit=unit, title="Castings wanted", visibility="alias")
    PostingCertificateFactory(posting=need, certification=Certification.objects.get(code="IATF16949"))
    return {"user": member.user, "firm": member.enterprise, "capacity": capacity, "need": need}


def save_the_certificate(page: Any) -> None:
    """Save the form at first as it is, and then with what it misses."""
    submit = tab_to(page, lambda at: "Save the certificate" in at["text"])
    assert submit["text"]
    with page.expect_navigation():
        page.keyboard.press("Enter")
    wrong = page.locator("main form [aria-invalid=true]").first.get_attribute("name")
    bad = tab_to(page, lambda at: at["name"] == wrong)
    assert bad["told"].strip(), "the error is read with its field"
    assert "Error" in page.title()
    assert page.locator("[name=certification]").first.input_value() == "IATF16949", "nothing typed is lost"
    for name, value in (
        ("number", "SAMPLE-1"),
        ("issuer", "Sample issuer"),
        ("issued_on", "2026-01-01"),
        ("expires_on", "2031-01-01"),
    ):
        tab_to(page, lambda at, name=name: at["name"] == name)
        page.keyboard.type(value)
    tab_to(page, lambda at: "Save the certificate" in at["text"])
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_d12_told_no_records_a_certificate_by_keyboard_alone(live_server, browser_as, told_no):
    need, capacity = told_no["need"], told_no["capacity"]
    page, base = browser_as(told_no["user"]), live_server.url
    address = f"/en/capacities/{capacity.number}/matches/"
    assert findings(page, base, [address]) == {}
    assert page.locator("h1").count() == 1
    assert "Castings" in page.title()
    card = page.locator(f"#match-{need.number}")
    reasons = card.locator(".why ul.chips").first.locator("li").all_inner_texts()
    assert "A required certificate is missing" in reasons[0]
    assert need.enterprise.name not in page.content()

    link = tab_to(page, lambda at: "/certificates/new/" in at["href"] and "match-" in at["href"])
    assert "get" in link["text"].lower()
    assert "record" in link["text"].lower()
    assert link["ring"] != "nonenone"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("[name=certification]").first.input_value() == "IATF16949"
    assert focused(page)["name"] == "number"
    assert findings(page, "", [page.url]) == {}

    save_the_certificate(page)

    assert page.url == f"{base}{address}#match-{need.number}"
    told = page.locator("[role=status], [role=alert]").all_inner_texts()
    assert any("counts for matches once it is checked" in text for text in told)
    assert EnterpriseCertificate.objects.get(enterprise=told_no["firm"]).certification.code == "IATF16949"

    mirror = f"/en/matches/{capacity.number}/loosen/"
    assert findings(page, base, [mirror]) == {}
    link = tab_to(page, lambda at: "/certificates/new/" in at["href"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    back = tab_to(page, lambda at: at["text"] == "Back without saving")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert back["href"] in page.url == f"{base}{mirror}#loosenings"
