"""Pages of accounts in a real browser: nothing for axe to find, and the first steps by click and key."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts.models import Enterprise, EnterpriseCertificate, Site
from tests.factories.accounts import (
    PASSWORD,
    EnterpriseCertificateFactory,
    EnterpriseContactFactory,
    EquipmentFactory,
    InvitationFactory,
    MembershipFactory,
    NoticeFactory,
    SiteFactory,
    UserFactory,
    sample_uscc,
    totp_code,
)
from tests.factories.postings import PostingFactory
from tests.journeys.steps import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OPEN = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
BEHIND = [
    "/me/",
    "/me/settings/",
    "/me/notices/",
    "/me/enterprise/",
    "/me/members/",
    "/me/sites/",
    "/me/sites/{site}/",
    "/me/certificates/",
    "/me/certificates/{certificate}/",
    "/enterprises/new/",
    "/enterprises/join/",
    "/enterprises/{key}/",
    "/accounts/email/",
    "/accounts/2fa/",
]


def findings(page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{violation['id']}: {violation['nodes'][0]['html'][:120]}" for violation in found]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_axe_finds_nothing_on_the_pages_of_signing_in(prefix, live_server, page):
    assert {
        address: findings(page) for address in OPEN if page.goto(f"{live_server.url}{prefix}{address}")
    } == dict.fromkeys(OPEN, [])


WITH_CODE = [
    "/accounts/2fa/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/password/change/",
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_the_pages_of_a_second_factor(language, live_server, page, browser_as):
    reader = Person(page, live_server.url, language)
    with_code = UserFactory(totp=True, language=language)
    reader.go("/accounts/login/")
    reader.fill("login", with_code.email)
    reader.fill("password", PASSWORD)
    reader.press("Sign in")
    page.wait_for_url("**/accounts/2fa/authenticate/**")
    found = {page.url: findings(page)}
    reader.fill("code", totp_code(time.time()))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(me|enterprises/\w+)/"))
    for address in WITH_CODE:
        reader.go(address)
        if address not in page.url:  # whoever signed in a while ago shows once more who it is
            found[page.url] = findings(page)
            reader.fill("password", PASSWORD)
            page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")
        found[address] = findings(page)
    without = browser_as(UserFactory(language=language))
    other = Person(without, live_server.url, language)
    other.go("/accounts/2fa/totp/activate/")
    found[without.url] = findings(without)

    assert {address: told for address, told in found.items() if told} == {}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_axe_finds_nothing_on_the_pages_of_a_firm(prefix, live_server, browser_as):
    owner = MembershipFactory()
    EnterpriseContactFactory(enterprise=owner.enterprise)
    EquipmentFactory(site=SiteFactory(enterprise=owner.enterprise))
    EnterpriseCertificateFactory(enterprise=owner.enterprise)
    MembershipFactory(enterprise=owner.enterprise, requested=True)
    InvitationFactory(enterprise=owner.enterprise)
    PostingFactory(enterprise=owner.enterprise)
    NoticeFactory(reader=owner.user)
    page = browser_as(owner.user)
    filled = [
        address.format(
            site=Site.objects.get().pk, certificate=EnterpriseCertificate.objects.get().pk, key=owner.enterprise.key
        )
        for address in BEHIND
    ]

    assert {
        address: findings(page) for address in filled if page.goto(f"{live_server.url}{prefix}{address}")
    } == dict.fromkeys(filled, [])


def test_a_person_signs_in_and_registers_their_enterprise(live_server, page):
    person = UserFactory(english=True)
    page.goto(f"{live_server.url}/en/accounts/login/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Register an enterprise").first.click()

    page.get_by_label("Unified social credit code").fill("91510100MA0000000X")
    page.get_by_label("Registered name").fill("Sample Works")
    page.get_by_label("Region of the seat").select_option(index=1)
    page.get_by_label("Contact person").fill("Sample Person")
    page.get_by_label("Contact phone").fill("13800000000")
    page.get_by_role("button", name="Register").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))

    page.get_by_label("Unified social credit code").fill(sample_uscc(7_300_000))
    page.get_by_role("button", name="Register").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Workbench")
    assert Enterprise.objects.get().name == "Sample Works"
