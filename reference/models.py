"""Reference data: regions, industrial chains, certificates, units, words and technical parameters."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.models import NamedInTwoLanguages, TimeStamped
from common.values import RegionCode, certificate_label
from reference.choices import (
    Basis,
    CertificationKind,
    ChainKind,
    Cluster,
    Comparison,
    Facet,
    RegionLevel,
    Role,
    Stage,
)
from reference.querysets import (
    ChainLinkQuerySet,
    ChainNodeQuerySet,
    GlossaryTermQuerySet,
    ReferenceQuerySet,
    RegionQuerySet,
)

ANY_NODE = "*"
"""In a scope: every node of every chain."""

region_code = RegexValidator(r"^\d{6}$", _("Six digits of GB/T 2260."))
node_code = RegexValidator(r"^[A-Z0-9_]+(\.[A-Z0-9_]+)*$", _("Capital letters, digits and dots."))
plain_code = RegexValidator(r"^[A-Z0-9][A-Z0-9._-]*$", _("Capital letters, digits, dots and hyphens."))
parameter_code = RegexValidator(r"^[a-z][a-z0-9_]*$", _("Small letters, digits and underscores."))


def no_list() -> list[str]:
    """An empty list for a JSON column."""
    return []


def check_texts(value: object) -> None:
    """Refuses anything but a list of non-empty texts."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() == item != "" for item in value):
        raise ValidationError(_("A list of texts is wanted."))


def covers(scope: list[str], code: str) -> bool:
    """Whether one of the node codes in ``scope`` is ``code`` or stands above it; ``*`` covers all."""
    return any(part == ANY_NODE or code == part or code.startswith(f"{part}.") for part in scope)


class ReferenceRow(TimeStamped):
    """What every reference row carries: where it comes from and whether it was read there or written by us."""

    source = models.CharField(max_length=500)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.AUTHORED)

    # By number: reference rows lie below accounts and know no users.
    history = HistoricalRecords(inherit=True, history_user_id_field=models.BigIntegerField(null=True, blank=True))

    class Meta:
        abstract = True


class Retirable(models.Model):
    """Rows that leave the lists but stay readable where they were used."""

    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    is_retired = property(lambda row: row.retired_on is not None, doc="Whether the row may no longer be chosen.")


class Scoped(models.Model):
    """Rows that hold for some nodes: a node code covers the nodes below it, ``*`` covers all."""

    scope = models.JSONField(default=no_list, blank=True, validators=[check_texts])

    class Meta:
        abstract = True

    def covers(self, code: str) -> bool:
        """Whether the row holds for the node with this code."""
        return covers(self.scope, code)


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


class IndustryChain(NamedInTwoLanguages, ReferenceRow, Retirable):
    """One of the industrial chains, or the services that cut across them."""

    code = models.CharField(max_length=20, unique=True, validators=[plain_code])
    slug = models.SlugField(max_length=40, unique=True)
    cluster = models.CharField(max_length=30, choices=Cluster)
    kind = models.CharField(max_length=15, choices=ChainKind, default=ChainKind.MAIN)
    scope_zh = models.CharField(max_length=300, blank=True)
    scope_en = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("industrial chain")
        verbose_name_plural = _("industrial chains")
        ordering = ("position", "code")

    def natural_key(self) -> tuple[str]:
        """The code."""
        return (self.code,)


class ChainNode(NamedInTwoLanguages, ReferenceRow, Retirable):
    """A product, process or service in a chain; the parent is the code without its last part."""

    chain = models.ForeignKey(IndustryChain, models.PROTECT, related_name="nodes")
    code = models.CharField(max_length=80, unique=True, validators=[node_code])
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    stage = models.CharField(max_length=12, choices=Stage)
    aliases_zh = models.JSONField(default=no_list, blank=True, validators=[check_texts])
    aliases_en = models.JSONField(default=no_list, blank=True, validators=[check_texts])
    gb4754_code = models.CharField(max_length=40, blank=True)
    hs_hint = models.CharField(max_length=40, blank=True)
    is_leaf = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)
    pinyin_full = models.CharField(max_length=1000, blank=True, editable=False)
    pinyin_initials = models.CharField(max_length=400, blank=True, editable=False)

    objects = ChainNodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("chain node")
        verbose_name_plural = _("chain nodes")
        ordering = ("position", "code")

    def clean(self) -> None:
        """Refuses a parent or a chain that does not follow from the code."""
        if self.parent_code != (self.parent.code if self.parent else ""):
            raise ValidationError({"parent": _("The parent is the code without its last part.")})
        if self.chain_id and self.chain.code != self.code.split(".")[0]:
            raise ValidationError({"chain": _("The chain is the first part of the code.")})

    def natural_key(self) -> tuple[str]:
        """The code."""
        return (self.code,)

    @property
    def parent_code(self) -> str:
        """The code without its last part; empty for the head of a chain."""
        return self.code.rpartition(".")[0]


