"""Links in mails that let their reader do one act without signing in."""

from datetime import timedelta

from django.core import signing

from accounts.models import User
from common.errors import Refused
from common.reasons import Reason

LINK_VALID = timedelta(days=14)
OUTCOME = "partnerships.outcome"
"""The act of telling an outcome; names of acts keep the links of one from doing another."""


def link_token(*, act: str, key: str, reader: int) -> str:
    """What a link carries that lets the person with row number ``reader`` do ``act`` about the thing with ``key``."""
    return signing.TimestampSigner(salt=act).sign(f"{key}:{reader}")


def told_by_link(*, act: str, token: str) -> tuple[str, User]:
    """The key of the thing and the person that a link names. Refuses link_over when it is too old, or not ours."""
    try:
        key, reader = signing.TimestampSigner(salt=act).unsign(token, max_age=LINK_VALID).split(":")
    except (signing.BadSignature, ValueError) as error:
        raise Refused(Reason.REFUSAL_LINK_OVER) from error
    is_key = reader.isascii() and reader.isdecimal()
    user = User.objects.filter(pk=int(reader), is_active=True).first() if is_key else None
    if user is None:
        raise Refused(Reason.REFUSAL_LINK_OVER)
    return key, user
