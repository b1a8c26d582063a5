"""Abstract bases of models: two names, time stamps, versions and public numbers."""

import secrets
from typing import Any

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that cannot be mistaken for one another when read aloud."""


def random_key() -> str:
    """Ten characters drawn from 32: about 10¹⁵ values, so that numbers cannot be guessed."""
    return "".join(secrets.choice(CROCKFORD) for _place in range(10))


def in_active_language(name: str) -> property:
    """A property that reads ``name`` + _en in English and ``name`` + _zh otherwise."""

    def read(row: models.Model) -> str:
        text: str = getattr(row, f"{name}_en" if (get_language() or "zh").startswith("en") else f"{name}_zh")
        return text

    return property(read, doc=f"The {name} in the active language.")


def amount_field(label: Any = None, **options: Any) -> models.DecimalField[Any, Any]:
    """An amount as postings write it."""
    return models.DecimalField(label, max_digits=17, decimal_places=3, **options)


def money_field(label: Any = None, **options: Any) -> models.DecimalField[Any, Any]:
    """A sum of money, to a hundredth of a fen for prices of small parts."""
    return models.DecimalField(label, max_digits=17, decimal_places=4, **options)


class NamedInTwoLanguages(models.Model):
    """A thing with a Chinese and an English name; ``name`` is that of the active language."""

    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    class Meta:
        abstract = True

    name = in_active_language("name")

    def __str__(self) -> str:
        return self.name


class TimeStamped(models.Model):
    """Rows that know when they were made and last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """Rows that several people may edit: each change adds one to ``version``."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class PublicKeyed(models.Model):
    """Rows named outward by a random key, never by their row number."""

    key = models.CharField(max_length=10, unique=True, editable=False, default=random_key)

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        """The public key, by which fixtures name the row."""
        return (self.key,)


class Named(models.Model):
    """Rows that are called by their ``name``."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, "name", ""))


class Mailed(models.Model):
    """Rows that are mailed once: who is about to do it claims the row for a while; ``pace`` says whether it waits for
    others to be mailed with.

    One that fails is tried again, each time later, until it is given up with its last error.
    """

    pace = models.CharField(max_length=8, default="at_once", editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    mailed_at = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True, editable=False)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True


class UnderReview(models.Model):
    """What waits for a moderator and what became of it: flagged why (``quotes`` are the words that were found), taken
    when, decided for which reason of the register, with a note. ``thing_key`` names the row that it is about.
    """

    thing_key = models.CharField(max_length=40, editable=False)
    title = models.CharField(_("what it is about"), max_length=200)
    flag = models.CharField(_("why it waits"), max_length=60, blank=True)
    quotes = models.JSONField(_("words that were found"), default=list, blank=True)
    text = models.TextField(_("what the firm says"), max_length=2000, blank=True)
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)

    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Personal(models.Model):
    """A person whose sessions can all be ended at once, by drawing another ``session_seed``, and who chooses by topic
    when mails come: ``mail_paces``, where a topic that is not named is mailed at once.
    """

    session_seed = models.CharField(max_length=10, blank=True, editable=False)
    mail_paces = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def seeded(self, inherited: str) -> str:
        """What a session keeps to be known by; the same as ``inherited`` until a seed is drawn."""
        return salted_hmac("sessions", inherited + self.session_seed).hexdigest() if self.session_seed else inherited
