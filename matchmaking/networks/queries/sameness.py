"""Whether two names in lists mean one firm: surely, perhaps, or not. Plain values, no database."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rapidfuzz import fuzz, process

from common.values import normalise_code

LEGAL_FORM = re.compile(
    "\u6709\u9650\u8d23\u4efb\u516c\u53f8|\u80a1\u4efd\u6709\u9650\u516c\u53f8|\u6709\u9650\u516c\u53f8|\u96c6\u56e2|\u516c\u53f8|"
    r"\b(?:co|ltd|limited|inc|corp|corporation|company|group|llc|gmbh)\b"
)
"""What says how a firm is made up and not which it is, in Chinese (limited company and the like) and in English."""
NOT_A_LETTER = re.compile(r"[\W_]+")
NUMBERS = re.compile("[0-9\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]+")
"""Digits and Chinese numerals: plants number one and number two are two firms, however alike their names."""
LEAST_LIKENESS = 87.0
"""Percent of likeness of two names, without legal forms, from which somebody has to say whether they are one."""
SHORTEST_LIKE = 4
"""Characters below which likeness says nothing."""
MOST_LIKE = 3
LONGEST_MARK = 200


class Likeness(Enum):
    """How one name stands to another."""

    SAME = "same"
    DOUBTFUL = "doubtful"
    OTHER = "other"


def folded(name: str) -> str:
    """A name without what writers differ in: width, case, blanks and marks."""
    return NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", name).casefold())


def core(name: str) -> str:
    """A folded name without its legal form; the whole where nothing else is left."""
    plain = LEGAL_FORM.sub("", unicodedata.normalize("NFKC", name).casefold())
    return NOT_A_LETTER.sub("", plain) or folded(name)


@dataclass(frozen=True)
class Called:
    """What a list calls a firm: its name, the buyer's own number and the credit code, empty where not told."""

    name: str
    external_key: str = ""
    uscc: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """By what a decision knows it again, the surest first."""
        found = (
            f"number:{normalise_code(self.external_key)}" if self.external_key else "",
            f"code:{self.uscc}" if self.uscc else "",
            f"name:{folded(self.name)}",
        )
        return tuple(mark[:LONGEST_MARK] for mark in found if mark)


def compared(one: Called, other: Called) -> Likeness:
    """How two names stand to each other by what they tell alone; the own number goes before all else."""
    if one.external_key and other.external_key and same_number(one, other):
        return Likeness.SAME
    if one.uscc and other.uscc:
        return Likeness.SAME if one.uscc == other.uscc else Likeness.OTHER
    numbers_differ = bool(one.external_key and other.external_key)
    if folded(one.name) == folded(other.name):
        return Likeness.DOUBTFUL if numbers_differ else Likeness.SAME
    return Likeness.DOUBTFUL if is_like(core(one.name), core(other.name)) else Likeness.OTHER


def same_number(one: Called, other: Called) -> bool:
    """Whether both have the same own number, however it is written."""
    return normalise_code(one.external_key) == normalise_code(other.external_key)


def is_like(one: str, other: str) -> bool:
    """Whether two cores of names are so alike that somebody has to decide."""
    if one == other:
        return True
    if min(len(one), len(other)) < SHORTEST_LIKE or NUMBERS.findall(one) != NUMBERS.findall(other):
        return False
    return fuzz.ratio(one, other) >= LEAST_LIKENESS


Decisions = Mapping[tuple[str, str], bool]


def decided(decisions: Decisions, one: Iterable[str], other: Iterable[str]) -> bool | None:
    """What was decided of two, by any of their marks; None where nothing was."""
    others = tuple(other)
    for mark in one:
        for far in others:
            for pair in ((mark, far), (far, mark)):
                if pair in decisions:
                    return decisions[pair]
    return None


@dataclass
class Known:
    """Firms that were read already, found again by number, code, name or likeness."""

    decisions: Decisions
    things: list[tuple[Called, Any]] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    cores: dict[int, str] = field(default_factory=dict)
    linked: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find decisions by either of the two that they are about."""
        for mark, far in self.decisions:
            self.linked.setdefault(mark, []).append(far)
            self.linked.setdefault(far, []).append(mark)

    def add(self, called: Called, thing: Any) -> None:
        """Remember ``thing`` as what is ``called`` so; a thing may be called by several."""
        at = len(self.things)
        self.things.append((called, thing))
        self.cores[at] = core(called.name)
        for mark in (*called.marks, f"core:{self.cores[at]}"):
            self.places.setdefault(mark, []).append(at)

    def find(self, called: Called) -> tuple[Any, list[tuple[Called, Any]]]:
        """The thing that this surely is (None for a new one), and those that it may be and nobody decided on."""
        doubtful: dict[int, tuple[Called, Any]] = {}
        for at in self._near(called):
            other, thing = self.things[at]
            answer = decided(self.decisions, called.marks, other.marks)
            likeness = compared(called, other) if answer is None else Likeness.SAME if answer else Likeness.OTHER
            if likeness is Likeness.SAME:
                return thing, []
            if likeness is Likeness.DOUBTFUL:
                doubtful.setdefault(id(thing), (other, thing))
        return None, list(doubtful.values())

    def _near(self, called: Called) -> list[int]:
        """Places of what could be the same: those decided on and equal in something first, then those alike."""
        own = core(called.name)
        marks = [*called.marks, f"core:{own}", *(far for mark in called.marks for far in self.linked.get(mark, ()))]
        near = [at for mark in marks for at in self.places.get(mark, ())]
        if len(own) >= SHORTEST_LIKE:
            alike = process.extract(own, self.cores, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS, limit=MOST_LIKE)
            near += [at for _core, _score, at in alike]
        return list(dict.fromkeys(near))
