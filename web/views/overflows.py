"""Overflows: begun on one short form, planned until nothing is open, followed until all partners have consented."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import role_in
from common.errors import Invalid, Refused, require
from common.models import random_key
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.consortia.choices import State
from matchmaking.consortia.permissions import can_close_overflow, can_plan_overflow
from matchmaking.consortia.queries.consortia import active_members, lines_for_owner, open_amount
from matchmaking.consortia.queries.overflows import (
    lines_of,
    needs_of,
    overflows_of,
    overflows_visible_to,
    plan_of,
    talks_about,
)
from matchmaking.consortia.services.closing import close_overflow
from matchmaking.consortia.services.forming import Share
from matchmaking.consortia.services.overflowing import begin_overflow, plan_overflow
from matchmaking.consortia.services.planning import OFFERED, PlanChoice, plan_choices
from matchmaking.matching.services.suggestions import as_shown, suggestions_for
from matchmaking.matching.tasks import record_shown_suggestions
from matchmaking.partnerships.queries.partnerships import counterpart_name, partnerships_with
from matchmaking.partnerships.services.panels import is_shown_anew
from matchmaking.postings.choices import Direction, Status
from matchmaking.postings.permissions import can_write_posting
from matchmaking.postings.queries.postings import postings_visible_to
from matchmaking.postings.services.publishing import closing_reasons
from web.access import membership_required, required_enterprise, show_refusals, signed_in_user
from web.forms.consortia import PREFIX, Asked, PlanForm, numbers_sent
from web.forms.overflows import OverflowForm, gap_of

PAGE = 25
"""Overflows of a page of the list."""
SUGGESTED = 5
"""Suggestions for premises, and for workers."""
NOTHING = Decimal(0)
LONGEST_NUMBER = 20
"""What is longer is no number of a posting."""


@require_safe
@membership_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """One's own overflows with what is open of each, newest first."""
    rows = overflows_of(user=request.user, enterprise=required_enterprise(request))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "overflows/list.html", {"page": page, "lines": lines_of(page.object_list)})


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def new(request: HttpRequest) -> HttpResponse:
    """The short form; with htmx only the gap as it is typed."""
    if getattr(request, "htmx", False) and request.method != "POST":
        return render(request, "overflows/_gap.html", {"gap": gap_of(request.GET)})
    enterprise, actor = required_enterprise(request), signed_in_user(request)
    require(can_write_posting(actor, enterprise))
    form = (
        OverflowForm(request.POST) if request.method == "POST" else OverflowForm(initial={"region": enterprise.region})
    )
    made: list[Any] = []

    def begin(_cleaned: dict[str, Any]) -> None:
        made.append(begin_overflow(enterprise=enterprise, actor=actor, values=form.values(), key=key))

    key = sent_key(request)
    if form.is_bound and form.carried_out(begin):
        messages.success(request, gettext("Posted. Each need is matched by itself; now plan who takes how much."))
        return redirect("web:overflows:detail", key=made[0].key)
    context = {"form": form, "key": key, "gap": gap_of(request.POST)}
    return render(request, "overflows/form.html", context, status=422 if form.errors else 200)


def sent_key(request: HttpRequest) -> str:
    """The key of the opened form, so that sending it twice begins one overflow; a new one where it names none."""
    key, fresh = normalise_code(request.POST.get("key", "")), random_key()
    return key if len(key) == len(fresh) and key.isascii() and key.isalnum() else fresh


def found_overflow(request: HttpRequest, key: str) -> Any:
    """An overflow of a firm of the reader, 404 for everybody else: the administration has lists of its own."""
    row = get_object_or_404(overflows_visible_to(user=request.user), key=normalise_code(key))
    if role_in(request.user, row.enterprise) is None:
        raise Http404
    return row


@require_safe
@membership_required
@never_cache
@show_refusals
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """Where an overflow stands: the plan with what is open, premises and workers; with htmx only what is open."""
    overflow = found_overflow(request, key)
    if getattr(request, "htmx", False):
        return render(request, "overflows/_remainder.html", reckoned(request, overflow))
    context = context_of(request, overflow)
    record(request, overflow.gap, [share.suggested for share, _field in context["rows"]], place="plan")
    return render(request, "overflows/detail.html", context)


