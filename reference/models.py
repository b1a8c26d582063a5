"""Reference data: regions, industrial chains, certificates, units, words and technical parameters."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.models import NamedInTwoLanguages, in_active_language
from common.values import certificate_label, normalise_code
from reference.choices import (
    Basis,
    CertificationKind,
    ChainKind,
    Cluster,
    Comparison,
    Facet,
    PaperKind,
    Role,
    Stage,
)
from reference.querysets import (
    ChainLinkQuerySet,
    ChainNodeQuerySet,
    GlossaryTermQuerySet,
    RecognitionQuerySet,
    ReferenceQuerySet,
)
from reference.regions import Region as Region
from reference.rows import (
    ReferenceRow,
    Retirable,
    Scoped,
    check_texts,
    no_list,
    node_code,
    parameter_code,
    plain_code,
)


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


def spelled(level: str) -> str:
    """A level as levels are compared: half-width, without blanks and case."""
    return normalise_code(level).casefold()


class Parameter(NamedInTwoLanguages, ReferenceRow, Retirable, Scoped):
    """A technical requirement that can be named: a number with a unit, or one of ordered levels.

    ``level_names_*`` name the levels one by one where a level is no name itself; ``paper_kind`` says of which paper of
    a person the levels are, so that a reader asks whether it counts across the border.
    """

    code = models.CharField(max_length=40, unique=True, validators=[parameter_code])
    comparison = models.CharField(max_length=2, choices=Comparison, default=Comparison.AT_LEAST)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="parameters")
    symbol = models.CharField(max_length=20, blank=True)
    levels = models.JSONField(default=no_list, blank=True, validators=[check_texts])
    level_names_zh = models.JSONField(default=no_list, blank=True, validators=[check_texts])
    level_names_en = models.JSONField(default=no_list, blank=True, validators=[check_texts])
    paper_kind = models.CharField(max_length=5, choices=PaperKind, blank=True)
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

    @property
    def level_names(self) -> list[str]:
        """The levels as a reader of the active language names them, in their order."""
        names = self.level_names_en if (get_language() or "zh").startswith("en") else self.level_names_zh
        return list(names or self.levels)

    def clean(self) -> None:
        """Refuses names that do not name the levels one by one."""
        for column in ("level_names_zh", "level_names_en"):
            names = getattr(self, column)
            if names and len(names) != len(self.levels):
                raise ValidationError({column: _("One name for each level, in the same order.")})

    def rank_of(self, value: str) -> int | None:
        """Place of the level that ``value`` is or names, lowest 0; None when it is no level of this parameter.

        Of a name with more in brackets the part before them is enough.
        """
        wanted = spelled(value)
        for known in (self.levels, self.level_names_zh, self.level_names_en):
            for place, level in enumerate(known):
                if wanted in (spelled(level), spelled(level.partition("(")[0])):
                    return place
        return None


class Recognition(ReferenceRow, Retirable):
    """A rule by which a paper of one side of the border counts on the other, with the days on which it holds.

    ``valid_to`` is the first day on which it no longer does.
    """

    parameter = models.ForeignKey(
        Parameter, models.PROTECT, related_name="recognitions", limit_choices_to=~Q(paper_kind="")
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    note_zh = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("recognition across the border")
        verbose_name_plural = _("recognitions across the border")
        ordering = ("parameter__position", "-valid_from")
        constraints = [
            models.UniqueConstraint(name="recognition_begins_once", fields=("parameter", "valid_from")),
            models.CheckConstraint(
                name="recognition_begins_before_it_ends",
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} {self.valid_from:%Y-%m-%d}"

    note = in_active_language("note")

    def natural_key(self) -> tuple[str, str]:
        """The code of the paper and the first day."""
        return (self.parameter.code, self.valid_from.isoformat())

    def clean(self) -> None:
        """Refuses a rule about anything but a paper of a person."""
        if self.parameter_id and not self.parameter.paper_kind:
            raise ValidationError({"parameter": _("Choose a paper that belongs to a person.")})
