"""Pages over a market of ten thousand postings ask the database exactly as often as over one of a few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.demo.scale import grow_market
from matchmaking.matching.services.snapshots import build_snapshot
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 10_000
MOST_QUERIES = 12


def test_list_posting_and_suggestions_cost_the_same_whatever_the_market(client, signed_in):
    need, capacity = PostingFactory(), PostingFactory(capacity=True)
    owner, stranger = signed_in(MembershipFactory(enterprise=need.enterprise).user), signed_in(MembershipFactory().user)
    asked = {
        "list": (client, "/capacities/"),
        "list of a firm": (stranger, f"/needs/?chain={need.node.chain.code}&sort=largest"),
        "posting": (client, f"/needs/{need.number}/"),
        "posting of another firm": (stranger, f"/capacities/{capacity.number}/"),
        "own posting": (owner, f"/needs/{need.number}/"),
        "suggestions": (owner, f"/needs/{need.number}/matches/"),
    }

    few, many = (counted(asked, size) for size in (FEW, MANY))

    assert Posting.objects.live().count() >= MANY
    assert many == few
    assert max(many.values()) <= MOST_QUERIES, many


def counted(asked, size):
    """How many queries each page takes once it was opened before, with a snapshot of a market of ``size`` postings."""
    grow_market(postings=size, seed=5)
    build_snapshot()
    found = {}
    for name, (browser, address) in asked.items():
        assert browser.get(address).status_code == 200, name
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200, name
        found[name] = len(queries)
    return found
