"""Texts as they are compared: one script, one width, one way to write a number and its unit."""

import re
import unicodedata

import opencc

LONGEST_TEXT = 4_000
"""Characters of a text that are read; more adds nothing and could be an attack."""

UNITS = {
    "\u5146\u5e15": "mpa", "\u5343\u5e15": "kpa", "\u6beb\u7c73": "mm", "\u5398\u7c73": "cm", "\u5fae\u7c73": "um",
    "\u7eb3\u7c73": "nm", "\u5343\u74e6\u65f6": "kwh", "\u5343\u74e6": "kw", "\u5146\u74e6": "mw", "\u5b89\u65f6": "ah",
    "\u5343\u4f0f": "kv", "\u4f0f": "v", "\u74e6": "w", "\u5409\u8d6b": "ghz", "\u5146\u8d6b": "mhz",
    "\u5343\u8d6b": "khz", "\u8d6b\u5179": "hz", "\u6444\u6c0f\u5ea6": "c", "\u82f1\u5bf8": "inch",
    "\u516c\u65a4": "kg", "\u5343\u514b": "kg", "\u5343\u725b": "kn", "\u725b\u7c73": "nm", "\u4e07\u50cf\u7d20": "wpx",
    "\u8f6c/\u5206": "rpm", "\u8f6c\u6bcf\u5206": "rpm", "r/min": "rpm", "\u8f6c": "rpm", "\u03bcm": "um",
    "\u00b0c": "c", "\u5ea6": "deg", "liter": "l", "litre": "l", "\u6beb\u5347": "ml",
}  # fmt: skip
"""Units of specifications as people write them, and as they are compared."""
TEN_THOUSAND, HUNDRED_MILLION = "\u4e07", "\u4ebf"
_SIMPLE = opencc.OpenCC("t2s")
_DIGIT = re.compile(r"\d")
_SEPARATED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_UNIT = re.compile(rf"(\d)\s*({'|'.join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))})")
_SPACED = re.compile(r"(\d) (mpa|kpa|bar|mm|cm|um|nm|kwh|kw|mw|ah|kv|v|w|ghz|mhz|khz|hz|inch|kg|kn|rpm|l|ml|a|g|m|k)\b")
_MYRIADS = re.compile(rf"(\d+(?:\.\d+)?)\s*([{TEN_THOUSAND}{HUNDRED_MILLION}])(?!px)")
_THOUSANDS = re.compile(r"\b(\d+(?:\.\d+)?)k(?=\s*(?:pcs|pieces|units|sets|boards|per|a\b|/|vehicle|car))")
_BAR = re.compile(r"\b(\d{2,5})bar\b")


def normalised(text: str) -> str:
    """``text`` as it is compared: compatibility forms folded, lower case, simplified characters, numbers and units
    written one way (70 MPa and 700 bar are 70mpa), cut at LONGEST_TEXT, blanks single.
    """
    folded = text[:LONGEST_TEXT].casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", text[:LONGEST_TEXT].encode("utf-8", "ignore").decode()).casefold()
        folded = _SIMPLE.convert(folded)
    plain = " ".join(folded.split())
    if not _DIGIT.search(plain):
        return plain
    plain = _SEPARATED.sub("", plain)
    plain = _THOUSANDS.sub(lambda found: _multiplied(found[1], 1_000), plain)
    plain = _MYRIADS.sub(
        lambda found: _multiplied(found[1], 10_000 if found[2] == TEN_THOUSAND else 100_000_000), plain
    )
    plain = _UNIT.sub(lambda found: found[1] + UNITS[found[2]] + " ", plain)
    plain = _SPACED.sub(r"\1\2", plain)
    return _BAR.sub(lambda found: f"{int(found[1]) / 10:g}mpa", plain)


def _multiplied(amount: str, factor: int) -> str:
    return f"{round(float(amount) * factor)}" if len(amount) < 10 else amount