def record(request: HttpRequest, need: Any, matches: Iterable[Any], *, place: str) -> None:
    """Have the worker keep which suggestions for ``need`` were shown, as on the page of its matches."""
    shown, viewer = as_shown(matches), signed_in_user(request)
    if shown and is_shown_anew(posting=need, viewer=viewer, shown=shown, place=place):
        record_shown_suggestions.enqueue(need.number, shown, viewer.pk)


def reckoned(request: HttpRequest, overflow: Any) -> dict[str, Any]:
    """What would be open by the amounts as they are typed, readable or not yet."""
    plan = plan_of(overflow)
    members = active_members(plan) if plan is not None else []
    typed = [number for number in numbers_sent(request.GET, most=OFFERED) if number]
    form = PlanForm([Asked(number, "") for number in typed], data=request.GET)
    form.is_valid()
    return {"overflow": overflow} | sums(overflow, plan, members, form.amounts().values(), form.own_part)


def sums(overflow: Any, plan: Any, members: Iterable[Any], asked: Iterable[Decimal], own: Decimal) -> dict[str, Any]:
    """Who would take how much: partners that stay and those that are asked, the own line, and the remainder."""
    whole = plan.total_amount if plan is not None else overflow.gap.quantity_amount or NOTHING
    carried = sum((one.amount for one in members), NOTHING) + sum(asked, NOTHING)
    return {"whole": whole, "carried": carried, "own_part": own, "remainder": whole - carried - own}


def context_of(request: HttpRequest, overflow: Any, sent: PlanForm | None = None) -> dict[str, Any]:
    """What the page shows; ``sent`` is a plan that was refused, as it was typed."""
    plan = plan_of(overflow)
    members = active_members(plan) if plan is not None else []
    may_plan = bool(can_plan_overflow(request.user, overflow, plan))
    may_plan = may_plan and (plan is None or open_amount(plan, members) > 0)
    found = plan_choices(overflow=overflow, plan=plan, members=members, viewer=request.user) if may_plan else []
    own = plan.own_amount if plan is not None else NOTHING
    form = sent or PlanForm(asked_for(found), own)
    asked = form.amounts().values() if form.is_bound else [one.amount for one in form.suppliers if one.amount]
    own = form.own_part if form.is_bound else own
    talks = talks_about(overflow)
    return {
        "overflow": overflow,
        "plan": plan,
        "is_short": plan is not None and plan.state == State.SHORT,
        "lines": lines_for_owner(members),
        "standing": named(overflow, talks[overflow.gap_id]) if plan is None else [],
        "may_plan": may_plan,
        "form": form,
        **fields_of(form, found),
        "typed": {} if may_plan or sent is None else typed_in(sent),
        "closing": closing_reasons(Direction.NEED) if can_close_overflow(request.user, overflow) else [],
        "parts": [part_of(overflow, name, talks) for name in needs_of(overflow)],
        **sums(overflow, plan, members, asked if may_plan else [], own),
    }


def fields_of(form: PlanForm, found: Iterable[PlanChoice]) -> dict[str, Any]:
    """The amounts of a plan: ``rows`` of those that are suggested now, ``kept`` those typed for others before."""
    fields = {field.name: field for field in form if field.name.startswith(PREFIX)}
    rows = [(one.share, fields.pop(f"{PREFIX}{one.share.posting.number}", None)) for one in found]
    return {"rows": [(share, field) for share, field in rows if field is not None], "kept": list(fields.values())}


def typed_in(form: PlanForm) -> dict[str, list[Any]]:
    """What a plan was typed with, by the labels of its fields."""
    return {str(field.label): [field.value()] for field in form if field.value()}


def part_of(overflow: Any, name: str, talks: dict[int, list[Any]]) -> dict[str, Any]:
    """Premises or workers: the need, and with whom the firm is in touch about it."""
    need = getattr(overflow, name)
    return {
        "name": name,
        "need": need,
        "is_live": need.status == Status.PUBLISHED,
        "talks": named(overflow, talks[need.pk]),
    }


def named(overflow: Any, partnerships: Iterable[Any]) -> list[tuple[Any, str]]:
    """Partnerships with the other firm's name as the overflow's own may know it."""
    return [(one, counterpart_name(one, overflow.enterprise)) for one in partnerships]


def asked_for(choices: Iterable[PlanChoice]) -> list[Asked]:
    """The fields of a plan: an amount for each capacity that it chooses from."""
    return [Asked(one.share.posting.number, one.share.posting.shown_name, one.amount) for one in choices]


