"""What every test shares: the reference rows, a browser, and ways to sign in."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import translation
from playwright.sync_api import expect
from pytest_django.plugin import blocking_manager_key

from accounts.models import User
from common.keeping import process_cache
from matchmaking.matching.services import snapshots
from reference.services import load_reference_rows
from tests.database import copy_to_start_with, remember_first_state
from tests.long import pytest_addoption, pytest_collection_modifyitems, pytest_configure, pytest_testnodedown

__all__ = [
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_testnodedown",
]  # hooks of the long form

# Playwright's synchronous form runs an event loop in the test's own thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# A busy machine answers late; what is expected must come, not come within five seconds.
expect.set_options(timeout=30_000)

CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), "")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FLUSHED = pytest.StashKey[bool]()
PUT_BACK = pytest.StashKey[bool]()
LOGIN_BACKEND = "accounts.adapters.SignInByAddress"
QUICKLY = {
    # A hash of full strength takes 200 ms, and thousands are made; tests/config/test_settings.py holds the strength.
    "PASSWORD_HASHERS": ["tests.hashing.LightArgon2"],
    # Each client that a test makes would look for all static files; live servers find them without this.
    "WHITENOISE_USE_FINDERS": False,
}
# Now, before any other module of tests is read: some hash a password then.
override_settings(**QUICKLY).enable()


@pytest.fixture(scope="session")
def django_db_keepdb(
    request: pytest.FixtureRequest, django_db_keepdb: bool, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[bool]:
    """Whether tables are there already: kept by ``--reuse-db``, or the first state copied for this run alone."""
    if django_db_keepdb or request.config.getoption("create_db"):
        yield django_db_keepdb
        return
    with django_db_blocker.unblock(), copy_to_start_with() as laid:
        yield laid


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> None:
    """The test database holds the reference rows, as an installation does, and again after tests that commit."""
    with django_db_blocker.unblock():
        load_reference_rows()
        request.config.stash[PUT_BACK] = remember_first_state()


@pytest.fixture(scope="session")
def compiled() -> None:
    """The ranking is compiled before a test's transaction begins: a database ends one that idles that long."""
    snapshots.prepare_process(compile_only=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Where tests over a live server empty the tables afterwards, the next one, of either kind, finds the rows again.

    Before the fixtures, because a test in a transaction would load them for itself alone.
    """
    if item.config.stash.get(FLUSHED, False):
        item.config.stash[FLUSHED] = False
        with item.config.stash[blocking_manager_key].unblock():
            load_reference_rows()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Note that a test emptied the tables, by a live server or by real transactions."""
    yield
    marker = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "django_db_serialized_rollback"} & set(
        getattr(item, "fixturenames", ())
    )
    if asked or (marker and marker.kwargs.get("transaction")):
        item.config.stash[FLUSHED] = not item.config.stash.get(PUT_BACK, False)


def pytest_collection_finish() -> None:
    """What was read so far stays until the end; the collector of garbage need not walk through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell how many calls were made up for the REST door, in whatever processes."""
    reports = terminalreporter.stats.get("passed", [])
    calls = [count for report in reports for name, count in report.user_properties if name == "api_calls"]
    if calls:
        terminalreporter.write_line(f"REST door: {sum(calls)} made-up calls to {len(calls)} operations, as described")


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test keeps its files, mails and snapshots to itself and starts in Chinese with an empty cache.

    Nodes and regions count as unchanged until the cache is emptied, lest counted queries hang on the clock.
    """
    monkeypatch.setattr(snapshots, "MARK_SECONDS", 3600)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MATCH_SNAPSHOT_DIR = tmp_path / "snapshots"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.MATCH_ENCODER = "hashing"
    files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    settings.CACHES = {**settings.CACHES, "default": files}
    process_cache.clear()
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A client on which the given user is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=LOGIN_BACKEND)
        return client

    return sign_in


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, without calls home."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


def session_cookie(user: User, url: str) -> Any:
    """What a browser at ``url`` holds once ``user`` has signed in."""
    client, name = Client(), settings.SESSION_COOKIE_NAME
    client.force_login(user, backend=LOGIN_BACKEND)
    return {"name": name, "value": client.cookies[name].value, "url": url}


@pytest.fixture
def browser_as(live_server: Any, context: Any) -> Callable[[User], Any]:
    """A browser page on which the given user is signed in; ``page.base`` stands in ``live_server.url``."""

    def open_page(user: User) -> Any:
        context.add_cookies([session_cookie(user, live_server.url)])
        return context.new_page()

    return open_page
