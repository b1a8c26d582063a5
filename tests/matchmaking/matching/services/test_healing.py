"""Whatever befalls the snapshot, questions are answered, the doctor says so, and the next build heals."""

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from matchmaking.engine import snapshot
from matchmaking.matching.choices import WordState
from matchmaking.matching.models import UnplacedWord
from matchmaking.matching.services import health, snapshots
from matchmaking.matching.services.health import conditions
from matchmaking.matching.services.snapshots import FAILED, WRITTEN_IN_PART, build_snapshot, current_market
from matchmaking.matching.services.suggestions import publish_and_suggest
from matchmaking.matching.services.vectors import encode_postings
from matchmaking.matching.tasks import record_shown_suggestions
from tests.factories.accounts import MembershipFactory
from tests.factories.matching import small_taxonomy
from tests.factories.postings import PostingFactory

ROOT = Path(__file__).resolve().parents[4]
ASK = """
import sys
import time
import django
django.setup()
from accounts.models import User
from matchmaking.matching.services.suggestions import suggestions_for
from matchmaking.postings.models import Posting
need, owner = Posting.objects.get(number=sys.argv[1]), User.objects.get(pk=sys.argv[2])
def shown():
    return {match.posting.number for match in suggestions_for(posting=need, viewer=owner).matches}
print(len(shown()), flush=True)
deadline = time.monotonic() + 60
while sys.argv[3] not in shown() and time.monotonic() < deadline:
    pass
print(time.time(), flush=True)
"""
"""Another process that asks for a need's suggestions until a posting is among them, and tells when it first was."""


@pytest.fixture
def folder(settings):
    return Path(settings.MATCH_SNAPSHOT_DIR)


def another_process():
    """Forget what this process holds, as one that has just started."""
    snapshots._held.clear()


def bad():
    """Names of the conditions that the doctor calls bad."""
    return {one.name for one in conditions() if not one.good}


@pytest.mark.django_db
@pytest.mark.parametrize("files", [0, 1, 7, 20, 1000])
def test_a_builder_killed_at_any_moment_leaves_the_old_snapshot_in_use(folder, monkeypatch, files):
    PostingFactory(capacity=True)
    build_snapshot()
    before = sorted(path.name for path in folder.iterdir())
    child = os.fork()
    if not child:
        die_building(files)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    another_process()
    assert len(current_market().base) == 1
    assert snapshots._newest(folder) == before[-1]
    assert bad() == {"leftovers"}
    build_snapshot()
    assert bad() == set()


@pytest.mark.django_db
def test_compiled_code_is_marked_complete_by_the_first_process_that_has_it_and_told_kept_from_then_on(
    settings, tmp_path
):
    settings.COMPILED_MARK = tmp_path / "complete"

    def told():
        return next(one.state for one in conditions() if one.name == "compiled ranking")

    assert [told(), told()] == ["compiled just now", "kept"]
    settings.COMPILED_MARK = tmp_path / "nowhere" / "complete"
    assert "compiled ranking" in bad()


def die_building(files):
    """Build in this process, without a database, and die before the file of this number, or before the rename."""
    saved = []

    def save(path, *args, **options):
        if len(saved) == files:
            os.kill(os.getpid(), signal.SIGKILL)
        saved.append(path)
        return real(path, *args, **options)

    real = snapshot.np.save
    snapshot.np.save = save
    snapshots.load_taxonomy = small_taxonomy
    snapshots.last_change_number = lambda: 0
    snapshots.plain_rows = lambda postings: []
    snapshots._sync = lambda path: os.kill(os.getpid(), signal.SIGKILL)
    build_snapshot()


@pytest.mark.django_db
def test_a_full_disk_stops_the_build_and_nothing_else(folder):
    PostingFactory(capacity=True)
    build_snapshot()
    names = sorted(path.name for path in folder.iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, limits[1]))
    try:
        with pytest.raises(OSError, match="written|too large"):
            build_snapshot()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(path.name for path in folder.iterdir() if not path.name.startswith(FAILED)) == names
    assert_told_and_healed(folder, f"make room on the disk of {folder}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (OSError(errno.ENOSPC, "full"), "ENOSPC (No space left on device); make room on the disk"),
        (OSError("64 requested and 0 written"), f"{WRITTEN_IN_PART}; make room on the disk"),
        (OSError(errno.EROFS, "read only"), "EROFS (Read-only file system); let this account write"),
        (OSError(errno.EIO, "broken"), "EIO (Input/output error); read the log"),
    ],
)
@pytest.mark.parametrize("at", ["write_snapshot", "_sync"])
def test_what_the_system_says_of_a_failed_build_is_told_until_one_is_finished(folder, monkeypatch, problem, told, at):
    PostingFactory(capacity=True)
    build_snapshot()
    names = sorted(path.name for path in folder.iterdir())

    def refuse(*args, **options):
        raise problem

    with monkeypatch.context() as disk:
        disk.setattr(snapshots, at, refuse)
        with pytest.raises(CommandError, match="cannot be written"):
            call_command("build_snapshot", "--force")
    assert [path.name for path in sorted(folder.iterdir()) if not path.name.startswith(FAILED)] == names
    assert_told_and_healed(folder, told)


