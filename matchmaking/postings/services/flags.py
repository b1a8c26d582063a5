"""The rules that make a posting wait for a moderator, each with the words that it rests on."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.choices import ReviewKind
from accounts.queries import quotes_passed
from common.reasons import Reason
from matchmaking.postings.models import Posting
from matchmaking.postings.permissions import OPEN
from matchmaking.postings.services.contacts import half_width, spans_of

NEW_FIRM_QUOTA = 20
"""Open postings of an enterprise that is not verified, from which the next one waits for a check (ADR 0050)."""
LEAST_LETTERS = 2
"""Letters or Han characters that a title has at least, unless it says nothing."""
LONGEST_QUOTE, MOST_QUOTES = 60, 5
WEB_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\uff0c\u3002]{3,}", re.IGNORECASE)
SAME_SIGN = re.compile(r"([^\s\d.\-_=*#])\1{7,}")
TRADED_ELSEWHERE = re.compile(
    r"\u4ee3\u5f00\u53d1\u7968|\u5f00\u7968\u52a0|\u5237\u5355|\u535a\u5f69|\u8d4c\u573a|\u68cb\u724c\u5e73\u53f0"
    r"|\u65e0\u62b5\u62bc\u8d37\u6b3e|\u7f51\u8d37|\u4fe1\u7528\u5361\u5957\u73b0|\u529e\u8bc1\u523b\u7ae0|\u52a0\u7c89"
    r"|\bcasino\b|\bviagra\b|\bpayday loan\b|\bbuy followers\b",
    re.IGNORECASE,
)
"""Invoices without a sale, gambling, loans, forged papers, bought followers: no need or capacity of a firm."""


@dataclass(frozen=True)
class Flag:
    """A rule that a posting fell under and the words that it rests on; the quota rests on none."""

    reason: Reason
    quotes: tuple[str, ...] = ()


def contact_flag(*texts: str) -> Flag | None:
    """Telephone numbers, mail addresses and chat names in ``texts``."""
    found = [text[start:end] for text in texts for start, end, _kind in spans_of(text)]
    return Flag(Reason.FLAG_CONTACT_IN_TEXT, shortened(found)) if found else None


def flags_of(posting: Posting) -> list[Flag]:
    """All rules but the one for contact data, which its owner is asked about first."""
    quota = [Flag(Reason.FLAG_NEW_FIRM_QUOTA)] if is_over_quota(posting) else []
    return [*flags_of_words(posting), *quota]


def flags_not_passed(posting: Posting) -> list[Flag]:
    """The rules that the words of a posting fall under, but for words of it that a moderator let pass before."""
    contact = contact_flag(posting.title, posting.text)
    found = [*([contact] if contact else []), *flags_of_words(posting)]
    passed = quotes_passed(ReviewKind.POSTING, posting.number) if found else set()
    return [flag for flag in found if not passed.issuperset(flag.quotes)]


def flags_of_words(posting: Posting) -> Iterator[Flag]:
    """The rules that title and text fall under: web addresses, and what says nothing or is no firm's business."""
    text = half_width(f"{posting.title}\n{posting.text}")
    addresses = [found.group() for found in WEB_ADDRESS.finditer(text)]
    if addresses:
        yield Flag(Reason.FLAG_CONTACT_IN_TEXT, shortened(addresses))
    junk = [found.group() for rule in (SAME_SIGN, TRADED_ELSEWHERE) for found in rule.finditer(text)]
    if sum(unicodedata.category(sign).startswith("L") for sign in posting.title) < LEAST_LETTERS:
        junk.append(posting.title)
    if junk:
        yield Flag(Reason.FLAG_JUNK, shortened(junk))


def is_over_quota(posting: Posting) -> bool:
    """Whether an enterprise that is not verified has as many open postings as a new firm may."""
    if posting.enterprise.is_verified:
        return False
    return Posting.objects.filter(enterprise=posting.enterprise_id, status__in=OPEN).count() >= NEW_FIRM_QUOTA


def shortened(words: list[str]) -> tuple[str, ...]:
    """The first few of ``words``, none longer than what fits in a row of the queue."""
    return tuple(dict.fromkeys(word[:LONGEST_QUOTE] for word in words))[:MOST_QUOTES]
