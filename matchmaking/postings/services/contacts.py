"""Contact data in free text: found, and moved to where it is shown only after both sides agreed."""

import re
import unicodedata
from dataclasses import dataclass

from matchmaking.postings.models import Posting, PostingContact

GAP = r"[ \-.\u00b7\u2013\u2014\u3000]{1,2}"
TELEPHONE_WORDS = (
    r"\u7535\u8bdd|\u624b\u673a|\u5ea7\u673a|\u8054\u7cfb\u65b9\u5f0f|\u8054\u7cfb\u4eba|telephone|tel|phone|mobile"
)
MAIL_WORDS = r"\u90ae\u7bb1|\u90ae\u4ef6|e-?mail|mail"
CHAT_WORDS = r"\u5fae\u4fe1|\u5a01\u4fe1|\u52a0v|wechat|weixin|vx|wx"
LABEL = r"(?:(?:{words})\s?(?:\u53f7\u7801|\u53f7|id|no\.?)?\s?[:\uff1a]?\s?)?"
MOBILE = re.compile(
    LABEL.format(words=TELEPHONE_WORDS)
    + rf"(?<!\d)(?:\+?86{GAP}|\+?86)?"
    + rf"(?:1[3-9]\d{{9}}|1[3-9]\d{GAP}\d{{4}}{GAP}\d{{4}}|1[3-9]\d{GAP}\d{{8}}|1[3-9]\d{{5}}{GAP}\d{{4}}"
    + rf"|1{GAP}[3-9](?:{GAP}\d){{9}})(?!\d)",
    re.IGNORECASE,
)
LANDLINE = re.compile(
    LABEL.format(words=TELEPHONE_WORDS)
    + rf"(?<![\d.])(?:(?:\+?86{GAP})?\(?0(?:10|2\d|[3-9]\d{{2}})\)?(?:{GAP})?[2-9]\d{{2,3}}(?:{GAP})?\d{{4}}"
    + r"|[48]00-\d{3}-?\d{4}|[48]00\d{7})(?:-\d{1,5})?(?!\d)",
    re.IGNORECASE,
)
LABELLED = re.compile(
    rf"(?:{TELEPHONE_WORDS})\s?(?:\u53f7\u7801|\u53f7)?\s?[:\uff1a]\s?[2-9]\d{{6,7}}(?!\d)", re.IGNORECASE
)
MAIL = re.compile(
    LABEL.format(words=MAIL_WORDS)
    + r"[A-Za-z0-9][\w.+-]{0,63}\s?(?:@|\(at\)|\[at\])\s?[A-Za-z0-9-]+(?:\s?\.\s?[A-Za-z0-9-]+)*\s?\.\s?[A-Za-z]{2,}",
    re.IGNORECASE | re.ASCII,
)
CHAT = re.compile(
    rf"(?:(?<![A-Za-z])(?:{CHAT_WORDS})\s?(?:\u53f7|id)?\s?[:\uff1a]\s?[A-Za-z][\w-]{{5,19}}"
    rf"|(?<![A-Za-z])(?:{CHAT_WORDS})\s?(?:\u53f7|id)?\s?(?=[A-Za-z_-]*\d)[A-Za-z][A-Za-z0-9_-]{{5,19}}"
    rf"|(?<![A-Za-z])qq\s?(?:\u53f7)?\s?[:\uff1a]?\s?\d{{5,11}}(?!\d))",
    re.IGNORECASE | re.ASCII,
)
PHONES = (MOBILE, LANDLINE, LABELLED)
LABELS = re.compile(LABEL.format(words=f"{TELEPHONE_WORDS}|{MAIL_WORDS}|{CHAT_WORDS}|qq"), re.IGNORECASE)
AT = re.compile(r"\(at\)|\[at\]", re.IGNORECASE)
LEFT_OVER = re.compile(r"[ \t\u3000]{2,}")


@dataclass(frozen=True)
class Contact:
    """What was found in a text: telephone numbers, mail addresses and other ways, each once."""

    phones: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.phones or self.mails or self.others)


def half_width(text: str) -> str:
    """``text`` with full-width signs in their half-width form, every sign still in its place."""
    return "".join(plain if len(plain := unicodedata.normalize("NFKC", sign)) == 1 else sign for sign in text)


def spans_of(text: str) -> list[tuple[int, int, str]]:
    """(start, end, kind) of contact data in ``text``, first to last, none inside another."""
    plain = half_width(text)
    found = [(m.start(), m.end(), "mail") for m in MAIL.finditer(plain)]
    found += [(m.start(), m.end(), "other") for m in CHAT.finditer(plain)]
    found += [(m.start(), m.end(), "phone") for pattern in PHONES for m in pattern.finditer(plain)]
    kept: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, kind))
    return kept


def has_contact(*texts: str) -> bool:
    """Whether a telephone number, mail address or chat name stands in one of ``texts``."""
    return any(spans_of(text) for text in texts)


def without_contact(text: str) -> tuple[str, Contact]:
    """``text`` without contact data and its labels, and what was taken out of it."""
    plain = half_width(text)
    taken: dict[str, dict[str, None]] = {"phone": {}, "mail": {}, "other": {}}
    rest, last = [], 0
    for start, end, kind in spans_of(text):
        piece = plain[start:end].strip()
        value = piece if kind == "other" else LABELS.sub("", piece, count=1).strip()
        taken[kind][AT.sub("@", value.replace(" ", "")) if kind == "mail" else value] = None
        rest.append(text[last:start])
        last = end
    rest.append(text[last:])
    cleaned = "\n".join(LEFT_OVER.sub(" ", line).rstrip() for line in "".join(rest).split("\n")).strip()
    return cleaned, Contact(tuple(taken["phone"]), tuple(taken["mail"]), tuple(taken["other"]))


def keep_contact(posting: Posting, contact: Contact) -> PostingContact:
    """Add what was found to the posting's protected contact data; what has no room of its own goes to other ways."""
    kept, _made = PostingContact.objects.get_or_create(posting=posting)
    phones, mails = list(contact.phones), list(contact.mails)
    if phones and not kept.phone:
        kept.phone = phones.pop(0)[: PostingContact._meta.get_field("phone").max_length or None]
    if mails and not kept.email:
        kept.email = mails.pop(0)
    already = {kept.phone, kept.email, *kept.other.split("; ")}
    more = [value for value in (*phones, *mails, *contact.others) if value not in already]
    kept.other = "; ".join(value for value in (kept.other, *more) if value)[:200]
    kept.full_clean()
    kept.save()
    return kept
