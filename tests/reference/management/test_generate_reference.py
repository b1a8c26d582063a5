"""The generator writes the files, leaves equal ones alone, and --check fails on a difference."""

import json

import pytest
from django.core.management import CommandError, call_command

from reference.imports import AUTHORED_FOLDER, Tables, parameter_rows
from reference.services import FIXTURE_FOLDER, read_fixture


def generated(domain, folder, capsys, *flags):
    """The line that the command prints."""
    call_command("generate_reference", "--from", str(domain), "--to", str(folder), *flags)
    return capsys.readouterr().out


def test_generating_writes_each_file_once(domain, authored, capsys):
    folder = authored.parent

    assert generated(domain, folder, capsys) == "21 rows in 13 files, 13 files changed\n"
    assert generated(domain, folder, capsys) == "21 rows in 13 files, 0 files changed\n"
    assert generated(domain, folder, capsys, "--check") == "21 rows in 13 files, 0 files changed\n"


def test_files_are_readable_text_with_one_row_a_line(domain, authored, capsys):
    generated(domain, authored.parent, capsys)

    raw = (authored.parent / "chains.json").read_bytes()

    assert (
        raw.decode("utf-8").splitlines()[1].startswith('{"code": "EQUIP", "slug": "equip", "name_zh": "装备制造产业链"')
    )
    assert (raw[:2], raw[-2:], b"\r" in raw, len(json.loads(raw))) == (b"[\n", b"]\n", False, 1)


def test_check_names_the_file_that_differs_and_writes_nothing(domain, authored, capsys):
    generated(domain, authored.parent, capsys)
    (authored.parent / "units.json").write_text("[]\n", encoding="utf-8")

    with pytest.raises(CommandError, match="units"):
        generated(domain, authored.parent, capsys, "--check")

    assert (authored.parent / "units.json").read_text(encoding="utf-8") == "[]\n"


def test_a_folder_without_the_tables_is_refused(tmp_path, authored):
    with pytest.raises(CommandError, match="regions.csv"):
        call_command("generate_reference", "--from", str(tmp_path), "--to", str(authored.parent))


def test_the_committed_parameters_are_what_the_committed_additions_give(domain):
    tables = Tables(domain, FIXTURE_FOLDER / AUTHORED_FOLDER)

    assert parameter_rows(tables) == read_fixture("parameters")
