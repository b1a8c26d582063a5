"""Names of firms and people: look-alike characters stay out, and an alias gives nothing away."""

import re
import unicodedata

from django.utils.translation import gettext, override
from stdnum.cn import uscc as credit_code

from accounts.choices import EnterpriseKind
from common.errors import Invalid
from common.models import random_key
from common.reasons import Reason
from common.values import normalise_code, normalise_text
from reference.models import Region

LAST_LATIN = 0x24F
"""End of Latin Extended-B; the letters beyond it are small capitals and other look-alikes of plain ones."""
HAN = "CJK UNIFIED IDEOGRAPH"
PHONE = re.compile(r"^\+?\d[\d ()\-]{4,38}$")


def clean_name(text: str, field: str) -> str:
    """``text`` on one line without invisible characters, letters and digits in their plain form.

    Raises Invalid for letters that are neither Han nor Latin, and for combining marks: they pass for others.
    """
    plain = "".join(
        unicodedata.normalize("NFKC", c) if unicodedata.category(c)[0] in "LN" else c for c in normalise_text(text)
    )
    for character in plain:
        if _is_look_alike(character):
            raise Invalid({field: Reason.REFUSAL_NAME_CHARACTERS}, {field: {"character": character}})
    return " ".join(plain.split())


def _is_look_alike(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind[0] == "M":
        return True
    if kind[0] != "L" or ord(character) <= LAST_LATIN:
        return False
    return not unicodedata.name(character, "").startswith(HAN)


def clean_uscc(text: str) -> str:
    """``text`` as an 18-character unified social credit code, full-width and small letters turned; Invalid if wrong."""
    code = normalise_code(text).replace("-", "")
    if not code.isascii() or not credit_code.is_valid(code):
        raise Invalid({"uscc": Reason.REFUSAL_USCC_INVALID})
    return code


def clean_phone(text: str, field: str = "contact_phone") -> str:
    """``text`` as a telephone number, blanks and hyphens kept; empty stays empty, anything else is Invalid."""
    plain = " ".join(unicodedata.normalize("NFKC", normalise_text(text)).split())
    if plain and not PHONE.match(plain):
        raise Invalid({field: Reason.REFUSAL_CONTACT_UNREACHABLE})
    return plain


def suggested_alias(kind: EnterpriseKind, region: Region) -> str:
    """A name such as "Neijiang manufacturer 7K2" that says where and what, with a tail drawn by lot."""
    with override("zh-hans"):
        facts = {"region": region.short_zh, "kind": EnterpriseKind(kind).label, "tail": random_key()[:3]}
        return gettext("%(region)s %(kind)s %(tail)s") % facts
