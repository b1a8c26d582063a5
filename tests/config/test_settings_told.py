"""Every variable that the code reads from the environment stands in the document, and no other."""

import re

from config.launcher.places import ROOT

READS = re.compile(r"""(?:environ(?:\.get\(|\.setdefault\(|\[)|\benv\.\w+\()\s*["']([A-Z][A-Z_]+)["']""")
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "PATH", "PYTHONPATH"}
"""Variables of Django, Python and the shell."""
FOLDERS = ("config", "accounts", "api", "common", "matchmaking", "reference", "web", "tests")


def test_every_variable_is_told_and_none_that_is_not_read():
    sources = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    read = {name for path in sources for name in READS.findall(path.read_text(encoding="utf-8"))} - NOT_OURS
    told = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), re.M)

    assert sorted(told) == sorted(read)
