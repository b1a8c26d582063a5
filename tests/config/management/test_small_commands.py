"""The commands for texts and sign-ins: what they say, and when they fail."""

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config.launcher.places import ROOT


def said(command: str, *arguments: str) -> str:
    """Run a command; what it printed."""
    output = io.StringIO()
    call_command(command, *arguments, stdout=output)
    return output.getvalue().strip()


@pytest.fixture
def project(tmp_path, settings):
    """A small project with one message."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "views.py").write_text('_("Save")\n', encoding="utf-8")
    settings.BASE_DIR = tmp_path
    return tmp_path


def test_check_of_an_incomplete_catalogue_fails_and_lists_what_is_missing(project):
    with pytest.raises(CommandError, match=r"missing: 'Save' \(web/views.py\)\n1 faults"):
        call_command("collect_translations", "--check")

    assert not (project / "locale").exists()


def test_collected_filled_and_compiled_catalogue_passes_the_check(project):
    assert said("collect_translations") == "1 messages, 1 added, 0 dropped"
    path = project / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.write_text(path.read_text(encoding="utf-8").replace('msgstr ""\n', 'msgstr "保存"\n'), encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgid ""\nmsgstr "保存"', 'msgid ""\nmsgstr ""'), encoding="utf-8")

    assert said("collect_translations", "--check") == "1 messages, complete"
    assert [said("compile_translations"), said("compile_translations")] == ["compiled", "unchanged"]


@pytest.mark.django_db
def test_nobody_can_sign_in_while_the_demo_is_not_loaded():
    assert json.loads(said("demo_sign_ins", "--json")) == []
    assert said("demo_sign_ins") == ""


def test_ci_runs_both_commands_and_closes_on_verify():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    assert lines[-2:] == ["python3 manage.py up --check", "python3 manage.py verify"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111 == 0o111
