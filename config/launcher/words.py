"""What the launcher says, in English with a Chinese line below: Django's translations do not exist yet at that moment.

The words lie in ``words.json``: for each code one text in English and one in Chinese, with the same placeholders.
"""

import json
import sys
from pathlib import Path

WORDS: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))


class Stopped(Exception):
    """The launcher cannot go on; ``code`` names the words that say why and what to do, ``facts`` fill them."""

    def __init__(self, code: str, *, details: str = "", **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
        self.facts = facts

    def __str__(self) -> str:
        return "\n".join(part for part in (self.details.rstrip(), *lines(self.code, **self.facts)) if part)


def lines(code: str, **facts: object) -> tuple[str, str]:
    """The English and the Chinese text of ``code``, filled with ``facts``."""
    return WORDS[code]["en"].format(**facts), WORDS[code]["zh"].format(**facts)


def label(code: str) -> str:
    """Both languages of a short name on one line, English first."""
    return " · ".join(lines(code))


def say(code: str, **facts: object) -> None:
    """Print both languages of ``code``."""
    print(*lines(code, **facts), sep="\n", flush=True)


def make_output_safe() -> None:
    """Let a terminal that cannot show Chinese print question marks instead of stopping the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
