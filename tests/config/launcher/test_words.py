"""What the launcher says: both languages, the same facts, and every code is used."""

import re
from string import Formatter

import pytest

from config.launcher.places import ROOT
from config.launcher.words import WORDS, Stopped, label, lines

CHINESE = re.compile(r"[\u4e00-\u9fff]")
FAILURES = (
    "no_network", "hash_mismatch", "install_failed", "no_permission", "disk_full", "port_in_use", "port_forbidden",
    "host_unknown", "no_answer", "child_died", "database_unusable", "no_installer", "windows", "step_failed",
)  # fmt: skip


def facts(text: str) -> set[str]:
    """Names of the placeholders in a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", WORDS)
def test_words_are_told_in_both_languages_with_the_same_facts(code):
    assert facts(WORDS[code]["en"]) == facts(WORDS[code]["zh"])
    assert CHINESE.search(WORDS[code]["en"]) is None
    assert CHINESE.search(WORDS[code]["zh"])


@pytest.mark.parametrize("code", FAILURES)
def test_words_for_a_failure_say_what_to_do(code):
    assert "What to do: " in WORDS[code]["en"]


def test_every_code_is_used_and_every_used_code_exists():
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "config").rglob("*.py"))
    steps = {f"step_{name}" for name in re.findall(r'^    "(\w+)": \{', text, flags=re.MULTILINE)}

    named = set(re.findall(r'(?:say|Stopped|Step|label|lines)\(\s*"(\w+)"', text))

    assert named - WORDS.keys() == set()
    assert [code for code in WORDS if f'"{code}"' not in text and code not in steps] == []


def test_stopped_shows_details_first_then_both_languages():
    stopped = Stopped("port_in_use", details="last line\n", host="127.0.0.1", port=80, other=8080)

    shown = str(stopped).splitlines()

    assert shown[0] == "last line"
    assert shown[1].startswith("Port 80 on 127.0.0.1 is in use.")
    assert CHINESE.search(shown[2])


def test_label_puts_both_languages_on_one_line():
    assert label("step_start") == " · ".join(lines("step_start"))
