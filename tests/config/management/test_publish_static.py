"""Static files are collected when one of them changed, and not otherwise."""

import io

import pytest
from django.core.management import call_command


@pytest.fixture
def sources(tmp_path, settings):
    """One source folder with one file, and an empty target."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "site.css").write_text("a{}", encoding="utf-8")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    return folder


def publish() -> str:
    """Run the command; what it said."""
    said = io.StringIO()
    call_command("publish_static", stdout=said)
    return said.getvalue().strip()


def test_second_run_has_nothing_to_do(sources):
    assert [publish(), publish()] == ["published", "unchanged"]


def test_changed_file_is_published_and_the_old_form_goes(sources, settings):
    publish()
    before = {path.name for path in settings.STATIC_ROOT.glob("site.*.css")}
    (sources / "site.css").write_text("a{color:red}", encoding="utf-8")

    assert publish() == "published"

    after = {path.name for path in settings.STATIC_ROOT.glob("site.*.css")}
    assert (len(before), len(after), before & after) == (1, 1, set())


def test_lost_target_is_made_again(sources, settings):
    publish()
    for path in settings.STATIC_ROOT.iterdir():
        path.unlink()
    settings.STATIC_ROOT.rmdir()

    assert publish() == "published"
    assert (settings.STATIC_ROOT / "staticfiles.json").exists()
