"""Tests that commit find the tables as the session began, with the reference rows, whatever the one before did."""

import pytest
from django.db import connection

from accounts.models import User
from matchmaking.postings.models import Posting
from reference.models import ChainNode, Region
from tests.database import digest
from tests.factories.postings import PostingFactory

CHANGED = "changed by a test"


@pytest.fixture(scope="module")
def onlooker():
    """A connection of somebody else that stays open from test to test, as those of a live server do."""
    kept = []
    yield kept
    kept[0].inc_thread_sharing()
    kept[0].close()


def seen_by(other) -> tuple[int, int]:
    """How many postings, and rows of regions that a test changed, the connection reads."""
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM postings_posting")
        postings = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM reference_region WHERE name_en = %s", [CHANGED])
        return postings, cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_nothing_of_a_test_that_committed_is_left_and_nothing_is_missing(time, onlooker):
    if not onlooker:
        onlooker.append(connection.copy())
    assert seen_by(onlooker[0]) == (0, 0)
    assert (User.objects.count(), ChainNode.objects.count() > 400, Region.objects.count() > 200) == (0, True, True)

    PostingFactory(region=Region.objects.get(code="510104"))
    Region.objects.filter(code="510104").update(name_en=CHANGED)
    Region.objects.filter(code="510703").delete()

    assert seen_by(onlooker[0]) == (1, 1)


@pytest.mark.django_db
def test_a_test_in_a_transaction_finds_them_too():
    assert not Posting.objects.exists()
    assert not Region.objects.filter(name_en=CHANGED).exists()
    assert Region.objects.filter(code__in=["510104", "510703"]).count() == 2


def test_what_the_first_state_is_made_from_tells_it_apart(settings, tmp_path):
    before = digest()
    settings.BASE_DIR = tmp_path
    (tmp_path / "config" / "requirements").mkdir(parents=True)
    (tmp_path / "config" / "requirements" / "dev.txt").write_text("django==5.2", encoding="utf-8")
    migrations = tmp_path / "area" / "migrations"
    migrations.mkdir(parents=True)

    told = {before, digest()}
    (migrations / "0001_initial.py").write_text("# a table", encoding="utf-8")
    told.add(digest())
    (migrations / "0001_initial.py").write_text("# another", encoding="utf-8")
    told.add(digest())

    assert len(told) == 4
