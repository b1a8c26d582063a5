"""What a link fills into the form of a posting beforehand: the change that a hint names, kept only once it is saved."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from matchmaking.postings.choices import RegionPreference
from matchmaking.postings.queries.postings import postings_visible_to, reads_details
from web.access import way_back
from web.forms.postings import initial_of

FILLED = ("quantity", "minimum_order", "price_min", "price_max", "window_start", "window_end", "radius_km")
LONGEST = 40
MOST_CODES = 20


def mirrored(request: HttpRequest, number: str) -> dict[str, Any]:
    """What a counterpart of another firm's posting would say: its node, unit, window, and quantity where shown."""
    other = get_object_or_404(postings_visible_to(user=request.user), number=number)
    told = initial_of(other, [], [], None)
    names = ["node", "node_words", "subject", "unit", "period", "window_start", "window_end"]
    names += ["quantity"] if reads_details(request.user) else []
    return {name: told[name] for name in names if name in told}


def with_preset(request: HttpRequest, initial: dict[str, Any]) -> dict[str, Any]:
    """``initial`` with what the address fills in; what it does not name stays as it is kept."""
    given = request.GET
    filled: dict[str, Any] = {name: given[name][:LONGEST] for name in FILLED if given.get(name)}
    if given.get("consortium_allowed"):
        filled["consortium_allowed"] = True
    if given.get("regions_allowed"):
        allowed = [*initial["regions_allowed"], *given.getlist("regions_allowed")[:MOST_CODES]]
        filled |= {"regions_allowed": allowed, "region_preference": RegionPreference.LIST}
    if given.get("wish"):
        wished = [code.strip() for code in given["wish"].split(",")[:MOST_CODES]]
        musts = [code for code in initial["certificates_must"] if code not in wished]
        moved = [code for code in initial["certificates_must"] if code in wished]
        filled |= {"certificates_must": musts, "certificates_wish": [*initial["certificates_wish"], *moved]}
    return initial | filled


def sent_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """After saving the way back to where the hint was read, where the form brought one; any other answer as it is."""
    back = way_back(request)
    return redirect(back) if back and isinstance(response, HttpResponseRedirect) else response
