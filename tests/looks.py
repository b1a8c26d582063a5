"""How pages are looked at: both languages, wide and narrow, light and dark.

The short form sees every page in each of these once, Chinese on a phone and English on a desk; the long form sees all
pairs of them.
"""

from collections.abc import Iterable
from itertools import product

import pytest

PREFIXES = {"zh": "", "en": "/en"}
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
SCHEMES = ("light", "dark")
SHORT = {("zh", "narrow", "dark"), ("en", "wide", "light")}


def marks(*look: str) -> list[pytest.MarkDecorator]:
    """The mark of the long form, unless the short one looks so."""
    return [] if any(set(look) <= set(short) for short in SHORT) else [pytest.mark.long]


def seen(*names: str, among: Iterable[tuple[str, ...]]) -> pytest.MarkDecorator:
    """A test of ``prefix``, ``size`` and whatever else is named, once for each look."""
    cases = [
        pytest.param(PREFIXES[look[0]], SIZES[look[1]], *look[2:], marks=marks(*look), id="-".join(look))
        for look in among
    ]
    return pytest.mark.parametrize(("prefix", "size", *names), cases)


IN_ALL_LOOKS = seen(among=product(PREFIXES, SIZES))
IN_ALL_LOOKS_AND_SCHEMES = seen("scheme", among=product(PREFIXES, SIZES, SCHEMES))