@pytest.mark.django_db
def test_a_disk_with_less_room_than_the_next_snapshot_needs_is_told_before_it_fails(folder, monkeypatch):
    PostingFactory(capacity=True)
    build_snapshot()
    assert "room" not in bad()
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(snapshots.shutil, "disk_usage", lambda path: usage._replace(free=1000))
    assert bad() == {"room"}


def assert_told_and_healed(folder, cause):
    """The site answers from the snapshot before, the doctor tells the cause, and the next build ends both."""
    another_process()
    assert len(current_market().base) == 1
    (told,) = (one for one in conditions() if not one.good)
    assert told.name == "last build"
    assert cause in told.state
    assert told.remedy == "build_snapshot --force"
    with pytest.raises(CommandError, match="more slowly"):
        call_command("doctor")
    call_command("build_snapshot")
    assert bad() == set()
    call_command("doctor")


@pytest.mark.django_db
def test_a_deleted_folder_is_told_and_the_worker_builds_it_again(folder, capsys):
    PostingFactory(capacity=True)
    build_snapshot()
    shutil.rmtree(folder)
    another_process()
    assert len(current_market()) == 1
    with pytest.raises(CommandError, match="more slowly"):
        call_command("doctor")
    assert "BAD snapshot: there is none -> manage.py build_snapshot --force" in capsys.readouterr().out
    record_shown_suggestions.call("GONE000000", [])
    call_command("doctor")
    assert "BAD" not in capsys.readouterr().out


@pytest.mark.django_db
def test_the_doctor_counts_the_texts_and_the_words_that_wait(folder, capsys, monkeypatch):
    for word, state in (("louver", WordState.WAITING), ("mesh", WordState.WAITING), ("veil", WordState.IGNORED)):
        UnplacedWord.objects.create(word=word, firms=3, postings=3, state=state)
    postings = [PostingFactory(capacity=True) for _ in range(3)]
    encode_postings(numbers=[postings[0].number])
    build_snapshot()

    call_command("doctor")

    told = capsys.readouterr().out
    assert "ok  meanings: 2 texts wait for their vectors" in told
    assert "ok  words: 2 words without a term wait" in told
    monkeypatch.setattr(health, "FEW_CHANGES", 1)
    assert bad() == {"meanings"}


@pytest.mark.django_db
def test_a_damaged_snapshot_is_put_aside_the_one_before_serves_and_the_worker_heals(folder):
    PostingFactory(capacity=True)
    first = build_snapshot()
    second = build_snapshot()
    for path in second.glob("column@*.npy"):
        path.write_bytes(b"broken")
    assert "snapshot" in bad()
    another_process()
    assert len(current_market().base) == 1
    assert snapshots._held[str(folder)].version == first.name
    assert bad() == {"leftovers"}
    shutil.rmtree(first)
    record_shown_suggestions.call("GONE000000", [])
    assert bad() == set()


@pytest.mark.django_db
def test_a_process_that_starts_on_a_damaged_snapshot_alone_answers_from_the_rows(folder):
    PostingFactory(capacity=True)
    path = build_snapshot()
    (path / "manifest.npy").write_bytes(b"\x00")
    another_process()
    assert len(current_market()) == 1
    record_shown_suggestions.call("GONE000000", [])
    assert snapshots._newest(folder) not in {"", path.name}
    assert len(current_market().base) == 1


@pytest.mark.django_db(transaction=True)
def test_what_one_process_publishes_is_in_the_results_of_another_within_a_second(folder, capsys):
    need, draft = PostingFactory(), PostingFactory(capacity=True, draft=True)
    PostingFactory(capacity=True)
    owner, supplier = (MembershipFactory(enterprise=posting.enterprise).user for posting in (need, draft))
    build_snapshot()
    surroundings = {
        **os.environ,
        "DATABASE_URL": address(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MATCH_SNAPSHOT_DIR": str(folder),
        "MATCH_ENCODER": "hashing",
    }
    words = [sys.executable, "-c", ASK, need.number, str(owner.pk), draft.number]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=surroundings, cwd=ROOT) as other:
        assert next(line for line in other.stdout if line.strip().isdigit()) == "1\n"
        publish_and_suggest(posting=draft, actor=supplier)
        committed = time.time()
        found = float(other.communicate(timeout=90)[0].splitlines()[-1])
    with capsys.disabled():
        print(f"\n{connection.vendor}: in the results of another process after {(found - committed) * 1000:.0f} ms")
    assert found - committed < 1


def address():
    """Address of the database that the tests run on, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
