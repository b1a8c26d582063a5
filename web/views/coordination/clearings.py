"""Weekly clearings: by chain and week, whose task each open need is, and firms for a matchmaking day."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.imports.writing import KINDS, as_file
from common.errors import Refused
from common.values import normalise_code
from matchmaking.days.permissions import when_invited
from matchmaking.days.queries.days import days_coordinated_by
from matchmaking.insights.queries.clearings import (
    OPEN,
    PARTS,
    SHARES,
    WEEKS_SHOWN,
    clearings_of,
    coordinators_of,
    counted_in,
    figures_of_clearing,
    lines_of_part,
)
from matchmaking.insights.queries.coordination import Scope, scope_of
from matchmaking.insights.services.clearing import give_needs
from matchmaking.partnerships.services.coordination import record_export
from web.access import coordination_required, show_refusals, signed_in_user
from web.lists import CappedPaginator
from web.papers.sending import handed_out
from web.templatetags.chuanyu import reason

LINES_A_PAGE = 50
DAYS_AHEAD = 10
"""The latest days that are looked at; firms can be invited to few of them."""


@require_safe
@coordination_required
@never_cache
def clearings(request: HttpRequest) -> HttpResponse:
    """The last weeks of each chain, with what stays open in the scope and what of it is one's own."""
    rows = list(clearings_of(request.user))
    weeks = sorted({row.week for row in rows}, reverse=True)[:WEEKS_SHOWN]
    shown = [row for row in rows if row.week in weeks]
    counts = counted_in(scope_of(request.user), shown, signed_in_user(request))
    told = [{"clearing": row, "counts": counts.get(row.pk)} for row in shown]
    return render(request, "coordination/clearings.html", {"rows": told})


def found(request: HttpRequest, key: str) -> tuple[Scope, Any]:
    """The scope of the reader and the clearing with this key, 404 for one of a chain that no right reaches."""
    return scope_of(request.user), get_object_or_404(clearings_of(request.user), key=normalise_code(key))


def part_in(request: HttpRequest) -> str:
    """Which part of a clearing the address asks for."""
    part = request.GET.get("part", OPEN)
    return part if part in PARTS else OPEN


@require_safe
@coordination_required
@never_cache
def clearing(request: HttpRequest, key: str) -> HttpResponse:
    """One clearing: how much is filled, what stays open with its owner and the smallest change, who supplies whom."""
    scope, one = found(request, key)
    return shown(request, scope, one)


def shown(request: HttpRequest, scope: Scope, one: Any, **told: Any) -> HttpResponse:
    """The page of a clearing; with ``problem`` what was ticked and chosen stays."""
    part, reader = part_in(request), signed_in_user(request)
    lines = lines_of_part(scope, one, part, reader)
    days = [day for day in days_coordinated_by(reader)[:DAYS_AHEAD] if when_invited(day)]
    context = {
        "clearing": one,
        "part": part,
        "page": CappedPaginator(lines, LINES_A_PAGE).get_page(request.GET.get("page")),
        "figures": figures_of_clearing(scope, one),
        "counts": counted_in(scope, [one], reader).get(one.pk),
        "coordinators": coordinators_of(one) if part != SHARES else [],
        "days": days,
        "kinds": [(kind, kind.upper()) for kind in KINDS],
        **told,
    }
    return render(request, "coordination/clearing.html", context, status=422 if told else 200)


@require_POST
@coordination_required
@show_refusals
def give(request: HttpRequest, key: str) -> HttpResponse:
    """Give the ticked needs to a coordinator, or take them oneself."""
    (scope, one), actor = found(request, key), signed_in_user(request)
    numbers = [normalise_code(text) for text in request.POST.getlist("need")]
    lines = list(lines_of_part(scope, one, OPEN, actor).filter(need__number__in=numbers))
    receiver = next((user for user in coordinators_of(one) if str(user.pk) == request.POST.get("owner")), None)
    told = {"ticked": numbers, "chosen": request.POST.get("owner", "")}
    if not lines or receiver is None:
        problem = _("Choose a coordinator.") if lines else _("Tick at least one need.")
        return shown(request, scope, one, problem=problem, lacks_owner=bool(lines), **told)
    try:
        count = give_needs(clearing=one, lines=lines, receiver=receiver, actor=actor)
    except Refused as refusal:
        return shown(request, scope, one, problem=reason(refusal.reason, refusal.facts), lacks_owner=True, **told)
    messages.success(request, told_words(count, receiver, actor))
    return redirect(f"{reverse('web:coordination:clearing', args=[one.key])}?{request.GET.urlencode()}#h-lines")


def told_words(count: int, receiver: Any, actor: Any) -> str:
    """What changed hands, in a sentence."""
    if receiver == actor:
        return _("Needs that are yours now: %(count)d.") % {"count": count}
    return _("Needs that %(name)s has now: %(count)d.") % {"name": receiver.name or receiver.email, "count": count}


@require_safe
@coordination_required
@never_cache
def export(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One part of a clearing as a table; that it was taken is recorded."""
    if kind not in KINDS:
        raise Http404
    scope, one = found(request, key)
    part, actor = part_in(request), signed_in_user(request)
    rows = [row_of(line, part) for line in lines_of_part(scope, one, part, actor)]
    record_export(actor=actor, part="clearing", rows=len(rows), query=f"{one.key} {part}")
    name = f"clearing-{one.chain.code}-{one.week:%Y-%m-%d}.{kind}"
    return handed_out(as_file(kind, head_of(part), rows), media_type=KINDS[kind], name=name)


def head_of(part: str) -> list[str]:
    """The columns of a file."""
    first = [_("Number"), _("Need"), _("Enterprise"), _("Place")]
    if part == SHARES:
        return [*first, _("Share"), _("Asked"), _("Unit"), _("Capacity"), _("Supplier")]
    return [
        *first,
        _("Open amount"),
        _("Asked"),
        _("Unit"),
        _("Reason"),
        _("Smallest change"),
        _("Nearest"),
        _("Owner"),
    ]


def row_of(line: Any, part: str) -> Sequence[str]:
    """A line under these columns."""
    need, unit = line.need, line.need.unit
    first = [need.number, need.title, need.enterprise.name, need.region.name if need.region else ""]
    first += [f"{line.amount.normalize():f}", f"{line.asked.normalize():f}", unit.name if unit else ""]
    if part == SHARES:
        return [*first, *other_of(line, "capacity")]
    owner = line.owner.name if line.owner else ""
    return [*first, reason(line.reason, line.facts), reason(line.change, line.change_facts), other_of(line)[0], owner]


def other_of(line: Any, name: str = "nearest") -> tuple[str, str]:
    """Number and firm of the other side, as far as the reader may open it."""
    other = getattr(line, name)
    if other is None or not (line.is_inside or line.is_public):
        return "", ""
    return other.number, other.enterprise.name if line.is_inside else other.shown_name
