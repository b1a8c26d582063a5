"""Row sets of reference data: what is in use, and look-up by natural key."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q


class ReferenceQuerySet(models.QuerySet[Any]):
    """Reference rows; everybody may read them."""

    def get_by_natural_key(self, code: str) -> Any:
        """The row with this code; used by fixtures and the loader."""
        return self.get(code=code)

    def in_use(self) -> "ReferenceQuerySet":
        """Rows that may still be chosen: not retired."""
        return self.filter(retired_on__isnull=True)


class RegionQuerySet(models.QuerySet[Any]):
    """Regions with their days of validity, half-open: ``valid_to`` is the first day without the code."""

    def get_by_natural_key(self, code: str) -> Any:
        """The region with this code, in use or not."""
        return self.get(code=code)

    def in_use(self, on: date) -> "RegionQuerySet":
        """Regions whose code holds on the day ``on``."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        )

    def inside(self, stem: str) -> "RegionQuerySet":
        """Regions whose code begins with ``stem``: the region itself and all below it."""
        return self.filter(code__startswith=stem)


class ChainNodeQuerySet(ReferenceQuerySet):
    """Nodes of the chains; the code carries the tree."""

    def subtree(self, code: str) -> "ChainNodeQuerySet":
        """The node with ``code`` and all below it."""
        return self.filter(Q(code=code) | Q(code__startswith=f"{code}."))


class ChainLinkQuerySet(ReferenceQuerySet):
    """Links, known by the codes of their two ends."""

    def get_by_natural_key(self, supplier: str, consumer: str = "") -> Any:
        """The link between these two node codes."""
        return self.get(supplier__code=supplier, consumer__code=consumer)


class GlossaryTermQuerySet(ReferenceQuerySet):
    """Terms, known by their Chinese form."""

    def get_by_natural_key(self, term_zh: str) -> Any:
        """The term written exactly so in Chinese."""
        return self.get(term_zh=term_zh)


class RecognitionQuerySet(ReferenceQuerySet):
    """Rules of recognition, known by the code of the paper and their first day."""

    def get_by_natural_key(self, code: str, valid_from: str = "") -> Any:
        """The rule about this paper that began on this day."""
        return self.get(parameter__code=code, valid_from=valid_from)

    def in_force(self, on: date) -> "RecognitionQuerySet":
        """Rules that hold on the day ``on``."""
        begun = self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
        return begun.filter(retired_on__isnull=True)
