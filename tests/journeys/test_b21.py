"""B21, fair silence, with a clock that is turned: a request that nobody answers closes itself, who asked is offered the
next suitable firm, the share answered of the silent one changes, and fewer than five cases read "too few".
"""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from common.reasons import Reason
from matchmaking.partnerships.choices import Act, State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.services.interest import accept_interest, declare_interest
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
ANSWERED_BEFORE = 4
BEYOND_ANY_HOLIDAY = timedelta(days=16)
"""More than the two working days of an answer, wherever the day of the run lies."""


@pytest.fixture
def clock(monkeypatch):
    """Now, as the services read it; it stands still but for a second each time, and is turned by hand."""
    moment = [timezone.now()]

    def tell():
        moment[0] += timedelta(milliseconds=1)
        return moment[0]

    monkeypatch.setattr(timezone, "now", tell)
    return moment


def answer(capacity, seller):
    """Somebody's interest that the firm answers at once."""
    need = PostingFactory(node=capacity.node)
    asker = MembershipFactory(enterprise=need.enterprise).user
    accept_interest(partnership=declare_interest(posting=need, counterpart=capacity, actor=asker), actor=seller)


def rates(person, firm):
    """The figures on the page of a firm, by what they are called."""
    person.go(f"/enterprises/{firm.key}/")
    place = person.page.locator("section[aria-labelledby=h-rates]")
    names, told = place.locator("dt").all_inner_texts(), place.locator("dd").all_inner_texts()
    return dict(zip(names, told, strict=True))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_b21_silence_closes_the_request_and_is_told(at_home, clock, language):
    need = PostingFactory(title="示例齿坯")
    silent, other = (PostingFactory(capacity=True, node=need.node, title=f"示例产能{n}") for n in "甲乙")
    seller = MembershipFactory(enterprise=silent.enterprise).user
    for _ in range(ANSWERED_BEFORE):
        answer(silent, seller)
    buyer = at_home(MembershipFactory(enterprise=need.enterprise, user__language=language).user, language)
    share = buyer.word("Interests answered")
    assert rates(buyer, silent.enterprise)[share] == buyer.word("too few")

    buyer.go(f"/needs/{need.number}/matches/")
    buyer.express_interest(silent.number)
    call_command("end_overdue_interests")
    assert Partnership.objects.get(need=need).state == State.INTERESTED
    assert rates(buyer, silent.enterprise)[share] == buyer.word("too few")

    clock[0] += BEYOND_ANY_HOLIDAY
    call_command("end_overdue_interests")
    row = Partnership.objects.get(need=need)
    assert (row.state, row.end_reason) == (State.FAILED, Reason.END_PARTNERSHIP_NO_ANSWER.value)
    assert PartnershipEvent.objects.filter(partnership=row, act=Act.LAPSE).count() == 1

    buyer = at_home(buyer_of(need), language)
    buyer.go("/me/notices/")
    buyer.follow("An interest has ended without an introduction", "main")
    expect(buyer.main()).to_contain_text(other.title)
    buyer.express_interest(other.number)
    assert Partnership.objects.get(need=need, capacity=other).state == State.INTERESTED

    told = rates(buyer, silent.enterprise)
    assert told[share] == "80%"
    assert told[buyer.word("Answers an interest in")] == buyer.word("too few"), "four answers are no median"
    assert rates(buyer, need.enterprise)[share] == buyer.word("too few")


def buyer_of(need):
    """Who asked, signed in anew: the session of before has run out meanwhile."""
    return need.enterprise.memberships.get().user
