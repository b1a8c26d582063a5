"""Regions of both sides of the border, with the days on which their codes hold."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.models import NamedInTwoLanguages
from common.values import RegionCode
from reference.choices import RegionLevel
from reference.querysets import RegionQuerySet
from reference.rows import ReferenceRow, region_code


class Region(NamedInTwoLanguages, ReferenceRow):
    """A province, prefecture, district or county with the days on which its code holds, half-open."""

    code = models.CharField(max_length=6, unique=True, validators=[region_code])
    short_zh = models.CharField(max_length=20)
    short_en = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=RegionLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=30, editable=False, db_index=True)
    lat = models.FloatField(validators=[MinValueValidator(-90), MaxValueValidator(90)])
    lon = models.FloatField(validators=[MinValueValidator(-180), MaxValueValidator(180)])
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_col = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                name="region_begins_before_it_ends",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
            ),
            models.CheckConstraint(
                name="region_with_successor_has_ended",
                condition=Q(successor__isnull=True) | Q(valid_to__isnull=False),
            ),
            models.CheckConstraint(
                name="region_tile_is_whole",
                condition=Q(tile_row__isnull=True, tile_col__isnull=True)
                | Q(tile_row__isnull=False, tile_col__isnull=False),
            ),
            models.CheckConstraint(
                name="region_province_has_no_parent",
                condition=Q(level=RegionLevel.PROVINCE, parent__isnull=True)
                | (~Q(level=RegionLevel.PROVINCE) & Q(parent__isnull=False)),
            ),
            models.UniqueConstraint(name="region_tile_used_once", fields=("tile_row", "tile_col")),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps ``path`` in step with the code and the parent."""
        self.path = self.path_below(self.parent.path if self.parent else "")
        super().save(*args, **kwargs)

    def natural_key(self) -> tuple[str]:
        """The code."""
        return (self.code,)

    def path_below(self, parent_path: str) -> str:
        """Codes from the province down to this one, each followed by a slash."""
        return f"{parent_path}{self.code}/"

    @property
    def short_name(self) -> str:
        """The name without its administrative ending, in the active language, for tiles and chips."""
        return self.short_en if (get_language() or "zh").startswith("en") else self.short_zh

    @property
    def stem(self) -> str:
        """The digits that every region inside shares."""
        return RegionCode(self.code).stem

    @property
    def province(self) -> str:
        """Code of the province: 500000 or 510000."""
        return f"{self.code[:2]}0000"
