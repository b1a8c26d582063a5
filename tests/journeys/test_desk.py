"""Journey of issue 6: two statements differ; a coordinator takes the case, meets both and settles it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from matchmaking.desk.choices import CaseEnd, MeetingState
from matchmaking.desk.models import Case, Meeting
from matchmaking.partnerships.choices import OutcomeState, State
from matchmaking.partnerships.models import Outcome
from matchmaking.partnerships.services.outcomes import state_outcome
from reference.models import Region
from tests.factories.accounts import CoordinatorGrantFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.partnerships.talks import talks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def pair():
    """A deal across the border whose sides tell different deliveries."""
    need = PostingFactory(region=Region.objects.get(code="510104"), title="示例玩具外溢")
    row = PartnershipFactory(introduced=True, need=need, capacity=PostingFactory(capacity=True))
    pair = talks(row)
    pair.agree()
    for actor, amount in ((pair.buyer, 100), (pair.seller, 8000)):
        state_outcome(partnership=pair.now, actor=actor, answer="yes", delivered_amount=amount)
    assert Outcome.objects.get().state == OutcomeState.DISPUTED
    return pair


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_disputed_outcome_is_settled_by_a_coordinator(at_home, pair, language):
    grant = CoordinatorGrantFactory(user__name="示例协调员", user__language=language)
    grant.regions.add(Region.objects.get(code="510104"))
    near = at_home(grant.user, language)
    take_the_case(near, pair)
    call_together(near, pair)
    for user in (pair.buyer, pair.seller):
        tick_the_later(at_home(user, language))
    assert Meeting.objects.get().state == MeetingState.AGREED

    suggest(near, pair)
    agree(at_home(pair.buyer, language), pair)  # the other side told nearly as much
    assert (pair.now.state, Outcome.objects.get().confirmed_amount) == (State.COMPLETED, 7900)
    close_the_case(near)


def take_the_case(near, pair):
    """From the queue of disputes to a case with department and day."""
    near.go("/coordination/partnerships/?waits=disputed")
    near.page.locator("main tbody th a").first.click()
    near.follow("Open a case")
    near.fill("subject", "示例：双方交付数量不一致")
    near.fill("department", "示例经信局")
    near.fill("due_on", (timezone.localdate() + timedelta(days=3)).isoformat())
    near.press("Open the case")
    expect(near.main().locator("h1")).to_contain_text("双方交付数量不一致")
    assert Case.objects.get().owner.name == "示例协调员"


def call_together(near, pair):
    """Two times are proposed to both firms."""
    near.go(f"/coordination/partnerships/{pair.partnership.key}/")
    near.follow("Call a meeting")
    near.fill("topic", "示例：核对交付")
    near.fill("place", "示例会议室")
    days = [(timezone.localdate() + timedelta(days=days)).isoformat() for days in (1, 2)]
    near.fill("times", "\n".join(f"{day} 10:00" for day in days))
    near.press("Ask both firms")
    expect(near.main().locator("h1")).to_be_visible()


def tick_the_later(person):
    """From the list of meetings to an answer."""
    person.go("/meetings/")
    person.page.locator("main .lrows a").first.click()
    person.page.locator("main input[name=suiting]").nth(1).check()
    with person.page.expect_navigation():
        person.press("Send the answer")


def suggest(near, pair):
    """An amount and why, on the page of the partnership."""
    near.go(f"/coordination/partnerships/{pair.partnership.key}/")
    near.follow("Suggest how to settle the outcome")
    form = near.page.locator("form[action$='/deal/suggest_outcome/']")
    form.locator("[name=amount]").fill("7900")
    form.locator("[name=note]").fill("示例：按验收单")
    with near.page.expect_navigation():
        form.locator("button[type=submit]").click()
    assert Outcome.objects.get().proposed_amount == 7900


def agree(person, pair):
    """The form begins with what the coordinator suggests; one press tells it anew."""
    person.go(f"/partnerships/{pair.partnership.key}/")
    form = person.page.locator("form[action$='/deal/state_outcome/']")
    summary = person.page.locator("details", has=form).locator("summary")
    if not form.locator("button[type=submit]").is_visible():
        summary.click()
    expect(form.locator("[name=delivered_amount]")).to_have_value("7900")
    with person.page.expect_navigation():
        form.locator("button[type=submit]").click()


def close_the_case(near):
    """The reason and what came of it; the figures of the desk know it."""
    near.go("/coordination/cases/?by=mine&state=open")
    near.page.locator("main tbody th a").first.click()
    near.page.locator("summary", has_text=near.word("Close the case")).click()
    near.page.locator("main input[name=end][value=solved]").check()
    form = near.page.locator("form[action$='/close/']")
    form.locator("[name=note]").fill("示例：双方认可 7900")
    with near.page.expect_navigation():
        form.locator("button[type=submit]").click()
    assert Case.objects.get().end == CaseEnd.SOLVED
    near.go("/coordination/cases/?by=mine&state=closed")
    expect(near.main().locator("tbody tr")).to_have_count(1)
