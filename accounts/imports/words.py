"""Sheets of reference rows: terms and certificates may come in, everything may be taken away."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.imports.columns import Choices, Column, Counts, Days, Lists, Named
from accounts.imports.sheets import Exchange, Sheet
from accounts.models import User
from accounts.services.reference import write_reference_row
from reference.choices import Basis, CertificationKind, ChainKind, Cluster, Comparison, Facet, RegionLevel, Role, Stage
from reference.models import (
    Certification,
    ChainLink,
    ChainNode,
    GlossaryTerm,
    IndustryChain,
    Parameter,
    Recognition,
    Region,
    Unit,
)


def chains(actor: User) -> QuerySet[Any]:
    """Chains that a row may name."""
    return IndustryChain.objects.all()


def nodes(actor: User) -> QuerySet[Any]:
    """Nodes that a row may name."""
    return ChainNode.objects.all()


def terms(actor: User) -> QuerySet[Any]:
    """Terms that a row may name."""
    return GlossaryTerm.objects.all()


class ReferenceSheet(Sheet):
    """Rows that the reference service writes."""

    def write(self, row: Any, values: dict[str, Any], *, is_new: bool) -> None:
        """Write the row."""
        write_reference_row(row=row, values=values, actor=self.actor)


class TermSheet(ReferenceSheet):
    """Words of the trade."""

    term_zh = Column("term_zh", _("term in Chinese"), is_required=True)
    term_en = Column("term_en", _("term in English"), is_required=True)
    aliases_zh = Column(
        "aliases_zh", _("other names in Chinese"), Lists(), way_out=_("Words, separated by semicolons.")
    )
    aliases_en = Column(
        "aliases_en", _("other names in English"), Lists(), way_out=_("Words, separated by semicolons.")
    )
    facet = Column("facet", _("facet"), Choices(Facet.choices), is_required=True)
    role = Column("role", _("role"), Choices(Role.choices))
    chain = Column("chain", _("chain"), Named(chains), is_code=True, way_out=_("A code such as AUTO."))
    node = Column("node", _("node"), Named(nodes), is_code=True, way_out=_("A code such as AUTO.BODY.CAST."))
    variant_of = Column(
        "variant_of", _("variant of"), Named(terms, "term_zh"), way_out=_("The Chinese form of a known term.")
    )
    source = Column("source", _("source"), is_required=True)
    retired_on = Column("retired_on", _("no longer in use since"), Days(), is_for_reading=True)

    class Meta(Exchange):
        model = GlossaryTerm
        import_id_fields = ("term_zh",)


class CertificationSheet(ReferenceSheet):
    """Certificates, licences and reports."""

    code = Column("code", _("code"), is_code=True, is_required=True)
    name_zh = Column("name_zh", _("name in Chinese"), is_required=True)
    name_en = Column("name_en", _("name in English"), is_required=True)
    issuer = Column("issuer", _("issuer"), is_required=True)
    kind = Column("kind", _("kind"), Choices(CertificationKind.choices), is_required=True)
    validity_years = Column("validity_years", _("years of validity"), Counts())
    scope = Column("scope", _("holds for nodes"), Lists(), way_out=_("Codes of nodes, separated by semicolons."))
    note = Column("note", _("note"))
    source = Column("source", _("source"), is_required=True)
    basis = Column("basis", _("basis"), Choices(Basis.choices), is_for_reading=True)

    class Meta(Exchange):
        model = Certification
        import_id_fields = ("code",)


class RegionSheet(Sheet):
    """Regions, to be taken away."""

    code = Column("code", _("code"), is_code=True)
    name_zh = Column("name_zh", _("name in Chinese"))
    name_en = Column("name_en", _("name in English"))
    level = Column("level", _("level"), Choices(RegionLevel.choices))
    parent = Column("parent", _("belongs to"), Named(lambda actor: Region.objects.all()))
    valid_from = Column("valid_from", _("valid from"), Days())
    valid_to = Column("valid_to", _("valid until"), Days())
    successor = Column("successor", _("successor"), Named(lambda actor: Region.objects.all()))
    source = Column("source", _("source"))

    class Meta(Exchange):
        model = Region


class ChainSheet(Sheet):
    """Chains, to be taken away."""

    code = Column("code", _("code"))
    name_zh = Column("name_zh", _("name in Chinese"))
    name_en = Column("name_en", _("name in English"))
    cluster = Column("cluster", _("cluster"), Choices(Cluster.choices))
    kind = Column("kind", _("kind"), Choices(ChainKind.choices))
    source = Column("source", _("source"))

    class Meta(Exchange):
        model = IndustryChain


class NodeSheet(Sheet):
    """Nodes, to be taken away."""

    code = Column("code", _("code"))
    name_zh = Column("name_zh", _("name in Chinese"))
    name_en = Column("name_en", _("name in English"))
    chain = Column("chain", _("chain"), Named(chains))
    stage = Column("stage", _("stage"), Choices(Stage.choices))
    aliases_zh = Column("aliases_zh", _("other names in Chinese"), Lists())
    aliases_en = Column("aliases_en", _("other names in English"), Lists())
    source = Column("source", _("source"))

    class Meta(Exchange):
        model = ChainNode


class LinkSheet(Sheet):
    """Links, to be taken away."""

    supplier = Column("supplier", _("supplying node"), Named(nodes))
    consumer = Column("consumer", _("consuming node"), Named(nodes))
    basis = Column("basis", _("basis"), Choices(Basis.choices))
    source = Column("source", _("source"))

    class Meta(Exchange):
        model = ChainLink


class UnitSheet(Sheet):
    """Units, to be taken away; a factor is changed in the files, since amounts were computed with it."""

    code = Column("code", _("code"))
    name_zh = Column("name_zh", _("name in Chinese"))
    name_en = Column("name_en", _("name in English"))
    dimension = Column("dimension", _("dimension"))
    factor_to_base = Column("factor_to_base", _("factor to the base unit"))
    aliases = Column("aliases", _("other names"), Lists())

    class Meta(Exchange):
        model = Unit


class ParameterSheet(Sheet):
    """Technical parameters, to be taken away."""

    code = Column("code", _("code"))
    name_zh = Column("name_zh", _("name in Chinese"))
    name_en = Column("name_en", _("name in English"))
    comparison = Column("comparison", _("comparison"), Choices(Comparison.choices))
    unit = Column("unit", _("unit"), Named(lambda actor: Unit.objects.all()))
    levels = Column("levels", _("levels"), Lists())
    source = Column("source", _("source"))

    class Meta(Exchange):
        model = Parameter


class RecognitionSheet(Sheet):
    """Rules of recognition across the border, to be taken away."""

    parameter = Column("parameter", _("paper"), Named(lambda actor: Parameter.objects.all()))
    valid_from = Column("valid_from", _("first day"), Days())
    valid_to = Column("valid_to", _("ended on"), Days())
    note_zh = Column("note_zh", _("note in Chinese"))
    note_en = Column("note_en", _("note in English"))
    source = Column("source", _("source"))

    class Meta(Exchange):
        model = Recognition
