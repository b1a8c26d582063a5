"""Journey D9: many requests in a week; those that do not fit are declined at once, then no new ones for a while."""

import pytest
from playwright.sync_api import expect

from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.interest import declare_interest
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory, days_from_today
from tests.journeys.steps import Person
from tests.journeys.test_accessibility import findings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LIST = "/partnerships/?show=ours"
NO_ROOM = Reason.END_PARTNERSHIP_QUANTITY


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 390), ("en", 1280)])
def test_requests_that_do_not_fit_are_declined_together_with_a_reason(browser_as, live_server, language, width):
    capacity = PostingFactory(capacity=True)
    needs = PostingFactory.create_batch(5)
    for need in needs:
        actor = MembershipFactory(enterprise=need.enterprise).user
        declare_interest(posting=need, counterpart=capacity, actor=actor)
    user = MembershipFactory(enterprise=capacity.enterprise, user__language=language).user
    person = Person(browser_as(user), live_server.url, language)
    person.page.set_viewport_size({"width": width, "height": 900})
    person.go(f"{person.prefix}{LIST}")
    boxes = person.main().locator("input[name=chosen]")
    expect(boxes).to_have_count(5)

    person.press("Decline the ticked requests")
    expect(person.main().get_by_role("alert")).to_contain_text(person.word("Tick the requests that you decline."))
    for place in (0, 2, 4):
        boxes.nth(place).press("Space")
    person.main().get_by_label(text_of(NO_ROOM, language).capitalize()).press("Space")
    with person.page.expect_navigation():
        person.main().get_by_role("button", name=person.word("Decline the ticked requests")).press("Enter")

    expect(boxes).to_have_count(2)
    ended = Partnership.objects.filter(state=State.FAILED)
    assert set(ended.values_list("end_reason", flat=True)) == {NO_ROOM.value}
    assert ended.count() == 3
    assert findings(person.page, f"{live_server.url}{person.prefix}", [LIST]) == {}

    until = days_from_today(9)
    person.go(f"{person.prefix}/capacities/{capacity.number}/")
    person.fill("until", until.isoformat())
    with person.page.expect_navigation():
        person.press("Take no new requests")
    expect(person.main().get_by_role("button", name=person.word("Take requests again"))).to_be_visible()

    late = PostingFactory(node=capacity.node, title="Late request")
    asker = Person(browser_as(MembershipFactory(enterprise=late.enterprise).user), live_server.url)
    asker.go(f"/needs/{late.number}/matches/")
    expect(asker.card_of(capacity.number)).to_contain_text(until.isoformat())
