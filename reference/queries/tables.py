"""Reference data as plain tuples, for those who compute: no rows, one query each.

Sorted here, not by the database, whose order of signs depends on its collation.
"""

from decimal import Decimal

from reference.models import ChainLink, ChainNode, GlossaryTerm, Parameter, Region, Unit


def node_tuples() -> list[tuple[str, str]]:
    """(code, parent code) of every node in use; the head of a chain has an empty parent."""
    rows = ChainNode.objects.filter(retired_on__isnull=True).order_by()
    return sorted((code, parent or "") for code, parent in rows.values_list("code", "parent__code"))


def node_term_tuples() -> list[tuple[str, str, tuple[str, ...]]]:
    """(code, parent code, names and aliases in both languages) of every node in use."""
    rows = ChainNode.objects.filter(retired_on__isnull=True).order_by()
    columns = ("code", "parent__code", "name_zh", "name_en", "aliases_zh", "aliases_en")
    return sorted(
        (code, parent or "", tuple(dict.fromkeys((name_zh, name_en, *aliases_zh, *aliases_en))))
        for code, parent, name_zh, name_en, aliases_zh, aliases_en in rows.values_list(*columns)
    )


def link_tuples() -> list[tuple[str, str]]:
    """(supplier code, consumer code) of every link in use."""
    rows = ChainLink.objects.filter(retired_on__isnull=True).order_by()
    return sorted(rows.values_list("supplier__code", "consumer__code"))


def glossary_tuples() -> list[tuple[str, str, str]]:
    """(Chinese term, English term, node code) of every term in use; general terms have an empty node."""
    rows = GlossaryTerm.objects.filter(retired_on__isnull=True).order_by()
    return sorted((zh, en, node or "") for zh, en, node in rows.values_list("term_zh", "term_en", "node__code"))


def unit_tuples() -> list[tuple[str, str, Decimal]]:
    """(code, dimension, factor to the base unit) of every unit, retired ones too, for old rows are counted in them."""
    return sorted(Unit.objects.order_by().values_list("code", "dimension", "factor_to_base"))


def region_tuples() -> list[tuple[str, float, float, str]]:
    """(code, latitude, longitude, successor code) of every region, closed ones too; degrees; no successor: empty."""
    rows = Region.objects.order_by().values_list("code", "lat", "lon", "successor__code")
    return sorted((code, lat, lon, successor or "") for code, lat, lon, successor in rows)


def parameter_tuples() -> list[tuple[str, str, tuple[str, ...]]]:
    """(code, usual comparison, ordered levels from the lowest) of every parameter; no levels: a number."""
    rows = Parameter.objects.order_by().values_list("code", "comparison", "levels")
    return sorted((code, comparison, tuple(levels)) for code, comparison, levels in rows)


def known_words() -> list[str]:
    """Every name, alias and term in both languages, retired ones too: what the words of the trade are made of."""
    nodes = ChainNode.objects.order_by().values_list("name_zh", "name_en", "aliases_zh", "aliases_en")
    terms = GlossaryTerm.objects.order_by().values_list("term_zh", "term_en", "aliases_zh", "aliases_en")
    return sorted({word for zh, en, more_zh, more_en in (*nodes, *terms) for word in (zh, en, *more_zh, *more_en)})
