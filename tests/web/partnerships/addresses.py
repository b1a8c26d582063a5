"""Addresses of partnerships, what a page says, and marks that may be read nowhere too early."""

from django.urls import reverse

CANARIES = ("CANARY-PERSON", "13900007777", "canary-firm@example.com", "CANARY-OTHER", "canary-post@example.com")


def address(name, *args):
    """The address called ``name``."""
    return reverse(f"web:partnerships:{name}", args=args)


def detail(partnership):
    """The page of a partnership."""
    return address("detail", partnership.key)


def text(response):
    """The words of an answer."""
    return response.content.decode()
