"""The rules that make a posting wait for a moderator, each with the words that it rests on."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.choices import ReviewKind
from accounts.queries import quotes_passed
from common.reasons import Reason
from matchmaking.postings.choices import Subject
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
SURNAMES = (
    "\u738b\u674e\u5f20\u5218\u9648\u6768\u8d75\u5468\u5434\u5f90\u5b59\u80e1\u6731\u4f55\u90ed\u7f57\u6881\u5b8b\u90d1\u8c22\u97e9\u5510\u51af\u4e8e\u8463\u8427\u7a0b\u66f9\u8881\u9093\u8bb8\u5085\u6c88\u66fe\u5f6d\u5415"
    "\u8499\u8521\u8d3e\u4e01\u9b4f\u859b\u53f6\u960e\u4f59\u6f58\u675c\u6234\u590f\u949f\u6c6a\u7530\u4efb\u59dc\u8303\u65b9\u77f3\u59da\u8c2d\u5ed6\u90b9\u718a"
)
"""The most frequent surnames, but for those that are words of the trade too, as \u9ad8 and \u8f66 are."""
CALLED = "\u5148\u751f|\u5973\u58eb|\u5e08\u5085|\u8001\u5e08|\u6559\u6388|\u535a\u58eb"
WORKS_AS = "\u603b\u5de5|\u9ad8\u5de5|\u5de5\u7a0b\u5e08|\u5de5"
PERSON = re.compile(
    rf"\u59d3\u540d\s?[:\uff1a]\s?\S{{2,12}}|\b(?:full|personal?) name\s?:\s?\S+|(?<!\d)\d{{17}}[\dxX](?!\d)"
    rf"|[{SURNAMES}][\u3400-\u9fff]{{0,2}}(?:{CALLED})|[{SURNAMES}](?:{WORKS_AS})(?![\u3400-\u9fff])"
    rf"|\b(?:Mr|Mrs|Ms|Dr|Prof)\b\.?\s+(?-i:[A-Z])[a-z]",
    re.IGNORECASE,
)
"""A person told by name or identity number, where people are offered or sought."""
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
    """The rules that title and text fall under: web addresses, people by name, what is no firm's business."""
    text = half_width(f"{posting.title}\n{posting.text}")
    addresses = [found.group() for found in WEB_ADDRESS.finditer(text)]
    if addresses:
        yield Flag(Reason.FLAG_CONTACT_IN_TEXT, shortened(addresses))
    people = people_named(text) if posting.subject == Subject.TALENT else []
    if people:
        yield Flag(Reason.FLAG_PERSON_NAMED, shortened(people))
    junk = [found.group() for rule in (SAME_SIGN, TRADED_ELSEWHERE) for found in rule.finditer(text)]
    if sum(unicodedata.category(sign).startswith("L") for sign in posting.title) < LEAST_LETTERS:
        junk.append(posting.title)
    if junk:
        yield Flag(Reason.FLAG_JUNK, shortened(junk))


def people_named(text: str) -> list[str]:
    """What in ``text`` tells of a person by name or identity number."""
    return [found.group() for found in PERSON.finditer(half_width(text))]


def is_over_quota(posting: Posting) -> bool:
    """Whether an enterprise that is not verified has as many open postings as a new firm may."""
    if posting.enterprise.is_verified:
        return False
    return Posting.objects.filter(enterprise=posting.enterprise_id, status__in=OPEN).count() >= NEW_FIRM_QUOTA


def shortened(words: list[str]) -> tuple[str, ...]:
    """The first few of ``words``, none longer than what fits in a row of the queue."""
    return tuple(dict.fromkeys(word[:LONGEST_QUOTE] for word in words))[:MOST_QUOTES]
