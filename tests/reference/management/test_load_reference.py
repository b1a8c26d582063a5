"""The command prints one line of figures and says which file it could not read."""

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def test_a_second_load_prints_that_nothing_changed(capsys):
    call_command("load_reference")

    assert capsys.readouterr().out == "reference: 0 created, 0 updated, 3596 unchanged, 0 retired, 0 deleted\n"


def test_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(CommandError, match="regions"):
        call_command("load_reference", "--from", str(tmp_path))
