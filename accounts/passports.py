"""Capability passports: who may open the page of a firm's facts, and by which link."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import choices, querysets
from common.models import TimeStamped

TOKEN_BYTES = 16


def new_token() -> str:
    """What a link carries: 22 characters that nobody guesses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Passport(TimeStamped):
    """One firm's passport: the link that is in force, and who may open it. Without a row it is closed."""

    enterprise = models.OneToOneField(
        "accounts.Enterprise", models.CASCADE, related_name="passport", verbose_name=_("enterprise")
    )
    level = models.CharField(
        _("who may open it"), max_length=8, choices=choices.PassportLevel, default=choices.PassportLevel.CLOSED
    )
    token = models.CharField(max_length=22, unique=True, editable=False, default=new_token)

    objects = querysets.EnterpriseOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("capability passport")
        verbose_name_plural = _("capability passports")

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.level}"
