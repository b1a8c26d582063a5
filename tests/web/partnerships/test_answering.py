"""Pages around the day of answer: more time, the next firm, consent given ahead; in both languages."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.partnerships.services.lapsing import end_overdue_interests
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory
from tests.web.partnerships.addresses import address, detail, text

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture
def capacity(need, capacity):
    Posting.objects.filter(pk=capacity.pk).update(node=need.node, title="Second to none")
    capacity.refresh_from_db()
    return capacity


def english(path):
    return f"/en{path}"


def test_an_answer_is_put_off_by_the_form(asked, buyer, seller, signed_in):
    until = timezone.localdate() + timedelta(days=5)
    client = signed_in(seller)
    assert address("snooze", asked.key) in text(client.get(detail(asked)))

    response = client.post(address("snooze", asked.key), {"until": until.isoformat()})

    assert (response.url, Partnership.objects.get().snoozed_until) == (detail(asked), until)
    assert "请求延期答复至" in text(signed_in(buyer).get(detail(asked)))
    assert address("snooze", asked.key) not in text(signed_in(buyer).get(detail(asked)))
    assert "Answer the interest" not in text(client.get("/en/me/"))


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "2999-01-01"])
def test_a_day_that_does_not_do_is_told_at_the_field(asked, seller, signed_in, until):
    response = signed_in(seller).post(english(address("snooze", asked.key)), {"until": until})

    assert response.status_code == 422
    assert 'id="snooze_until_error"' in text(response) or "error" in text(response)
    assert Partnership.objects.get().snoozed_until is None


@pytest.mark.parametrize("language", ["", "/en"])
def test_at_the_limit_the_notice_leads_to_the_next_firm_which_one_press_asks(
    asked, need, buyer, seller, signed_in, language
):
    second = PostingFactory(capacity=True, node=need.node, title="Third time lucky")
    Partnership.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    end_overdue_interests()
    client = signed_in(buyer)
    notice = buyer.notices.get()

    page = client.get(f"{language}/me/notices/{notice.pk}/", follow=True)
    client.post(address("interest"), {"posting": need.number, "counterpart": second.number})

    assert page.redirect_chain[-1][0].endswith(address("next", asked.key))
    assert "Third time lucky" in text(page)
    assert f'value="{second.number}"' in text(page)
    assert Partnership.objects.filter(capacity=second, state=State.INTERESTED).count() == 1
    assert "Third time lucky" in text(client.get(f"{language}/me/notices/"))
    assert signed_in(seller).get(address("next", asked.key)).status_code == 404
    assert address("next", asked.key) not in text(signed_in(seller).get(detail(asked)))


def test_without_a_further_firm_the_page_says_so(asked, buyer, signed_in):
    page = text(signed_in(buyer).get(english(address("next", asked.key))))

    assert "No further firm fits at the moment" in page


def test_a_day_in_a_year_not_announced_is_marked(asked, buyer, signed_in):
    client, page = signed_in(buyer), english(detail(asked))
    assert "not announced" not in text(client.get(page))
    Partnership.objects.update(answer_by=date(2040, 3, 7))

    assert "public holidays of 2040 are not announced" in text(client.get(page))


def test_the_owner_gives_consent_ahead_sees_it_and_takes_it_back(need, capacity, buyer, seller, signed_in):
    client, page = signed_in(seller), reverse("web:postings:capacity", args=[capacity.number])
    give, stop = (
        reverse(f"web:postings:{name}", args=[capacity.number]) for name in ("accept_ahead", "stop_accepting_ahead")
    )

    assert give in text(client.get(page))
    client.post(give)
    assert stop in text(client.get(page))
    assert str(User.objects.get(pk=seller.pk)) in text(client.get(page))
    assert "This firm has accepted ahead" in text(signed_in(buyer).get(english(page)))
    client.post(stop)
    assert give in text(client.get(page))
    assert Posting.objects.get(pk=capacity.pk).accepts_ahead_at is None


def test_where_consent_was_given_one_press_introduces(need, capacity, buyer, seller, signed_in):
    signed_in(seller).post(reverse("web:postings:accept_ahead", args=[capacity.number]))

    response = signed_in(buyer).post(address("interest"), {"posting": need.number, "counterpart": capacity.number})

    partnership = Partnership.objects.get()
    assert (partnership.state, response.url) == (State.INTRODUCED, detail(partnership))
    assert "had accepted ahead" in text(signed_in(buyer).get(english(detail(partnership))))


def test_an_unverified_owner_reads_what_it_takes(capacity, seller, signed_in):
    firm = MembershipFactory(enterprise__verification="unverified")
    posting = PostingFactory(enterprise=firm.enterprise)

    page = text(signed_in(firm.user).get(reverse("web:postings:need", args=[posting.number])))

    assert reverse("web:postings:accept_ahead", args=[posting.number]) not in page
    assert 'id="ahead"' in page


def test_english_pages_hold_no_chinese(need, capacity, seller, signed_in):
    need.title = "Gears"
    need.save()
    buyer = MembershipFactory(enterprise=need.enterprise).user
    asked = declare_interest(posting=need, counterpart=capacity, actor=buyer)
    main = text(signed_in(buyer).get(english(address("next", asked.key)))).split("<main")[1].split("</main")[0]

    assert not CHINESE.search(re.sub(r"<[^>]+>", "", main))
