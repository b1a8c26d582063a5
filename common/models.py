"""Abstract bases of models: two names, time stamps, versions and public numbers."""

import secrets
from typing import Any

from django.db import models
from django.utils.translation import get_language

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that cannot be mistaken for one another when read aloud."""


def random_key() -> str:
    """Ten characters drawn from 32: about 10¹⁵ values, so that numbers cannot be guessed."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(10))


def in_active_language(name: str) -> property:
    """A property that reads ``name`` + _en in English and ``name`` + _zh otherwise."""

    def read(row: models.Model) -> str:
        text: str = getattr(row, f"{name}_en" if (get_language() or "zh").startswith("en") else f"{name}_zh")
        return text

    return property(read, doc=f"The {name} in the active language.")


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
