"""The settings file: a key of its own for each installation, and safe where the environment says nothing."""

import os
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from config.launcher.places import ROOT
from config.settings import secret_key


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)


def asked(tmp_path, name: str, **surroundings: str) -> str:
    """Value of one setting in a process of its own with a fresh data folder."""
    done = subprocess.run(
        [sys.executable, "-c", f"from config import settings; print(settings.{name})"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "CHUANYU_DATA_DIR": str(tmp_path), **surroundings},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_secret_key_is_made_once_for_its_owner_only(tmp_path):
    key = secret_key(tmp_path / "data")

    assert secret_key(tmp_path / "data") == key
    assert len(key) >= 64
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600


def test_two_installations_have_two_keys(tmp_path):
    assert secret_key(tmp_path / "one") != secret_key(tmp_path / "two")


def test_secret_key_from_outside_is_used_and_not_written(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from outside")

    assert secret_key(tmp_path) == "from outside"
    assert list(tmp_path.iterdir()) == []


def test_secret_key_that_cannot_be_written_says_what_to_do(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY, or let this folder be written"):
        secret_key(tmp_path / "file" / "data")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "False"),
        ("ALLOWED_HOSTS", "['127.0.0.1', 'localhost', '[::1]']"),
        ("SESSION_COOKIE_HTTPONLY", "True"),
        ("CSRF_COOKIE_SAMESITE", "Lax"),
        ("SECURE_HSTS_SECONDS", "0"),
    ],
)
def test_setting_is_safe_where_nothing_is_said(tmp_path, name, value):
    assert asked(tmp_path, name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_COOKIE_SECURE", "True"),
        ("CSRF_COOKIE_SECURE", "True"),
        ("SECURE_SSL_REDIRECT", "True"),
        ("SECURE_HSTS_SECONDS", "31536000"),
    ],
)
def test_behind_tls_cookies_and_addresses_are_for_tls_only(tmp_path, name, value):
    assert asked(tmp_path, name, BEHIND_TLS="1") == value


def test_content_policy_allows_nothing_inline(settings):
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert policy["default-src"] == ["'self'"]
    assert [source for sources in policy.values() for source in sources if "unsafe" in source or "*" in source] == []


def test_sqlite_waits_and_writes_at_once(tmp_path):
    options = asked(tmp_path, "DATABASE['OPTIONS']")

    assert "'transaction_mode': 'IMMEDIATE'" in options
    assert "'timeout': 20" in options
    assert "journal_mode=WAL" in options


def test_postgresql_is_chosen_by_its_address(tmp_path):
    assert asked(tmp_path, "DATABASE['ENGINE']", DATABASE_URL="postgres://u:p@127.0.0.1/x").endswith("postgresql")


def test_passwords_are_hashed_with_argon2_at_full_strength(tmp_path):
    """Tests themselves hash lightly; an installation does not."""
    preferred = asked(tmp_path, "PASSWORD_HASHERS[0]")
    strength = import_string(preferred)

    assert preferred == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert strength.memory_cost >= 64 * 1024
    assert strength.time_cost >= 2
