"""Both doors while another program holds the database: a page and a problem that say so, and nothing half kept."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.models import Change
from matchmaking.postings.models import Posting
from tests.conftest import LOGIN_BACKEND
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db(transaction=True)
SOON = {"sqlite": "PRAGMA busy_timeout = 50", "postgresql": "SET lock_timeout = 50"}
USUAL = {"sqlite": "PRAGMA busy_timeout = 20000", "postgresql": "SET lock_timeout = 0"}
HOLD = {
    "sqlite": ["BEGIN IMMEDIATE"],
    "postgresql": ["BEGIN", "LOCK TABLE postings_posting, accounts_changehead IN EXCLUSIVE MODE"],
}


@pytest.fixture
def held() -> Iterator[None]:
    """Another connection holds what every write needs; ours waits for 50 ms instead of 20 s."""
    other = connections.create_connection("default")
    with connection.cursor() as ours, other.cursor() as theirs:
        ours.execute(SOON[connection.vendor])
        for statement in HOLD[connection.vendor]:
            theirs.execute(statement)
        yield
        theirs.execute("ROLLBACK")
        ours.execute(USUAL[connection.vendor])
    other.close()


@pytest.mark.parametrize(("prefix", "words"), [("", "平台繁忙"), ("/en", "The platform is busy")])
def test_an_act_during_a_lock_is_answered_503_and_reading_goes_on(request, prefix, words):
    posting = PostingFactory()
    client = Client(raise_request_exception=False)
    client.force_login(MembershipFactory(enterprise=posting.enterprise).user, backend=LOGIN_BACKEND)
    before = Change.objects.count()
    request.getfixturevalue("held")

    answer = client.post(f"{prefix}/postings/{posting.number}/pause/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert words in answer.content.decode()
    assert client.get(f"{prefix}/needs/").status_code == 200
    posting.refresh_from_db()
    assert (posting.status, Change.objects.count(), Posting.objects.count()) == ("published", before, 1)