def numbers_besides(request: HttpRequest, found: Iterable[PlanChoice]) -> list[str]:
    """Numbers of capacities for which an amount was typed and that are not suggested any more."""
    offered = {one.share.posting.number for one in found}
    sent = numbers_sent(request.POST, most=2 * OFFERED)
    typed = [number for number in sent if number not in offered and request.POST[f"{PREFIX}{number}"].strip()]
    return [number for number in typed if number == normalise_code(number) and len(number) <= LONGEST_NUMBER]


def typed_besides(request: HttpRequest, found: Iterable[PlanChoice]) -> dict[str, Any]:
    """Those of ``numbers_besides`` that the reader may still see, by number."""
    numbers = numbers_besides(request, found)
    if not numbers:
        return {}
    rows = postings_visible_to(user=request.user).filter(number__in=numbers, direction=Direction.CAPACITY)
    return {row.number: row for row in rows}


def asked_besides(request: HttpRequest, capacities: Mapping[str, Any], found: Iterable[PlanChoice]) -> list[Asked]:
    """The fields that keep what was typed for ``numbers_besides``; by the number where the capacity is gone."""
    numbers = numbers_besides(request, found)
    return [Asked(one, capacities[one].shown_name if one in capacities else one) for one in numbers]


@require_POST
@membership_required
@show_refusals
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the partners of the plan, each for its own share alone."""
    overflow, actor = found_overflow(request, key), signed_in_user(request)
    standing = plan_of(overflow)
    verdict = can_plan_overflow(actor, overflow, standing)
    members = active_members(standing) if standing is not None else []
    found = plan_choices(overflow=overflow, plan=standing, members=members, viewer=actor) if verdict else []
    capacities = {one.share.posting.number: one.share.posting for one in found} | typed_besides(request, found)
    form = PlanForm([*asked_for(found), *asked_besides(request, capacities, found)], data=request.POST)

    def ask(_cleaned: dict[str, Any]) -> None:
        require(verdict)
        gone = {
            f"{PREFIX}{number}": Reason.REFUSAL_SHARE_UNFIT for number in form.amounts() if number not in capacities
        }
        if gone:
            raise Invalid(gone)
        shares = [Share(capacities[number], amount) for number, amount in form.amounts().items()]
        plan_overflow(overflow=overflow, shares=shares, own=form.own_part, actor=actor)

    if not form.carried_out(ask):
        return render(request, "overflows/detail.html", context_of(request, overflow, form), status=422)
    messages.success(request, gettext("Asked. Each partner is told of its own share alone."))
    return redirect("web:overflows:detail", key=overflow.key)


@require_POST
@membership_required
@show_refusals
def close(request: HttpRequest, key: str) -> HttpResponse:
    """Close all needs of an overflow and end what is not signed, for the reason chosen."""
    overflow, actor = found_overflow(request, key), signed_in_user(request)
    closed = close_overflow(overflow=overflow, actor=actor, reason=request.POST.get("reason", ""))
    needs = ngettext("%(count)s need is closed", "%(count)s needs are closed", closed.needs)
    talks = ngettext("%(count)s request or talk has ended", "%(count)s requests or talks have ended", closed.talks)
    told = {"needs": needs % {"count": closed.needs}, "talks": talks % {"count": closed.talks}}
    messages.success(request, gettext("Closed: %(needs)s, %(talks)s. What is signed goes on.") % told)
    return redirect("web:overflows:detail", key=overflow.key)


@require_safe
@membership_required
@never_cache
@show_refusals
def part(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """The best suggestions for premises or workers, as a piece of the page; without scripts all of them."""
    overflow = found_overflow(request, key)
    need = needs_of(overflow).get(part)
    if need is None:
        raise Http404
    if not getattr(request, "htmx", False):
        return redirect("web:matching:matches", number=need.number)
    try:
        found = suggestions_for(posting=need, viewer=request.user, limit=SUGGESTED).matches
    except Refused:
        found = ()
    held = partnerships_with(posting=need, counterparts=[one.posting for one in found])
    rows = [(one, held.get(one.posting.pk)) for one in found]
    record(request, need, found, place=part)
    return render(request, "overflows/_suggested.html", {"overflow": overflow, "need": need, "rows": rows})
