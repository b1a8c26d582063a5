"""A market of many small rematch jobs, and the surroundings that a child process needs to work on it."""

import os
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from matchmaking.matching.models import MarketRanking, RematchRun
from matchmaking.matching.services.rematching import planning
from tests.factories.postings import PostingFactory

NODES = [f"XN{number}" for number in range(8)]


@pytest.fixture
def market(monkeypatch, transactional_db):
    """Needs and capacities at eight nodes, to be asked in many jobs."""
    monkeypatch.setattr(planning, "A_JOB", 1)
    for node in NODES:
        PostingFactory.create_batch(8, node__code=node)
        PostingFactory.create_batch(4, capacity=True, node__code=node)


@pytest.fixture
def surroundings(settings, tmp_path):
    """What a child process needs to work on this test's database and files."""
    told = connection.settings_dict
    address = f"sqlite:///{told['NAME']}"
    if connection.vendor == "postgresql":
        password = f":{told['PASSWORD']}" if told["PASSWORD"] else ""
        address = f"postgres://{told['USER']}{password}@{told['HOST']}:{told['PORT'] or 5432}/{told['NAME']}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": address,
        "MATCH_SNAPSHOT_DIR": str(settings.MATCH_SNAPSHOT_DIR),
        "NO_COLOR": "1",
    }


@pytest.fixture
def undisturbed(market):
    """The answer of one process that nobody kills, by posting; it is taken away again."""
    call_command("rematch", "--all", stdout=StringIO())
    found = dict(MarketRanking.objects.values_list("posting__number", "matches"))
    assert len(found) == len(NODES) * 8
    assert any(found.values())
    RematchRun.objects.all().delete()
    MarketRanking.objects.all().delete()
    return found
