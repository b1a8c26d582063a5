"""Words of a text in Chinese and English, and the tokens that name one thing exactly."""

import re
from collections import Counter
from functools import lru_cache

import rjieba

from matchmaking.engine.text.normalising import normalised
from matchmaking.engine.types.rows import code_number

PAIR = "~"
CJK = "\u3400-\u4dbf\u4e00-\u9fff"
RUN = re.compile(rf"[{CJK}]+|[a-z0-9]+(?:[-.+/][a-z0-9]+)*")
JOINT = re.compile(r"[-.+/]")
AMOUNT = re.compile(r"^\d{1,2}$|^\d{1,3}(?:[.,]\d+)+$")
"""Figures that are no words; longer ones name sizes and grades (6204, 304)."""
PLURAL = re.compile(r"(?<=[a-z]{3})s$")
IDENTIFIER = re.compile(r"(?<![a-z0-9])(?=[a-z0-9./-]*\d)(?=[a-z0-9./-]*[a-z-])[a-z0-9]+(?:[-./]?[a-z0-9]+)*")
LEAST_IDENTIFIER = 4
"""Characters that a token with a digit has at least to name something."""
UNITS_OF_FIGURES = r"(?:[mk]?pa|[mcun]?m|[km]?wh?|m?ah|k?v|[gmk]?hz|inch|kg|k?n|rpm|ml|l|a|g|t|oz)"
STAINLESS, BEARING = r"(?:\u4e0d\u9508\u94a2|stainless)", r"(?:\u8f74\u627f|bearing)"
SPECIFICATION = re.compile(
    rf"(?<![a-z0-9.-])\d+(?:\.\d+)?{UNITS_OF_FIGURES}(?![a-z0-9])"
    r"|(?<![a-z0-9])m\d{1,2}(?![a-z0-9.])"
    rf"|(?<![a-z0-9.])[234]\d\dl?(?= ?{STAINLESS})|(?<=\u4e0d\u9508\u94a2)[234]\d\dl?(?![a-z0-9])"
    rf"|(?<![a-z0-9.])\d{{4,5}}(?=[a-z {CJK}]{{0,24}}{BEARING})|(?<=\u8f74\u627f)\d{{4,5}}(?![a-z0-9.])"
)
"""Short marks of a variant: figures with a unit (12v, 24v), threads, grades of stainless steel, sizes of bearings."""
COUNT_UNITS = "\u4ef6\u53f0\u5957\u53ea\u652f\u6279\u7247\u4e2a\u5428\u540d\u4eba\u5bb6\u6761\u5ea7\u8f86"
OF_COUNTS = "\u4ea7\u4f9b\u9700\u7ea6\u53ef\u80fd\u4ea4\u8ba2\u8d2d\u505a\u51fa\u8fbe\u8ba1\u5171"
"""Signs that stand between a period and its amount: made, supplied, wanted, about; any other word tells more."""
COUNTED = re.compile(
    rf"[\u6bcf]?[\u5e74\u6708\u65e5\u5929\u5b63][{OF_COUNTS}]{{0,3}}?\d+(?:\.\d+)?\s*[{COUNT_UNITS}](?:/[\u6708\u5e74\u5929])?"
    rf"|\d+(?:\.\d+)?\s*[{COUNT_UNITS}]/?[\u6bcf]?[\u6708\u5e74\u5929\u65e5]?"
    r"|\d+\s*(?:pcs|pieces|units|sets|tonnes?|tons?|people|boards)?\s*(?:/|per|a|an)\s*(?:year|yr|month|mo|day|week|annum)\b"
    r"|\b\d+\s*(?:pcs|pieces|units|people)\b"
)
"""Counts with their unit and period: the quantity factor decides on them, not the words."""
SILENT = frozenset(
    (
        *(
            "\u6bcf\u6708",
            "\u6bcf\u5e74",
            "\u6bcf\u5929",
            "\u6bcf\u65e5",
            "\u6bcf\u5468",
            "\u6bcf\u5b63",
            "\u6bcf\u6279",
        ),
        *(
            "\u6708\u4efd",
            "\u5e74\u5ea6",
            "\u5b63\u5ea6",
            "\u6bcf\u5957",
            "\u6bcf\u4ef6",
            "\u4e07\u4ef6",
            "\u4e07\u5957",
        ),
        *(
            "\u4e07\u5428",
            "\u6c42\u8d2d",
            "\u5bfb\u627e",
            "\u91c7\u8d2d",
            "\u9700\u8981",
            "\u6708\u9700",
            "\u5e74\u9700",
        ),
        *("\u5e74\u4ea7", "\u6708\u4ea7", "\u4f9b\u5e94\u5546", "\u6708\u4ea7\u80fd", "\u5e74\u4ea7\u80fd"),
        *("month", "monthly", "year", "yearly", "annual", "annually", "week", "weekly", "day", "daily", "per", "each"),
        *("piece", "pcs", "set", "unit", "and", "the", "for", "with", "of", "in", "on", "to", "or", "from", "by", "at"),
        *("an", "as", "is", "are", "be", "we", "our"),
    )
)
"""Words of periods, units, asking and grammar, which say nothing about a product: neither scored nor shown."""


