"""B6: an outcome counts once both sides say the same; one side alone, two that differ, and silence count nowhere."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from common.keeping import process_cache
from common.reasons import Reason
from matchmaking.partnerships.choices import OutcomeState, State
from matchmaking.partnerships.models import Outcome, Partnership
from matchmaking.partnerships.services.interest import accept_interest, declare_interest
from matchmaking.postings.choices import Status
from reference.models import Region
from tests.factories.accounts import MembershipFactory
from tests.factories.overflows import LONGCHANG, RONGCHANG, offered, overflowing
from tests.factories.parks import ParkFactory
from tests.journeys.test_b07_consortium import carry_out
from tests.journeys.test_c05 import cases
from tests.journeys.test_deals import tell
from tests.matchmaking.partnerships.talks import Talks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LATER = timedelta(days=400)


@pytest.fixture
def world():
    return overflowing()


@pytest.fixture
def pair(world):
    """A hall that is agreed upon, so that a park's figure would count it."""
    hall = offered("示例安富厂房", "SVC.SPACE.WORKSHOP", 2000, "M2", subject="premises")
    host = MembershipFactory(enterprise=hall.enterprise).user
    overflow = world.begin()
    row = declare_interest(posting=overflow.premises, counterpart=hall, actor=world.owner)
    accept_interest(partnership=row, actor=host)
    made = Talks(row, world.owner, host)
    made.agree(quantity_amount=2000, period="once", unit=overflow.premises.unit)
    return made


@pytest.fixture
def parks():
    return [ParkFactory(regions=[Region.objects.get(code=code)]) for code in (RONGCHANG, LONGCHANG)]


def page_of(pair):
    return f"/partnerships/{pair.partnership.key}/"


@pytest.mark.parametrize("amount", [None, "300"], ids=["silent", "other"])
def test_b06_one_side_alone_or_another_amount_counts_nowhere_and_ends_unconfirmed(
    at_home, pair, parks, monkeypatch, amount
):
    maker, host = at_home(pair.buyer), at_home(pair.seller)
    tell(host, page_of(pair), "2000")
    if amount:
        tell(maker, page_of(pair), amount)
        for person in (maker, host):
            person.go(page_of(pair))
            expect(person.page.locator("#outcome")).to_contain_text(person.word("The statements differ"))
            expect(person.page.locator("#outcome")).to_contain_text("300")
            expect(person.page.locator("#outcome")).to_contain_text("2,000")
    assert Outcome.objects.get().state == (OutcomeState.DISPUTED if amount else OutcomeState.OPEN)
    assert cases(maker, parks) == ["0", "0"]

    later = timezone.now() + LATER
    monkeypatch.setattr(timezone, "now", lambda: later)
    call_command("follow_deals")
    row = Partnership.objects.get()
    assert (row.state, row.end_reason) == (State.FAILED, Reason.END_PARTNERSHIP_UNCONFIRMED.value)
    assert Outcome.objects.get().state == OutcomeState.UNCONFIRMED
    process_cache.clear()
    maker = at_home(pair.buyer)
    assert cases(maker, parks) == ["0", "0"]
    maker.go(page_of(pair))
    expect(maker.page.locator("#outcome")).to_contain_text(maker.word("Not confirmed in time"))


def test_b06_a_failure_and_the_end_of_a_need_ask_for_their_reason(at_home, pair, world):
    maker = at_home(pair.buyer)
    maker.go(page_of(pair))
    form = maker.page.locator("form[action$='/deal/state_outcome/']")
    around = maker.page.locator("details", has=form)
    if around.get_attribute("open") is None:
        around.locator("summary").click()
    form.locator("input[name=answer][value=failed]").check()
    with maker.page.expect_navigation():
        form.locator("button[type=submit]").click()
    expect(maker.page.locator("form[action$='/deal/state_outcome/'] [name=reason]")).to_have_attribute(
        "aria-invalid", "true"
    )
    assert Outcome.objects.get().state == OutcomeState.OPEN
    assert not pair.partnership.statements.exists()

    need = pair.now.need
    maker.go(f"/needs/{need.number}/")
    maker.main().locator("details summary", has_text=maker.word("Close")).first.click()
    maker.press("Close this need")
    need.refresh_from_db()
    assert need.status == Status.PUBLISHED, "no reason was chosen"
    maker.page.locator("main [name=reason][value='end.need.none_suitable']").check()
    with maker.page.expect_navigation():
        maker.press("Close this need")
    need.refresh_from_db()
    assert (need.status, need.end_reason) == (Status.CLOSED, Reason.END_NEED_NONE_SUITABLE.value)
    maker.go(page_of(pair))
    carry_out(maker, "state_outcome", ("answer",), delivered_amount="2000")
    assert Partnership.objects.get().state == State.AGREED
