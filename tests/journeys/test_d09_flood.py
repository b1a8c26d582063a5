"""Journey D9: forty requests in a week; some are open, the rest wait with a place; many are declined at once, then no
new ones for a while.
"""

import pytest
from playwright.sync_api import expect

from accounts.choices import NoticeKind, Pace
from accounts.models import Notice
from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.queries.queueing import MOST_OPEN
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.partnerships.services.queueing import let_waiting_in
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory, days_from_today
from tests.journeys.steps import Person
from tests.journeys.test_accessibility import findings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LIST = "/partnerships/?show=ours"
DECLINED = 12
NO_ROOM = Reason.END_PARTNERSHIP_QUANTITY


def flooded(language):
    """A capacity that forty firms asked for, one of its people, and those who asked, the last at the end."""
    capacity = PostingFactory(capacity=True)
    needs = PostingFactory.create_batch(40)
    askers = [MembershipFactory(enterprise=need.enterprise).user for need in needs]
    user = MembershipFactory(enterprise=capacity.enterprise, user__language=language).user
    for need, actor in zip(needs, askers, strict=True):
        declare_interest(posting=need, counterpart=capacity, actor=actor)
    return capacity, user, askers


def says_busy(person, capacity):
    """Take no new requests on the page of the capacity; gives the last day."""
    until = days_from_today(9)
    person.go(f"/capacities/{capacity.number}/")
    person.fill("until", until.isoformat())
    with person.page.expect_navigation():
        person.press("Take no new requests")
    expect(person.main().get_by_role("button", name=person.word("Take requests again"))).to_be_visible()
    return until


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 390), ("en", 1280)])
def test_requests_that_do_not_fit_are_declined_together_with_a_reason(browser_as, live_server, language, width):
    capacity, user, askers = flooded(language)
    mailed = Notice.objects.filter(reader=user, kind=NoticeKind.INTEREST_RECEIVED)
    assert (mailed.filter(pace=Pace.AT_ONCE).count(), mailed.count()) == (3, MOST_OPEN)
    person = Person(browser_as(user), live_server.url, language)
    person.page.set_viewport_size({"width": width, "height": 900})
    person.go(f"{LIST}")
    boxes = person.main().locator("input[name=chosen]")
    expect(boxes).to_have_count(MOST_OPEN)
    expect(person.main()).to_contain_text("25")
    person.go("/partnerships/?show=queued")
    expect(person.main().locator("li.lrow").first).to_contain_text("1")
    assert findings(person.page, f"{live_server.url}{person.prefix}", ["/partnerships/?show=queued"]) == {}
    person.go(f"{LIST}")

    person.press("Decline the ticked requests")
    expect(person.main().get_by_role("alert")).to_contain_text(person.word("Tick the requests that you decline."))
    for place in range(DECLINED):
        boxes.nth(place).press("Space")
    person.main().get_by_label(text_of(NO_ROOM, language).capitalize()).press("Space")
    with person.page.expect_navigation():
        person.main().get_by_role("button", name=person.word("Decline the ticked requests")).press("Enter")

    expect(boxes).to_have_count(MOST_OPEN - DECLINED)
    ended = Partnership.objects.filter(state=State.FAILED)
    assert set(ended.values_list("end_reason", flat=True)) == {NO_ROOM.value}
    assert ended.count() == DECLINED
    assert let_waiting_in() == DECLINED
    person.go(f"{LIST}")
    expect(boxes).to_have_count(MOST_OPEN)
    for _ in range(5):
        person.go(f"{LIST}")
        person.main().locator("li.lrow h3 a").first.press("Enter")
        with person.page.expect_navigation():
            person.press("Accept and be introduced")
    assert let_waiting_in() == 5
    assert mailed.filter(pace=Pace.AT_ONCE).count() == 3

    until = says_busy(person, capacity)
    late = PostingFactory(node=capacity.node, title="Late request")
    asker = Person(browser_as(MembershipFactory(enterprise=late.enterprise).user), live_server.url)
    asker.go(f"/needs/{late.number}/matches/")
    expect(asker.card_of(capacity.number)).to_contain_text(until.isoformat())

    last = Partnership.objects.filter(state=State.QUEUED).order_by("-queued_at").first()
    waiting = Person(browser_as(askers[-1]), live_server.url)
    waiting.go(f"/partnerships/{last.key}/")
    expect(waiting.main()).to_contain_text("8")
    expect(waiting.main().get_by_role("link", name=waiting.word("Look at the next suitable firm"))).to_be_visible()
    assert findings(person.page, f"{live_server.url}{person.prefix}", [LIST]) == {}
