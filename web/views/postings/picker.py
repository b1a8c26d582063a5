"""The node picker: answers the combobox, and is a page of its own for those who browse without scripts."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from common.values import normalise_code
from matchmaking.postings.choices import usual_subject
from reference.queries.measures import certifications_for_node, parameters_for_node, units_for_node
from reference.queries.nodes import chains_in_use, node_by_code, nodes_in_use
from reference.queries.picker import LONGEST_QUERY, NodeMatch, nodes_matching

MOST_FOUND = 12


@require_safe
def nodes(request: HttpRequest) -> HttpResponse:
    """Nodes that ``q`` names, best first: as JSON for the combobox, else as a page with all chains to browse."""
    words = request.GET.get("q", "")[:LONGEST_QUERY]
    found = nodes_matching(words, MOST_FOUND)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"nodes": [told(node) for node in found]})
    context = {"words": words, "found": found, "chains": chains_in_use(), "nodes": [] if words else nodes_in_use()}
    return render(request, "postings/nodes.html", context)


def told(node: NodeMatch) -> dict[str, object]:
    """A node as the combobox shows it: the name in the page's language, the other one beside it."""
    in_english = (get_language() or "zh").startswith("en")
    other = node.name_zh if in_english else node.name_en
    return {"code": node.code, "name": node.name, "path": node.path, "other_name": other, "matched": node.matched}


@require_safe
def usual(request: HttpRequest, code: str) -> HttpResponse:
    """What is usual for a node: its category, and the codes of units, certificates and parameters, closest first."""
    node = node_by_code(normalise_code(code))
    if node is None:
        raise Http404
    return JsonResponse(
        {
            "subject": usual_subject(node.code),
            "units": [unit.code for unit in units_for_node(node)],
            "certificates": [paper.code for paper in certifications_for_node(node)],
            "parameters": [parameter.code for parameter in parameters_for_node(node)],
        }
    )
