"""Money, quantities, time windows and region codes as frozen plain values."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

MAX_AMOUNT = Decimal("1000000000000")
"""Largest amount taken anywhere, 10¹²; anything above is a slip of the keyboard."""

WAN, YI, QIAN = "\u4e07", "\u4ebf", "\u5343"
MULTIPLIERS = {WAN: Decimal(10_000), YI: Decimal(100_000_000), QIAN: Decimal(1_000), "k": Decimal(1_000)}
LONGEST_NUMBER = 60
"""Characters of a number that are read at all."""
NUMBER = re.compile(rf"^([+-]?\d+(?:\.\d+)?)({WAN}|{YI}|{QIAN}|k)?$")
SPELT_DAY = r"(\d{4}) *\u5e74 *(\d{1,2}) *\u6708 *(\d{1,2}) *[\u65e5\u53f7]"
CONTROL = {"Cc", "Cf", "Cs", "Co"}
KEPT_CONTROLS = "\n\t"
LAST_LATIN = 0x24F
"""End of Latin Extended-B; the Latin letters beyond it are small capitals and other look-alikes of plain ones."""
HAN = "CJK UNIFIED IDEOGRAPH"


class TooLarge(ValueError):
    """A number beyond MAX_AMOUNT, well written but surely a slip."""


def normalise_text(text: str) -> str:
    """``text`` without control, zero-width and direction-changing characters, line ends as LF, outer blanks removed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in KEPT_CONTROLS or unicodedata.category(c) not in CONTROL).strip()


def one_line(text: str) -> str:
    """``normalise_text`` with every run of blanks and line ends as one blank."""
    return " ".join(normalise_text(text).split())


def plain_name(text: str) -> str:
    """A name on one line, without invisible characters, its letters and digits in their plain form.

    Raises ValueError with the character for letters neither Han nor Latin and for combining marks, which pass for
    others.
    """
    plain = "".join(
        unicodedata.normalize("NFKC", c) if unicodedata.category(c)[0] in "LN" else c for c in normalise_text(text)
    )
    for character in plain:
        if is_look_alike(character):
            raise ValueError(character)
    return " ".join(plain.split())


def is_look_alike(character: str) -> bool:
    """Whether ``character`` can pass for a Han or plain Latin one without being it."""
    kind = unicodedata.category(character)[0]
    if kind == "M":
        return True
    return kind == "L" and ord(character) > LAST_LATIN and not unicodedata.name(character, "").startswith(HAN)


def normalise_code(text: str) -> str:
    """``text`` as codes are compared: full-width to half-width, upper case, no blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", normalise_text(text))).upper()


def parse_amount(text: str) -> Decimal:
    """A number as people type it: full-width digits, thousands commas, signs for 10³, 10⁴, 10⁸.

    Raises ValueError, TooLarge for a number beyond the largest.
    """
    plain = re.sub(r"[\s,\u3001\uff0c]", "", unicodedata.normalize("NFKC", normalise_text(text))).lower()
    found = NUMBER.match(plain) if len(plain) <= LONGEST_NUMBER else None
    if not found:
        raise ValueError(text)
    try:
        amount = Decimal(found[1]) * MULTIPLIERS.get(found[2], Decimal(1))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if abs(amount) > MAX_AMOUNT:
        raise TooLarge(text)
    return amount


def parse_day(text: str) -> date:
    """A day as people type it: 2027-1-1, 2027/01/01, 2027.1.1, 20270101, in Chinese with the signs of year, month and
    day, full-width too. Raises ValueError.
    """
    plain = unicodedata.normalize("NFKC", normalise_text(text))
    if spelt := re.fullmatch(SPELT_DAY, plain):
        plain = "-".join(spelt.groups())
    parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})", plain)
    if not parts:
        raise ValueError(text)
    year, month, day = (int(part) for part in parts.groups() if part)
    return date(year, month, day)


@dataclass(frozen=True)
class Money:
    """An amount in a currency (ISO 4217 code)."""

    amount: Decimal
    currency: str = "CNY"

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} + {other.currency}")
        return Money(self.amount + other.amount, self.currency)


@dataclass(frozen=True)
class Quantity:
    """An amount in a unit, by the unit's code; unlike units do not add up."""

    amount: Decimal
    unit: str

    def __add__(self, other: "Quantity") -> "Quantity":
        if other.unit != self.unit:
            raise ValueError(f"{self.unit} + {other.unit}")
        return Quantity(self.amount + other.amount, self.unit)

    def __str__(self) -> str:
        return f"{plain_amount(self.amount)} {self.unit}"


@dataclass(frozen=True)
class TimeWindow:
    """Days from ``start`` to ``end``, both included; an open end is None."""

    start: date | None
    end: date | None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"{self.start} > {self.end}")

    def covers(self, other: "TimeWindow") -> bool:
        """Whether every day of ``other`` lies inside."""
        starts = self.start is None or (other.start is not None and self.start <= other.start)
        ends = self.end is None or (other.end is not None and other.end <= self.end)
        return starts and ends


@dataclass(frozen=True)
class RegionCode:
    """Six digits of GB/T 2260."""

    code: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d{6}", self.code):
            raise ValueError(self.code)

    @property
    def stem(self) -> str:
        """The digits that every region inside shares: 51 of 510000, 5101 of 510100."""
        if self.code.endswith("0000"):
            return self.code[:2]
        return self.code[:4] if self.code.endswith("00") else self.code

    def covers(self, other: "RegionCode") -> bool:
        """Whether ``other`` is this region or lies in it."""
        return other.code.startswith(self.stem)


def plain_amount(amount: Decimal) -> str:
    """``amount`` without needless zeros and without an exponent: 1200, 0.5."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


BAND_EDGES = tuple(step * 10**power for power in range(13) for step in (1, 3))
"""1, 3, 10, 30, … up to 3·10¹²: the edges of the bands that stand for a hidden amount."""


def band_floor(amount: Decimal) -> int:
    """The largest band edge not above ``amount``; 0 below 1."""
    floor = 0
    for edge in BAND_EDGES:
        if edge > amount:
            break
        floor = edge
    return floor


SHORT_NAME_BEHIND = re.compile(r"\(([^()]*[A-Z][^()]*)\)$")
"""The short name that an English name carries in brackets at its end: (IATF 16949)."""


def certificate_label(code: str, name_zh: str, name_en: str) -> str:
    """The Chinese name of a certificate behind the short name that people search and say; alone where there is none.

    The short name stands in brackets behind the English name, or is the word of it that equals the code.
    """
    behind = SHORT_NAME_BEHIND.search(name_en)
    same = (word for word in name_en.split() if word.casefold() == code.casefold())
    short = behind[1].partition(",")[0] if behind else next(same, "")
    return f"{short} {name_zh}" if short and short.split()[0] not in name_zh else name_zh


def gini(counts: Iterable[int]) -> float:
    """How unequally a sum is spread, 0 (all alike) to just under 1 (one has all); 0 where there is nothing to spread.

    Corrado Gini's ratio of the mean difference, for counts of zero and more.
    """
    ordered = sorted(counts)
    total = sum(ordered)
    if not total:
        return 0.0
    weighted = sum(place * count for place, count in enumerate(ordered, 1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)