def told_of(plain: str) -> str:
    """A normalised text without what the structured factors decide: counts with unit and period."""
    return COUNTED.sub(" ", plain)


def lexical_terms(told: str) -> Counter[str]:
    """Terms of a normalised text with how often each occurs: words, pairs of characters, codes whole and split."""
    terms: Counter[str] = Counter()
    for run in RUN.findall(told):
        if run.isascii():
            terms.update(latin_terms(run))
        else:
            pairs = (run[i : i + 2] for i in range(len(run) - 1))
            terms.update(f"{PAIR}{pair}" for pair in pairs if pair not in SILENT)
            terms.update(chinese_words(run))
    return terms


def identifiers_of(told: str) -> tuple[str, ...]:
    """Models, grades and dimensions of a normalised text, each once: tokens with a digit and four characters or more,
    and shorter specifications.
    """
    plain = (found.replace("-", "").replace("/", "") for found in IDENTIFIER.findall(told))
    long = (token for token in plain if len(token) >= LEAST_IDENTIFIER)
    return tuple(dict.fromkeys((*long, *SPECIFICATION.findall(told))))


@lru_cache(maxsize=262_144)
def term_number(term: str) -> int:
    """Number of a term, the same in every process."""
    return code_number(term)


@lru_cache(maxsize=4096)
def named_in(text: str) -> tuple[str, ...]:
    """Identifiers of a text as it was written."""
    return identifiers_of(told_of(normalised(text)))


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """Words of a text as people would say them: without pairs of characters."""
    words: set[str] = set()
    for run in RUN.findall(normalised(text)):
        words.update(latin_terms(run) if run.isascii() else chinese_words(run))
    return frozenset(words)


def shared_terms(need: str, capacity: str, limit: int = 4) -> list[str]:
    """At most ``limit`` words that both texts use, longest first; for people to read."""
    return sorted(words_of(need) & words_of(capacity), key=lambda word: (-len(word), word))[:limit]


def shared_identifiers(need: str, capacity: str, limit: int = 3) -> list[str]:
    """At most ``limit`` of the need's identifiers that the capacity names too, in its order; for people to read."""
    return [token.upper() for token in named_in(need) if token in named_in(capacity)][:limit]


def chinese_words(run: str) -> list[str]:
    """Words of two characters and more in a run of Chinese."""
    return [word for word in rjieba.cut(run) if len(word) > 1 and word not in SILENT]


def latin_terms(run: str) -> list[str]:
    """Words of a run of letters and digits, a light plural stripped; a joined code whole, without its joints and in its
    parts.
    """
    parts = [run] if run.isalnum() else [run, *JOINT.split(run)]
    if IDENTIFIER.fullmatch(run) and not run.isalnum():
        parts.append(JOINT.sub("", run))
    words = (
        PLURAL.sub("", part) if part[-1] == "s" else part
        for part in parts
        if len(part) > 1 and not (part[0].isdigit() and AMOUNT.match(part))
    )
    return [word for word in words if word not in SILENT]
