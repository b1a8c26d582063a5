"""A builder killed at any moment over a market of some rows: pages answer, the doctor tells, the next build heals."""

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from matchmaking.matching.services import snapshots
from matchmaking.matching.services.health import conditions
from matchmaking.matching.services.rows import load_taxonomy, plain_rows
from matchmaking.matching.services.snapshots import KEPT, build_snapshot, current_market
from matchmaking.matching.services.suggestions import suggestions_for
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db

SEED, KILLS = 20261129, 8
CAPACITIES = 12


@pytest.fixture
def folder(settings):
    return Path(settings.MATCH_SNAPSHOT_DIR)


@pytest.fixture
def shown():
    """What a need's owner is shown by a process that has just started, and by which snapshot."""
    need = PostingFactory()
    owner = MembershipFactory(enterprise=need.enterprise).user
    for _ in range(CAPACITIES):
        PostingFactory(capacity=True, node=need.node)

    def ask():
        snapshots._held.clear()
        found = [match.posting.number for match in suggestions_for(posting=need, viewer=owner).matches]
        assert len(current_market().base) == CAPACITIES + 1
        return found

    return ask


def builder(**instead):
    """Another process that builds from the rows as they are now, with functions of the builder replaced; its number.

    It asks no database: it shares this process' connection.
    """
    taxonomy, rows = load_taxonomy(), list(plain_rows(Posting.objects.live()))
    number = snapshots.last_change_number()
    child = os.fork()
    if child:
        return child
    snapshots.load_taxonomy = lambda: taxonomy
    snapshots.plain_rows = lambda postings: rows
    snapshots.last_change_number = lambda: number
    snapshots._count_for_the_planner = lambda: None
    for name, function in instead.items():
        setattr(snapshots, name, function)
    code = 1
    try:
        build_snapshot()
        code = 0
    finally:
        os._exit(code)


def die(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)


def ended(child):
    """Whether the process was killed, rather than done with its snapshot; it is gone afterwards."""
    status = os.waitpid(child, 0)[1]
    assert status in {0, signal.SIGKILL}
    return os.WIFSIGNALED(status)


def bad():
    return {one.name for one in conditions() if not one.good}


def versions(folder):
    return sorted(path.name for path in folder.iterdir() if path.name.isdigit())


def test_builders_killed_at_moments_drawn_by_lot_leave_the_site_answering(folder, shown, capsys):
    build_snapshot()
    wanted = shown()
    assert len(wanted) == CAPACITIES
    began = time.monotonic()
    assert not ended(builder())
    assert len(versions(folder)) == KEPT
    whole, lots, killed = time.monotonic() - began, random.Random(SEED), 0
    for _ in range(KILLS):
        child = builder()
        time.sleep(whole * lots.random())
        os.kill(child, signal.SIGKILL)
        killed += ended(child)
        assert shown() == wanted
        assert bad() <= {"leftovers"}
    assert killed
    if bad():
        with pytest.raises(CommandError):
            call_command("doctor")
        assert "BAD leftovers: .unfinished-" in capsys.readouterr().out
    build_snapshot()
    assert (bad(), len(versions(folder)), shown()) == (set(), KEPT, wanted)


def test_a_builder_killed_after_the_rename_has_put_its_snapshot_in_use(folder, shown):
    build_snapshot()
    build_snapshot()
    wanted, before = shown(), versions(folder)
    assert ended(builder(_remove_old=die))
    after = versions(folder)
    assert (after[:-1], len(after)) == (before, KEPT + 1)
    assert shown() == wanted
    assert snapshots._held[str(folder)].version == after[-1]
    assert bad() == set()
    build_snapshot()
    assert (len(versions(folder)), bad()) == (KEPT, set())


@pytest.mark.parametrize("removed", [1, 20])
def test_a_builder_killed_while_it_removes_older_ones_leaves_none_of_them_in_use(folder, shown, removed):
    build_snapshot()
    build_snapshot()
    wanted, (oldest, kept) = shown(), versions(folder)

    def remove_some(path, **_options):
        for file in sorted(path.iterdir(), reverse=True)[:removed]:
            file.unlink()
        die()

    class Tools:
        rmtree = staticmethod(remove_some)

    assert ended(builder(shutil=Tools))
    newest = versions(folder)[-1]
    assert versions(folder) == [oldest, kept, newest]
    assert shown() == wanted
    assert snapshots._held[str(folder)].version == newest
    assert bad() == set()
    for whole in (newest, kept):
        shutil.rmtree(folder / whole)
    assert shown() == wanted
    assert bad() == {"snapshot", "leftovers"}
    build_snapshot()
    assert (bad(), shown()) == (set(), wanted)
