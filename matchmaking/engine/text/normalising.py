"""Texts as they are compared: one script, one width, one way to write a number and its unit."""

import re
import unicodedata

import opencc

LONGEST_TEXT = 8_200
"""Characters of a text that are read: all of a title and a description; more could be an attack."""

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
TEN_THOUSANDS = 10_000
_SIMPLE = opencc.OpenCC("t2s")
_DIGIT = re.compile(r"\d")
_SEPARATED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_UNIT = re.compile(rf"(\d)\s*({'|'.join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))})")
_FIGURE_UNITS = r"mpa|kpa|bar|mm|cm|um|nm|kwh|kw|mw|ah|kv|v|w|ghz|mhz|khz|hz|inch|kg|kn|rpm|l|ml|a|g|m|k"
_SPACED = re.compile(rf"(\d) ({_FIGURE_UNITS})(?![a-z0-9])")
_MYRIADS = re.compile(rf"(\d+(?:\.\d+)?)\s*([{TEN_THOUSAND}{HUNDRED_MILLION}])(?!px)")
_THOUSANDS = re.compile(r"\b(\d+(?:\.\d+)?)k(?=\s*(?:pcs|pieces|units|sets|boards|per|a\b|/|vehicle|car))")
_NUMERALS = {
    "\u96f6": 0,
    "\u4e00": 1,
    "\u4e8c": 2,
    "\u4e24": 2,
    "\u4e09": 3,
    "\u56db": 4,
    "\u4e94": 5,
    "\u516d": 6,
    "\u4e03": 7,
    "\u516b": 8,
    "\u4e5d": 9,
}
_STEPS = {"\u5341": 10, "\u767e": 100, "\u5343": 1000, "\u4e07": 10000, "\u4ebf": 100000000}
_NUMERAL = re.compile(
    r"[\u96f6\u4e00\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e\u5343\u4e07\u4ebf]{1,12}"
    r"(?=[\u4ef6\u53f0\u5957\u53ea\u652f\u6279\u7247\u4e2a\u5428\u540d\u4eba\u5bb6\u6761\u5ea7\u8f86\u7bb1\u5377\u7c73]|\u5146\u5e15|\u6beb\u7c73|\u5343\u74e6|\u516c\u65a4|\u5e73\u65b9)"
)
"""Chinese numerals before a unit; elsewhere they are part of a name (five-axis, three-in-one)."""
_SIGNS = str.maketrans(
    {"\u00d7": "x", "\u2715": "x", "\u00f8": "\u03c6", "\u2300": "\u03c6", "\u2205": "\u03c6", "\u0444": "\u03c6"}
)
"""Signs of products and of diameters that look alike, casefolded."""
_PRODUCT = re.compile(r"(?<![a-wyz0-9.])(m?\d+(?:\.\d+)?)\s*[x*]\s*(?=\d)")
DIAMETER = "\u76f4\u5f84"
"""Stands before every diameter however it is written, so that the word itself finds it."""
_DIAMETER = re.compile(r"(?:\u03c6|\u76f4\u5f84|\b(?:diameter|dia)\b\.?)\s*(\d+(?:\.\d+)?)(?:mm)?(?![a-z0-9])")
_RANGE = re.compile(
    r"(?<![a-z0-9./-])(\d+(?:\.\d+)?)\s*(?:[-~\u2013\u2014]|\u81f3|\u5230|\bto\b)\s*"
    rf"(\d+(?:\.\d+)?)({_FIGURE_UNITS})(?![a-z0-9])"
)
_BAR = re.compile(r"\b(\d{2,5})bar\b")


def normalised(text: str) -> str:
    """``text`` as it is compared: compatibility forms folded, lower case, simplified characters, numbers and units
    written one way (70 MPa and 700 bar are 70mpa, both ends of a range carry its unit), cut at LONGEST_TEXT, blanks
    single.
    """
    folded = text[:LONGEST_TEXT].casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", text[:LONGEST_TEXT].encode("utf-8", "ignore").decode()).casefold()
        folded = _SIMPLE.convert(folded)
    plain = " ".join(folded.translate(_SIGNS).split())
    plain = _NUMERAL.sub(lambda found: _counted(found[0]), plain)
    if not _DIGIT.search(plain):
        return plain
    plain = _SEPARATED.sub("", plain)
    plain = _PRODUCT.sub(r"\1x", plain)
    plain = _THOUSANDS.sub(lambda found: _multiplied(found[1], 1_000), plain)
    plain = _MYRIADS.sub(
        lambda found: _multiplied(found[1], 10_000 if found[2] == TEN_THOUSAND else 100_000_000), plain
    )
    plain = _UNIT.sub(lambda found: found[1] + UNITS[found[2]] + " ", plain)
    plain = _SPACED.sub(r"\1\2", plain)
    plain = _RANGE.sub(r"\1\3 \2\3", plain)
    plain = _DIAMETER.sub(DIAMETER + r" phi\1 ", plain)
    return _BAR.sub(lambda found: f"{int(found[1]) / 10:g}mpa", plain)


def _counted(numeral: str) -> str:
    """A Chinese numeral in figures; as it was where it is none."""
    total = section = digit = 0
    for sign in numeral:
        step = _STEPS.get(sign, 0)
        if not step:
            digit = 10 * digit + _NUMERALS[sign]
        elif step < TEN_THOUSANDS:
            section, digit = section + (digit or 1) * step, 0
        elif section + digit == 0:
            return numeral
        else:
            total += (section + digit) * step
            section = digit = 0
    return str(total + section + digit)


def _multiplied(amount: str, factor: int) -> str:
    return f"{round(float(amount) * factor)}" if len(amount) < 10 else amount
