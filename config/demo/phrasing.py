"""Names and texts of invented firms and postings, from the words of the trade and the phrases in fixtures/demo."""

import random
from decimal import Decimal
from typing import Any

from config.demo.rows import Book, demo_object
from reference.models import GlossaryTerm, Unit

LONGEST = {"name": 120, "name_en": 160, "alias": 60, "contact": 80}
"""Letters that the columns of a firm hold."""
LONGEST_TITLE = 120
SENTENCES = (2, 4)
"""Fewest and most sentences of a text."""


class Phrasing:
    """Words by node and language, phrases by direction."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.phrases = demo_object("phrases")
        self.words: dict[str, dict[str, list[str]]] = {"zh-hans": {}, "en": {}}
        for code, node in book.nodes.items():
            self.words["zh-hans"][code] = [node.name_zh, *node.aliases_zh]
            self.words["en"][code] = [node.name_en, *node.aliases_en]
        for zh, en, code in GlossaryTerm.objects.filter(node__isnull=False).values_list(
            "term_zh", "term_en", "node__code"
        ):
            self.words["zh-hans"][code].append(zh)
            self.words["en"][code].append(en)
        self.all_words = {
            language: sorted({w for ws in by.values() for w in ws}) for language, by in self.words.items()
        }

    def firm(self, node: str, region: str, number: int, dice: random.Random) -> dict[str, str]:
        """Name in both languages, alias, introduction and contact person."""
        told = {
            "place": self.book.regions[region].short_zh,
            "place_en": self.book.regions[region].short_en,
            "term": dice.choice(self.words["zh-hans"][node]),
            "number": number + 1,
        }
        return {name: phrase.format(**told)[: LONGEST.get(name)] for name, phrase in self.phrases["firm"].items()}

    def posting(
        self,
        direction: str,
        language: str,
        node: str,
        region: str,
        quantity: Decimal,
        unit: Unit,
        period: str,
        dice: random.Random,
    ) -> tuple[str, str]:
        """Title and text."""
        phrases = self.phrases[language]
        english = language == "en"
        place = self.book.regions[region]
        told: dict[str, Any] = {
            "term": dice.choice(self.words[language][node]),
            "other": dice.choice(self.all_words[language]),
            "place": place.short_en if english else place.short_zh,
            "amount": f"{quantity:,}" if english else f"{quantity}",
            "unit": unit.name_en if english else unit.name_zh,
            "per": phrases["per"][period],
            "a": dice.randint(2, 60),
            "b": dice.randint(10, 95),
            "c": dice.randint(2, 200),
            "d": dice.randint(12, 480),
            "q": dice.randint(950, 999) / 10,
            "year": dice.randint(2008, 2026),
        }
        sentences = dice.sample(phrases[f"{direction}_text"], dice.randint(*SENTENCES))
        title = dice.choice(phrases[direction]).format(**told)[:LONGEST_TITLE]
        return title, (" " if english else "").join(sentences).format(**told)
