"""Explains one pair for support: verdict, points per factor, reasons, gaps and hints."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import Refused
from common.reason_texts import text_of
from common.values import normalise_code
from matchmaking.engine.types.results import MUSTS, Note
from matchmaking.matching.services.suggestions import SuggestedMatch, explain_for_support


class Command(BaseCommand):
    """Prints what the engine says of a need and a capacity, whether they fit or not; refuses clearly."""

    help = "Explain one pair: verdict, points per factor that add up, reasons, gaps in order of cost, and hints."

    def add_arguments(self, parser: CommandParser) -> None:
        """Both numbers, the language of the texts, and plain text or JSON."""
        parser.add_argument("need")
        parser.add_argument("capacity")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes nothing to the database; hidden figures are told by their class alone, as on the pages."""
        numbers = [normalise_code(options[name]) for name in ("need", "capacity")]
        try:
            pair = explain_for_support(need=numbers[0], capacity=numbers[1])
        except Refused as refusal:
            raise CommandError(text_of(refusal.reason, options["language"], dict(refusal.facts))) from refusal
        told = told_of(pair, options["language"])
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) if options["json"] else written(told))


def told_of(pair: SuggestedMatch, language: str) -> dict[str, Any]:
    """The pair as plain values."""

    def notes(some: tuple[Note, ...]) -> list[dict[str, Any]]:
        return [
            {"code": note.reason.value, "text": text_of(note.reason, language, dict(note.facts)), **note.facts}
            for note in some
        ]

    return {
        "fits": not any(note.reason in MUSTS for note in pair.gaps),
        "points": str(pair.points),
        "grade": pair.grade,
        "parts": {part.factor: [str(part.points), str(part.maximum)] for part in pair.parts},
        "reasons": notes(pair.reasons),
        "gaps": notes(pair.gaps),
        "hints": notes(pair.hints),
    }


def written(told: dict[str, Any]) -> str:
    """Plain values as lines for a person."""
    lines = [f"{'fits' if told['fits'] else 'does not fit'}: {told['points']} points, grade {told['grade']}"]
    lines += [f"  {factor:<13}{points:>6} of {most}" for factor, (points, most) in told["parts"].items()]
    for kind in ("reasons", "gaps", "hints"):
        lines.append(f"{kind}:")
        lines += [f"  {note['code']}: {note['text']}" for note in told[kind]] or ["  none"]
    return "\n".join(lines)