class ChainLink(ReferenceRow, Retirable):
    """What one node makes, another needs."""

    supplier = models.ForeignKey(ChainNode, models.PROTECT, related_name="links_out")
    consumer = models.ForeignKey(ChainNode, models.PROTECT, related_name="links_in")

    objects = ChainLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("chain link")
        verbose_name_plural = _("chain links")
        ordering = ("supplier__code", "consumer__code")
        constraints = [
            models.UniqueConstraint(name="chain_link_once", fields=("supplier", "consumer")),
            models.CheckConstraint(name="chain_link_joins_two", condition=~Q(supplier=F("consumer"))),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} → {self.consumer}"

    def natural_key(self) -> tuple[str, str]:
        """The codes of supplier and consumer."""
        return (self.supplier.code, self.consumer.code)


class Certification(NamedInTwoLanguages, ReferenceRow, Retirable, Scoped):
    """A certificate, licence or report that a firm can hold."""

    code = models.CharField(max_length=40, unique=True, validators=[plain_code])
    issuer = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=CertificationKind)
    validity_years = models.PositiveSmallIntegerField(null=True, blank=True)
    validity_basis = models.CharField(max_length=10, choices=Basis, default=Basis.AUTHORED)
    note = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("certification")
        verbose_name_plural = _("certifications")
        ordering = ("position", "code")
        constraints = [
            models.CheckConstraint(
                name="certification_years_positive",
                condition=Q(validity_years__isnull=True) | Q(validity_years__gt=0),
            ),
        ]

    @property
    def name(self) -> str:
        """The name in the active language; the Chinese one with the short name before it, IATF 16949 and what it is."""
        in_english = (get_language() or "zh").startswith("en")
        return self.name_en if in_english else certificate_label(self.code, self.name_zh, self.name_en)

    def natural_key(self) -> tuple[str]:
        """The code."""
        return (self.code,)


class Unit(NamedInTwoLanguages, ReferenceRow, Retirable, Scoped):
    """A unit of measure; amounts convert only inside one dimension."""

    code = models.CharField(max_length=20, unique=True, validators=[plain_code])
    dimension = models.CharField(max_length=30, db_index=True)
    factor_to_base = models.DecimalField(max_digits=24, decimal_places=10)
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="multiples")
    aliases = models.JSONField(default=no_list, blank=True, validators=[check_texts])
    position = models.PositiveSmallIntegerField(default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("position", "code")
        constraints = [
            models.CheckConstraint(name="unit_factor_positive", condition=Q(factor_to_base__gt=0)),
            models.CheckConstraint(
                name="unit_base_has_factor_one", condition=Q(base__isnull=False) | Q(factor_to_base=Decimal(1))
            ),
        ]

    def natural_key(self) -> tuple[str]:
        """The code."""
        return (self.code,)

    @property
    def is_base(self) -> bool:
        """Whether other units of the dimension are counted in this one."""
        return self.base_id is None

    def to_base(self, amount: Decimal) -> Decimal:
        """``amount`` of this unit in the base unit of the dimension."""
        return amount * self.factor_to_base


class GlossaryTerm(ReferenceRow, Retirable):
    """A word of the trade in both languages, with the node it names where there is one.

    A variant is another thing of the same kind, not another word. ``role``: what a firm does that offers the term.
    """

    term_zh = models.CharField(max_length=60, unique=True)
    term_en = models.CharField(max_length=120)
    aliases_zh = models.JSONField(default=no_list, blank=True, validators=[check_texts])
    aliases_en = models.JSONField(default=no_list, blank=True, validators=[check_texts])
    facet = models.CharField(max_length=12, choices=Facet)
    role = models.CharField(max_length=12, choices=Role, blank=True)
    chain = models.ForeignKey(IndustryChain, models.PROTECT, null=True, blank=True, related_name="terms")
    node = models.ForeignKey(ChainNode, models.PROTECT, null=True, blank=True, related_name="terms")
    variant_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="variants")
    pinyin_full = models.CharField(max_length=1000, blank=True, editable=False)
    pinyin_initials = models.CharField(max_length=400, blank=True, editable=False)

    objects = GlossaryTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ("term_zh",)
        indexes = [models.Index(fields=("term_en",), name="glossary_term_en")]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """The Chinese form."""
        return (self.term_zh,)

    @property
    def name(self) -> str:
        """The term in the active language."""
        return self.term_en if (get_language() or "zh").startswith("en") else self.term_zh


class Parameter(NamedInTwoLanguages, ReferenceRow, Retirable, Scoped):
    """A technical requirement that can be named: a number with a unit, or one of ordered levels."""

    code = models.CharField(max_length=40, unique=True, validators=[parameter_code])
    comparison = models.CharField(max_length=2, choices=Comparison, default=Comparison.AT_LEAST)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="parameters")
    symbol = models.CharField(max_length=20, blank=True)
    levels = models.JSONField(default=no_list, blank=True, validators=[check_texts])
    position = models.PositiveSmallIntegerField(default=0)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("technical parameter")
        verbose_name_plural = _("technical parameters")
        ordering = ("position", "code")

    def natural_key(self) -> tuple[str]:
        """The code."""
        return (self.code,)

    @property
    def is_ordered(self) -> bool:
        """Whether values are names of levels rather than numbers."""
        return bool(self.levels)

    def rank_of(self, value: str) -> int | None:
        """Place of ``value`` among the levels, lowest 0; None when it is no level of this parameter."""
        wanted = value.strip().casefold()
        return next((place for place, level in enumerate(self.levels) if level.casefold() == wanted), None)
