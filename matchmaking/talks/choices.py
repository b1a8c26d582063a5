"""Kinds and levels of files, and the versions of the confidentiality agreement."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """What a file is, as its content says: the kinds that can be shown as pages."""

    PDF = "pdf", _("PDF")
    PNG = "png", _("PNG image")
    JPEG = "jpeg", _("JPEG image")
    WEBP = "webp", _("WebP image")


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WEBP: "image/webp",
}
"""Under which type a file of each kind is sent."""


class FileLevel(models.TextChoices):
    """From when on others open a file."""

    PREVIEW = "preview", _("Preview: every verified firm sees its pages")
    INTEREST = "interest", _("After mutual interest: can be downloaded")
    NDA = "nda", _("After the confidentiality agreement: pages only")


NDA_VERSION = 1
"""The version of the confidentiality agreement that is accepted now."""
NDA_DIGESTS = {1: "692fe660c0baa4f975bdac91aba7bc39d940db9fb753af1428dab25bb2ac535a"}
"""SHA-256 of each version: the Chinese text, then the English one, byte for byte."""
NDA_HOLDS = timedelta(days=730)
"""How long an acceptance holds (clause 8)."""
NDA_RENEWABLE = timedelta(days=30)
"""How long before its end an acceptance can be given anew."""
