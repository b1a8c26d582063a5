"""Names of firms and people: look-alike characters stay out, and an alias gives nothing away."""

import re
import unicodedata

from django.utils.translation import gettext, override
from stdnum.cn import uscc as credit_code

from accounts.choices import EnterpriseKind
from common.errors import Invalid
from common.models import random_key
from common.reasons import Reason
from common.values import normalise_code, normalise_text, plain_name
from reference.models import Region

PHONE = re.compile(r"^\+?\d[\d ()\-]{4,38}$")


def clean_name(text: str, field: str) -> str:
    """``text`` as a plain name on one line; Invalid at ``field`` for letters that are neither Han nor Latin."""
    try:
        return plain_name(text)
    except ValueError as error:
        raise Invalid({field: Reason.REFUSAL_NAME_CHARACTERS}, {field: {"character": str(error)}}) from error


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
