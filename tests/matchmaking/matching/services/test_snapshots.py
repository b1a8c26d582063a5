"""The snapshot on disk: built whole or not at all, never trusted when damaged, never behind the changes."""

import shutil
from pathlib import Path

import pytest

from accounts.choices import Verb
from accounts.models import Change
from accounts.services.changes import record_change, unit_of_work
from common.keeping import process_cache
from matchmaking.matching.services import snapshots
from matchmaking.matching.services.snapshots import (
    build_snapshot,
    current_market,
    ensure_snapshot,
    is_snapshot_behind,
    snapshot_state,
)
from matchmaking.matching.services.suggestions import publish_and_suggest
from matchmaking.matching.tasks import record_shown_suggestions, refresh_snapshot
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingFactory
from tests.factories.reference import ChainNodeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings):
    return Path(settings.MATCH_SNAPSHOT_DIR)


def another_process():
    """Forget what this process holds, as one that has just started."""
    snapshots._held.clear()


@unit_of_work
def touch(thing, enterprise=None):
    record_change(thing=thing, verb=Verb.CHANGED, actor=None, enterprise=enterprise)


def publish(posting):
    return publish_and_suggest(posting=posting, actor=MembershipFactory(enterprise=posting.enterprise).user)


def test_without_a_snapshot_the_market_is_built_from_the_rows(folder):
    PostingFactory(capacity=True)
    assert len(current_market()) == 1
    assert not folder.exists()
    assert snapshot_state()["problem"] == "there is none"


def test_a_snapshot_is_used_and_later_changes_go_on_top():
    PostingFactory(capacity=True)
    build_snapshot()
    publish(PostingFactory(draft=True))
    another_process()
    market = current_market()
    assert (len(market.base), len(market.delta), len(market)) == (1, 1, 2)


def test_a_newer_snapshot_replaces_the_one_in_use():
    PostingFactory(capacity=True)
    build_snapshot()
    current_market()
    PostingFactory(capacity=True)
    refresh_snapshot.call()
    assert len(current_market().base) == 2


def test_a_damaged_snapshot_is_not_used_and_the_next_build_heals_it(folder):
    PostingFactory(capacity=True)
    path = build_snapshot()
    (path / "column@key.npy").write_bytes(b"broken")
    another_process()
    assert len(current_market()) == 1
    assert snapshot_state()["problem"]
    ensure_snapshot()
    assert snapshot_state()["problem"] == ""


def test_a_snapshot_removed_while_in_use_is_no_harm(folder):
    PostingFactory(capacity=True)
    build_snapshot()
    current_market()
    shutil.rmtree(folder)
    assert len(current_market()) == 1


def test_a_build_that_fails_leaves_nothing_behind(folder, monkeypatch):
    PostingFactory(capacity=True)
    build_snapshot()

    def full(path):
        raise OSError("no space left")

    monkeypatch.setattr(snapshots, "_sync", full)
    with pytest.raises(OSError, match="no space"):
        build_snapshot()
    assert [path.name.isdigit() for path in folder.iterdir() if not path.name.startswith(snapshots.FAILED)] == [True]


def test_leftovers_of_a_killed_build_and_old_versions_are_removed(folder):
    folder.mkdir()
    (folder / ".unfinished-1-1").mkdir()
    for _ in range(4):
        build_snapshot()
    assert sorted(path.name.isdigit() for path in folder.iterdir()) == [True, True]


def test_a_changed_enterprise_has_its_postings_read_again():
    capacity = PostingFactory(capacity=True)
    assert len(current_market()) == 1
    capacity.enterprise.suspended_at = capacity.published_at
    capacity.enterprise.save()
    touch(capacity.enterprise, capacity.enterprise)
    assert len(current_market()) == 0


def test_changes_of_things_that_move_no_posting_read_none():
    PostingFactory(capacity=True)
    current_market()
    member = MembershipFactory(enterprise=EnterpriseFactory())
    touch(member, member.enterprise)
    assert len(current_market().delta) == 0


def test_changed_reference_rows_rebuild_the_market():
    PostingFactory(capacity=True)
    before = current_market().taxonomy.fingerprint
    ChainNodeFactory(code="XN0.LATER")
    process_cache.clear()  # as after a second
    assert current_market().taxonomy.fingerprint != before


def test_a_database_put_back_to_an_earlier_state_is_noticed():
    posting = PostingFactory(capacity=True)
    touch(posting)
    build_snapshot()
    current_market()
    Change.objects.all().delete()
    PostingFactory(capacity=True)
    assert len(current_market()) == 2


def test_a_snapshot_falls_behind_after_many_changes_and_the_worker_builds_a_new_one(monkeypatch):
    posting = PostingFactory(capacity=True)
    assert is_snapshot_behind()
    record_shown_suggestions.call("GONE000000", [])
    assert not is_snapshot_behind()
    monkeypatch.setattr(snapshots, "FEW_CHANGES", 1)
    touch(posting)
    assert not is_snapshot_behind()
    touch(posting)
    assert is_snapshot_behind()
    record_shown_suggestions.call("GONE000000", [])
    state = snapshot_state()
    assert (is_snapshot_behind(), state["postings"], state["watermark"]) == (False, 1, 2)


def test_a_snapshot_that_cannot_be_read_is_behind(folder):
    path = build_snapshot()
    (path / "manifest.npy").write_bytes(b"")
    assert is_snapshot_behind()


def test_a_snapshot_of_an_older_taxonomy_is_behind():
    build_snapshot()
    assert not is_snapshot_behind()
    ChainNodeFactory(code="XN0.LATER")
    process_cache.clear()  # as after a second
    assert is_snapshot_behind()


def test_a_snapshot_that_still_serves_is_kept_and_one_that_misses_rows_is_not():
    PostingFactory(capacity=True)
    first = ensure_snapshot()
    assert ensure_snapshot() == first
    PostingFactory(capacity=True)
    assert ensure_snapshot() != first
