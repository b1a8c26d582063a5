"""Messages and files at the REST door: one's own firm's, by scope, with the same services and refusals as on pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership
from matchmaking.talks.choices import FileLevel
from matchmaking.talks.models import LONGEST_MESSAGE, Message
from matchmaking.talks.services.files import share_at_posting, share_in_partnership
from matchmaking.talks.services.messages import send_message
from tests.factories.talks import upload
from tests.matchmaking.partnerships.talks import talks

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8
WORDS = "示例：请确认交期"


@pytest.fixture
def pair():
    return talks()


@pytest.fixture
def buyer(pair, make_partner):
    return make_partner(pair.partnership.need.enterprise)


@pytest.fixture
def seller(pair, make_partner):
    return make_partner(pair.partnership.capacity.enterprise)


def send(partner, pair, text=WORDS, key=""):
    return partner.ask("messages/", "POST", {"partnership": key or pair.partnership.key, "text": text})


def test_a_message_goes_over_and_is_read_by_the_two_firms_alone(pair, buyer, seller, make_partner):
    sent = send(buyer, pair)
    assert (sent.status_code, sent.json()["is_mine"], sent.json()["text"]) == (201, True, WORDS)
    read = seller.ask(f"messages/?partnership={pair.partnership.key}").json()["results"]
    assert [(row["key"], row["is_mine"], row["author"]) for row in read] == [
        (sent.json()["key"], False, buyer.owner.name)
    ]
    assert buyer.owner.email not in str(read)
    stranger = make_partner()
    assert stranger.ask("messages/").json()["results"] == []
    assert stranger.ask(f"messages/?partnership={pair.partnership.key}").json()["results"] == []
    assert send(stranger, pair).status_code == 422
    assert Message.objects.count() == 1


def test_a_system_reads_no_other_firm_of_its_owner(pair, buyer, make_partner):
    send_message(partnership=pair.now, actor=pair.buyer, text=WORDS)
    other = make_partner()
    pair.partnership.need.enterprise.memberships.create(user=other.owner, role="owner")
    assert other.ask("messages/").json()["results"] == []
    assert len(buyer.ask("messages/").json()["results"]) == 1


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        ({"text": ""}, (400, 422)),
        ({"text": "\u200b"}, (400, 422)),
        ({"text": "x" * (LONGEST_MESSAGE + 1)}, (400, 422)),
        ({"text": None}, (400, 422)),
        ({"text": ["x"]}, (400, 422)),
        ({"partnership": ""}, (400, 422)),
        ({"partnership": "x" * 500}, (400, 422)),
        ({"partnership": "NOSUCHKEY0"}, (422,)),
        ({"partnership": "%00"}, (422,)),
    ],
)
def test_what_cannot_be_sent_is_refused_and_not_kept(pair, buyer, body, statuses):
    told = buyer.ask("messages/", "POST", {"partnership": pair.partnership.key, "text": WORDS, **body})
    assert told.status_code in statuses, told.content
    assert not Message.objects.exists()


def test_before_and_after_the_talks_the_refusal_has_its_code(pair, buyer):
    Partnership.objects.filter(pk=pair.partnership.pk).update(state=State.FAILED, end_reason="end.partnership.price")
    told = send(buyer, pair)
    assert (told.status_code, told.json()["code"]) == (409, "refusal.wrong_state")


def test_scopes_open_what_they_name(pair, make_partner):
    firm = pair.partnership.need.enterprise
    reads, writes = (make_partner(firm, scopes=(scope,)) for scope in ("messages:read", "messages:write"))
    none = make_partner(firm, scopes=("postings:read",))
    assert [one.ask("messages/").status_code for one in (reads, writes, none)] == [200, 403, 403]
    assert [one.ask("files/").status_code for one in (reads, writes, none)] == [200, 403, 403]
    assert [send(one, pair).status_code for one in (reads, writes, none)] == [403, 201, 403]


def test_files_are_listed_as_each_firm_knows_them(pair, buyer, seller, make_partner):
    share_in_partnership(partnership=pair.now, actor=pair.buyer, upload=upload(), level=FileLevel.NDA)
    share_at_posting(posting=pair.now.need, actor=pair.buyer, upload=upload(), level=FileLevel.PREVIEW)

    def listed(partner, query=""):
        rows = partner.ask(f"files/{query}").json()["results"]
        return [(row["level"], row["is_mine"], row["is_openable"]) for row in rows]

    assert listed(buyer) == [("preview", True, True), ("nda", True, True)]
    assert listed(seller) == [("preview", False, True), ("nda", False, False)]
    assert listed(make_partner()) == [("preview", False, True)]
    assert listed(seller, f"?partnership={pair.partnership.key}") == [("nda", False, False)]
    assert listed(seller, f"?posting={pair.now.need.number}") == [("preview", False, True)]


def test_a_list_costs_no_more_queries_for_more_rows(pair, buyer):
    def counted(rows):
        for _ in range(rows):
            send_message(partnership=pair.now, actor=pair.seller, text=WORDS)
        with CaptureQueriesContext(connection) as queries:
            assert len(buyer.ask("messages/").json()["results"]) >= rows
        return len(queries)

    counted(1)
    assert counted(1) == counted(15) <= MOST_QUERIES
