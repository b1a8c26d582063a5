"""Two firms write to each other, one shows a confidential drawing, both accept the agreement: in a real browser."""

import pytest

from accounts.models import User
from matchmaking.talks.models import FileLook, Message, SharedFile
from tests.factories.accounts import PASSWORD
from tests.factories.talks import drawn
from tests.journeys.test_accessibility import findings
from tests.matchmaking.partnerships.talks import Talks, talks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
DRAWING = {"name": "示例卡钳 C.pdf", "mimeType": "application/pdf"}


@pytest.fixture
def pair():
    made = talks()
    User.objects.filter(pk=made.seller.pk).update(language="en")
    return made


def accept_agreement(person, pair):
    person.go(f"/partnerships/{pair.partnership.key}/confidentiality/")
    person.fill("secret", PASSWORD)
    person.press("Accept for my firm")
    person.page.wait_for_load_state()


def test_from_a_message_to_a_page_that_is_marked(member, live_server, pair: Talks):
    buyer, seller = member(pair.buyer), member(pair.seller, "en")
    key = pair.partnership.key
    buyer.go(f"/partnerships/{key}/")
    buyer.fill("text", "示例：图纸 C 版随后出示")
    buyer.press("Send")
    buyer.page.get_by_text("示例：图纸 C 版随后出示").wait_for()
    assert Message.objects.get().text == "示例：图纸 C 版随后出示"

    buyer.go(f"/partnerships/{key}/files/")
    buyer.page.locator("main input[type=file]").set_input_files({**DRAWING, "buffer": drawn("PDF", (300, 200))})
    buyer.page.locator("main input[name=level][value=nda]").check()
    buyer.page.locator("#upload button[type=submit]").click()
    buyer.page.get_by_text("示例卡钳 C.pdf").first.wait_for()
    file = SharedFile.objects.get()

    seller.go("/en/messages/")
    assert "1 new" in seller.main().inner_text()
    seller.follow(pair.partnership.need.enterprise.name, "main")
    assert "示例：图纸 C 版随后出示" in seller.main().inner_text()
    seller.go(f"/en/files/{file.key}/")
    assert seller.page.locator("main img").count() == 0

    for person in (buyer, seller):
        accept_agreement(person, pair)
    assert "In force until" in seller.main().inner_text()
    seller.go(f"/en/files/{file.key}/")
    image = seller.page.locator("main img").first
    image.scroll_into_view_if_needed()
    seller.page.wait_for_load_state("networkidle")
    assert image.evaluate("image => image.naturalWidth") > 1000
    assert [(look.reader, look.page) for look in FileLook.objects.all()] == [(pair.seller, 1)]

    buyer.go(f"/files/{file.key}/")
    assert pair.seller.name in buyer.main().inner_text()
    addresses = (f"/partnerships/{key}/", f"/partnerships/{key}/messages/", f"/partnerships/{key}/files/")
    more = (f"/partnerships/{key}/confidentiality/", f"/files/{file.key}/", "/messages/")
    number = pair.partnership.need.number
    pages = [*addresses, *more, f"/postings/{number}/files/", f"/postings/{number}/questions/"]
    assert findings(buyer.page, live_server.url, pages) == {}
    assert findings(seller.page, live_server.url, [f"/en{page}" for page in pages]) == {}
    refused = [line for line in buyer.console + seller.console if "Content Security Policy" in line]
    assert refused == []
