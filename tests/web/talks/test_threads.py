"""The pages of messages: read, written, searched; queries counted; not a word to others; addresses that are guessed."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.services.mailing import mail_pending
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership
from matchmaking.talks.models import LONGEST_MESSAGE, Message
from matchmaking.talks.services.messages import send_message
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db
CANARY = "CANARY-MESSAGE-4711"
MOST_QUERIES = 15


@pytest.fixture
def pair():
    return talks()


def thread(pair, language="en/"):
    return f"/{language}partnerships/{pair.partnership.key}/messages/"


def fill(pair, count, who="buyer"):
    for number in range(count):
        send_message(partnership=pair.now, actor=getattr(pair, who), text=f"{CANARY} {number}")


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_message_goes_over_and_is_answered(signed_in, pair):
    buyer, seller = signed_in(pair.buyer), signed_in(pair.seller)
    sent = buyer.post(thread(pair), {"text": f"{CANARY}\n<b>x</b>"})
    assert (sent.status_code, sent.url) == (302, f"{thread(pair)}#write")
    for address in (thread(pair), f"/en/partnerships/{pair.partnership.key}/"):
        text = seller.get(address).content.decode()
        assert f"{CANARY}<br>&lt;b&gt;x&lt;/b&gt;" in text
        assert pair.buyer.name in text
        assert pair.buyer.email not in text
    assert "1 new" not in seller.get("/en/messages/").content.decode()
    assert seller.post(thread(pair), {"text": "示例回复"}).status_code == 302
    assert "1 new" in buyer.get("/en/messages/").content.decode()


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "x" * (LONGEST_MESSAGE + 1)])
def test_what_cannot_be_sent_stands_at_its_field_and_is_kept(signed_in, pair, text):
    answer = signed_in(pair.buyer).post(thread(pair), {"text": text})
    assert answer.status_code == 422
    assert "text" in answer.context["form"].errors
    assert answer.context["form"]["text"].value() == text
    assert not Message.objects.exists()


def test_the_mail_has_a_link_and_not_a_word_of_the_message(signed_in, pair):
    fill(pair, 1)
    mail_pending()
    assert [one.to for one in mail.outbox] == [[pair.seller.email]]
    assert CANARY not in mail.outbox[0].body + mail.outbox[0].subject
    notice = pair.seller.notices.get()
    led = signed_in(pair.seller).get(reverse("web:accounts:notice", args=[notice.pk]), follow=True)
    assert led.redirect_chain[-1][0].endswith(f"/partnerships/{pair.partnership.key}/messages/")


@pytest.mark.parametrize(
    ("who", "status"),
    [("other", 404), ("coordinator", 403), ("platform", 403), ("user", 404), ("visitor", 302), ("viewer", 409)],
)
def test_nobody_else_reads_or_writes(signed_in, client, pair, who, status):
    fill(pair, 1)
    firm = pair.partnership.need.enterprise
    makers = {
        "other": lambda: signed_in(MembershipFactory().user),
        "coordinator": lambda: signed_in(CoordinatorGrantFactory().user),
        "platform": lambda: signed_in(UserFactory(platform_admin=True, totp=True)),
        "user": lambda: signed_in(UserFactory()),
        "visitor": lambda: client,
        "viewer": lambda: signed_in(MembershipFactory(enterprise=firm, viewer=True).user),
    }
    asked = makers[who]()
    reads = who == "viewer"
    assert asked.get(thread(pair)).status_code == (200 if reads else status)
    assert asked.post(thread(pair), {"text": "x"}).status_code == (403 if reads else status)
    assert Message.objects.count() == 1
    for address in ("/en/messages/", f"/en/messages/?q={CANARY}", f"/en/partnerships/{pair.partnership.key}/"):
        told = asked.get(address, follow=True).content.decode().replace(f'value="{CANARY}"', "")
        assert (f"{CANARY} 0" in told) == (reads and address[3:] != "/messages/")


@pytest.mark.parametrize("traits", [{}, {"suggested": True}])
def test_before_the_introduction_there_is_no_thread(signed_in, traits):
    pair = talks(PartnershipFactory(**traits))
    assert signed_in(pair.buyer).get(thread(pair)).status_code == 409
    assert signed_in(pair.buyer).post(thread(pair), {"text": "x"}).status_code == 409
    assert 'id="write"' not in signed_in(pair.buyer).get(f"/en/partnerships/{pair.partnership.key}/").content.decode()


def test_after_an_end_it_is_read_and_not_written_in(signed_in, pair):
    fill(pair, 1)
    Partnership.objects.filter(pk=pair.partnership.pk).update(state=State.FAILED, end_reason="end.partnership.price")
    page = signed_in(pair.seller).get(thread(pair))
    assert CANARY in page.content.decode()
    assert 'id="write"' not in page.content.decode()
    assert signed_in(pair.seller).post(thread(pair), {"text": "x"}).status_code == 409


def test_a_long_thread_begins_with_its_newest_page_and_a_hit_leads_to_its_own(signed_in, pair):
    fill(pair, 60)
    buyer = signed_in(pair.buyer)
    newest = buyer.get(thread(pair)).content.decode()
    assert [f"{CANARY} {number}<" in newest for number in (59, 10, 9)] == [True, True, False]
    first = Message.objects.order_by("pk").first()
    found = buyer.get(f"/en/messages/?q={CANARY}&page=2").content.decode()
    address = f"{thread(pair)}?at={first.key}"
    assert f"{address}#m-{first.key}" in found
    assert f'id="m-{first.key}"' in buyer.get(address).content.decode()


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=999999", "at=NOSUCHKEY0", "at=%00", "at=" + "9" * 3000])
def test_odd_addresses_show_a_page(signed_in, pair, query):
    fill(pair, 1)
    assert signed_in(pair.buyer).get(f"{thread(pair)}?{query}").status_code in (200, 400)


def test_pages_ask_as_many_questions_of_many_messages_as_of_few(signed_in, pair):
    fill(pair, 2)
    buyer = signed_in(pair.buyer)
    addresses = (
        thread(pair),
        "/en/messages/",
        f"/en/messages/?q={CANARY}",
        f"/en/partnerships/{pair.partnership.key}/",
    )
    few = [(buyer.get(address), queries_of(buyer, address))[1] for address in addresses]
    fill(pair, 40)
    for _ in range(3):
        other = talks(PartnershipFactory(introduced=True, need=pair.now.need))
        fill(other, 2, "seller")
    assert [queries_of(buyer, address) for address in addresses] == few
    assert max(few) <= MOST_QUERIES


def test_what_was_written_stays_on_the_page_that_refuses_it(signed_in):
    pair = talks()
    Partnership.objects.filter(pk=pair.partnership.pk).update(state=State.FAILED, end_reason="end.partnership.price")
    address = reverse("web:talks:thread", args=[pair.partnership.key])

    answer = signed_in(pair.buyer).post(address, {"text": "示例：很长的一封信"})
    ended = signed_in(pair.buyer).post(
        reverse("web:partnerships:end", args=[pair.partnership.key]), {"reason": "end.partnership.price", "note": ""}
    )

    assert (answer.status_code, "示例：很长的一封信" in answer.content.decode()) == (409, True)
    assert (ended.status_code, 'id="h-typed"' in ended.content.decode()) == (409, False)
