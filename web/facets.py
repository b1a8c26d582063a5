"""The counted filters of a list: values with how many postings each would show, in the panel and after each change."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from secrets import token_hex

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from matchmaking.matching.services.facets import Facets, FacetValue
from matchmaking.postings.choices import Subject
from matchmaking.postings.filters import filter_choices
from reference.queries.names import reference_names

GROUPS = ("chain", "node", "region", "subject", "certificates")
FACET_MARKS = {name: token_hex(16) for name in GROUPS}
"""Stand in the kept panel for the counted filters, which differ between readers; nobody can write them into a page."""
OPTION = '<option value="{}"{}>{} ({})</option>'
CHECK = (
    '<label class="check"><input type="checkbox" name="{}" value="{}"{}> {} <span class="num faint">{}</span></label>'
)
LINK = '<li class="row between"><a href="{}">{}</a> <span class="num faint">{}</span></li>'


def facets_html(
    facets: Facets, query: QueryDict, list_address: str, *, offers_papers: bool, swaps: bool
) -> dict[str, SafeString]:
    """The HTML of each counted filter; ``swaps`` has htmx put it in the place of the one before."""
    return drawn_facets(facets, query.urlencode(), list_address, get_language() or "", offers_papers, swaps)


@lru_cache(maxsize=256)
def drawn_facets(
    facets: Facets, told: str, list_address: str, language: str, offers_papers: bool, swaps: bool
) -> dict[str, SafeString]:
    """What ``facets_html`` gives for the filters of an address in a language, kept for who asks the same."""
    query, names = QueryDict(told), named_values()
    drawn = {
        "chain": checks("chain", facets.chain, query, names["chain"]),
        "region": options(facets.region, query.getlist("region"), names["region"]),
        "subject": checks("subject", facets.subject, query, {one.value: str(one.label) for one in Subject}),
        "certificates": options(facets.certificates, query.getlist("certificates"), names["certificates"]),
        "node": node_links(facets, query, list_address),
    }
    common = {
        "swaps": swaps,
        "node": query.get("node", ""),
        "has_links": bool(facets.node),
        "above": above_of(facets, query, list_address),
    }
    left_out = () if offers_papers else ("certificates",)
    return {
        name: SafeString(render_to_string(f"postings/_facet_{name}.html", {**common, "values": values}))
        for name, values in drawn.items()
        if name not in left_out
    }


def with_facets(panel: str, drawn: dict[str, SafeString]) -> SafeString:
    """The kept panel with the counted filters in the place of their marks."""
    for name, mark in FACET_MARKS.items():
        panel = panel.replace(mark, drawn.get(name, ""))
    return SafeString(panel)


def named_values() -> dict[str, dict[str, str]]:
    """Names in the active language of what the panel offers."""
    place = 2 if (get_language() or "zh").startswith("en") else 1
    choices = filter_choices()
    named = {name: {row[0]: row[place] for row in choices[name]} for name in ("chain", "certificates")}
    regions = (*choices["province"], *choices["region"])
    return {**named, "region": {row[0]: row[place] for row in regions}}


def checks(name: str, values: Iterable[FacetValue], query: QueryDict, names: dict[str, str]) -> SafeString:
    """One box for each value."""
    chosen = query.getlist(name)
    rows = (
        (name, one.code, SafeString(" checked" if one.code in chosen else ""), names[one.code], one.shown)
        for one in values
    )
    return format_html_join("", CHECK, rows)


def options(values: Iterable[FacetValue], chosen: Sequence[str], names: dict[str, str]) -> SafeString:
    """One option for each value."""
    rows = (
        (one.code, SafeString(" selected" if one.code in chosen else ""), names[one.code], one.shown) for one in values
    )
    return format_html_join("", OPTION, rows)


def node_links(facets: Facets, query: QueryDict, list_address: str) -> SafeString:
    """A link to the list of each node one level down."""
    names = reference_names()
    rows = ((list_address + with_node(query, one.code), names["node", one.code].name, one.shown) for one in facets.node)
    return format_html_join("", LINK, rows)


def above_of(facets: Facets, query: QueryDict, list_address: str) -> str:
    """The address of the list one node up; nothing where no node is chosen."""
    return list_address + with_node(query, facets.above) if query.get("node") else ""


def with_node(query: QueryDict, code: str) -> str:
    """The tail of the address with another node, or without one, from the first page."""
    changed = query.copy()
    changed.pop("page", None)
    changed.pop("node", None)
    if code:
        changed["node"] = code
    return f"?{changed.urlencode()}"
