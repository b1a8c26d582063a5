"""Sets of suppliers for one need: proposed to its firm, and as its firm and each supplier read them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import firms_of, role_in
from common.errors import Refused
from common.reasons import Reason
from matchmaking.consortia.choices import GATHERING, UNDER_WAY
from matchmaking.consortia.permissions import (
    can_add_suppliers,
    can_consent_to_share,
    can_dissolve_consortium,
    can_form_consortium,
    can_leave_consortium,
)
from matchmaking.consortia.queries.consortia import (
    active_members,
    consortia_visible_to,
    consortium_of,
    lines_for_owner,
    names_for_member,
    open_amount,
    open_parts,
    own_share,
)
from matchmaking.consortia.services.consenting import consent_to_share, leave_consortium
from matchmaking.consortia.services.forming import Share, add_suppliers, form_consortium
from matchmaking.consortia.services.settling import dissolve_consortium, replacements
from matchmaking.matching.services.carriers import ProposedShare
from matchmaking.matching.services.sets import supplier_sets
from matchmaking.partnerships.choices import BOUND
from matchmaking.partnerships.queries.partnerships import counterpart_name
from matchmaking.postings.choices import Direction
from matchmaking.postings.queries.postings import postings_of_member, postings_visible_to
from web.access import acting_enterprise, membership_required, seen_versions, show_refusals, signed_in_user
from web.forms.consortia import Asked, OwnForm, SharesForm, numbers_sent
from web.forms.partnerships import EndForm

NOTHING = Decimal(0)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@never_cache
@show_refusals
def sets(request: HttpRequest, number: str) -> HttpResponse:
    """Who carries one's own need alone, and which suppliers carry it together; by POST a set is asked for its shares.

    With htmx only the panel.
    """
    need = get_object_or_404(postings_of_member(user=request.user), number=number, direction=Direction.NEED)
    actor, sent = signed_in_user(request), None
    if request.method == "POST":
        made: list[Any] = []
        sent = sent_form(request)

        def ask(cleaned: dict[str, Any]) -> None:
            shares = shares_of(request, sent)
            made.append(form_consortium(need=need, shares=shares, actor=actor, own=cleaned["own"] or NOTHING))

        if sent.carried_out(ask):
            messages.success(request, gettext("Asked. Each supplier is told of its own share alone."))
            return redirect("web:consortia:detail", key=made[0].key)
    context = sets_context(request, need, sent)
    is_fragment = bool(getattr(request, "htmx", False))
    template = "consortia/_sets.html" if is_fragment else "consortia/sets.html"
    return render(request, template, context, status=422 if sent is not None else 200)


def sets_context(request: HttpRequest, need: Any, sent: SharesForm | None) -> dict[str, Any]:
    """All that the proposals show; ``sent`` is a set that was refused, as it was typed."""
    own_form = OwnForm(request.GET, auto_id="part_%s") if "own" in request.GET else OwnForm(auto_id="part_%s")
    own = (own_form.cleaned_data["own"] or NOTHING) if own_form.is_bound and own_form.is_valid() else NOTHING
    if not 0 <= own < (need.quantity_amount or own + 1):
        own_form.add_error("own", gettext("Enter less than the need, or nothing."))
        own = NOTHING
    may_ask = bool(can_form_consortium(request.user, need))
    found = supplier_sets(posting=need, viewer=request.user, amount=(need.quantity_amount or NOTHING) - own)
    return {
        "need": need,
        "posting": need,
        "found": found,
        "own": own,
        "own_form": own_form,
        "proposals": proposals(found.sets, own),
        "sent": sent,
        "form": sent,
        "consortium": None if may_ask else consortium_of(need),
        "may_ask": may_ask,
    }


def proposals(found: Iterable[tuple[ProposedShare, ...]], own: Decimal = NOTHING) -> list[dict[str, Any]]:
    """Each set with its form, its sum, and how well its members fit on the average."""
    told = []
    for place, members in enumerate(found, 1):
        suppliers = [Asked(one.posting.number, one.posting.shown_name, one.amount, one.days) for one in members]
        form = SharesForm(suppliers, own, name=f"set{place}")
        told.append(
            {
                "place": place,
                "form": form,
                "rows": [
                    (one, form[f"amount_{one.posting.number}"], form.day_fields(one.posting.number)) for one in members
                ],
                "is_by_days": any(one.days for one in members),
                "sum": sum((one.amount for one in members), NOTHING),
                "points": round(sum(one.suggested.points for one in members) / len(members)),
            }
        )
    return told


def sent_form(request: HttpRequest) -> SharesForm:
    """The form as it was sent, for capacities that the reader may see; 404 where one is none of these."""
    numbers = numbers_sent(request.POST)
    rows = {row.number: row for row in visible_capacities(request, numbers)}
    if not numbers or any(number not in rows for number in numbers):
        raise Http404
    suppliers = [Asked(number, rows[number].shown_name) for number in numbers]
    return SharesForm(suppliers, data=request.POST, name="sent")


def shares_of(request: HttpRequest, form: SharesForm) -> list[Share]:
    """What a sound form asks of whom."""
    amounts, days = form.amounts(), form.days()
    return [Share(row, amounts[row.number], days.get(row.number)) for row in visible_capacities(request, amounts)]


def visible_capacities(request: HttpRequest, numbers: Iterable[str]) -> Any:
    """Capacities with these numbers that the reader may see."""
    rows = postings_visible_to(user=request.user).filter(number__in=list(numbers), direction=Direction.CAPACITY)
    return rows.select_related("enterprise")


def found_set(request: HttpRequest, key: str) -> Any:
    """The consortium with this key, 404 for whoever may not see it."""
    return get_object_or_404(consortia_visible_to(user=request.user), key=key)


def acts_as_owner(request: HttpRequest, consortium: Any) -> bool:
    """Whether the reader stands on the side of the need: by the firm they act for, else by any of theirs."""
    acting = acting_enterprise(request)
    if acting is not None and acting.pk == consortium.need.enterprise_id:
        return True
    return role_in(request.user, consortium.need.enterprise) is not None


def share_of_reader(request: HttpRequest, consortium: Any) -> Any:
    """The share that a firm of the reader holds, that of the firm acted for first; 404 where none does."""
    acting = acting_enterprise(request)
    firms = ([acting.pk] if acting is not None else []) + sorted(firms_of(request.user))
    share = own_share(active_members(consortium), firms)
    if share is None:
        raise Http404
    return share


def context_of(request: HttpRequest, consortium: Any, sent: Any = None) -> dict[str, Any]:
    """What the page shows: to the need's firm every share, to a supplier its own and, once complete, the names."""
    members = active_members(consortium)
    acting = acting_enterprise(request)
    firms = ([acting.pk] if acting is not None else []) + sorted(firms_of(request.user))
    mine = own_share(members, firms)
    base = {"consortium": consortium, "suppliers": len(members), "form": sent, "sent": sent}
    if mine is not None and (acting is None or acting.pk != consortium.need.enterprise_id):
        mine.consortium = consortium
        return base | member_context(request, consortium, members, mine, sent)
    if not acts_as_owner(request, consortium):
        raise Http404
    parts = open_parts(consortium, members)
    missing = open_amount(consortium, members)
    may_add = missing > 0 and bool(can_add_suppliers(request.user, consortium))
    found = replacements(consortium=consortium, viewer=signed_in_user(request)) if may_add else None
    return base | {
        "is_owner": True,
        "lines": lines_for_owner(members),
        "carried": sum((one.amount for one in members), NOTHING),
        "missing": missing,
        "open_parts": parts,
        "is_by_days": consortium.starts_on is not None,
        "is_gathering": consortium.state in GATHERING,
        "may_add": may_add,
        "may_dissolve": consortium.state in UNDER_WAY and bool(can_dissolve_consortium(request.user, consortium)),
        "proposals": proposals(found.sets) if found is not None else [],
    }


def member_context(request: HttpRequest, consortium: Any, members: Any, mine: Any, sent: Any) -> dict[str, Any]:
    """What one supplier reads: its own share, how many others there are, and their names once all have consented."""
    partnership = mine.partnership
    return {
        "is_owner": False,
        "mine": mine,
        "buyer": counterpart_name(partnership, partnership.capacity.enterprise),
        "others": names_for_member(consortium, members, mine),
        "may_consent": bool(can_consent_to_share(request.user, mine)),
        "may_leave": bool(can_leave_consortium(request.user, mine)),
        "leave_form": sent or EndForm(prefix_id="leave", is_bound_by_agreement=partnership.state in BOUND),
    }


@require_safe
@membership_required
@never_cache
@show_refusals
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """Where a set stands: all shares for the need's firm, the own one for a supplier; 404 for everybody else."""
    return render(request, "consortia/detail.html", context_of(request, found_set(request, key)))


@require_POST
@membership_required
@show_refusals
def consent(request: HttpRequest, key: str) -> HttpResponse:
    """Consent to the share of one's own firm, as the postings stood on the page."""
    share = share_of_reader(request, found_set(request, key))
    consent_to_share(member=share, actor=signed_in_user(request), seen=seen_versions(request))
    messages.success(request, gettext("You have consented to your share."))
    return redirect("web:consortia:detail", key=key)


@require_POST
@membership_required
@show_refusals
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """Give one's share up for a reason; leads to the partnership, which has ended."""
    consortium = found_set(request, key)
    share, actor = share_of_reader(request, consortium), signed_in_user(request)
    form = EndForm(request.POST, prefix_id="leave", is_bound_by_agreement=share.partnership.state in BOUND)

    if not form.carried_out(lambda values: leave_consortium(member=share, actor=actor, **values)):
        return render(request, "consortia/detail.html", context_of(request, consortium, form), status=422)
    messages.success(request, gettext("You have left the set. The other side is told the reason."))
    return redirect("web:partnerships:detail", key=share.partnership.key)


@require_POST
@membership_required
@show_refusals
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Ask further suppliers for the part that is open."""
    consortium, actor = found_set(request, key), signed_in_user(request)
    require_owner(request, consortium)
    form = sent_form(request)

    def ask(_cleaned: dict[str, Any]) -> None:
        add_suppliers(consortium=consortium, shares=shares_of(request, form), actor=actor)

    if not form.carried_out(ask):
        return render(request, "consortia/detail.html", context_of(request, consortium, form), status=422)
    messages.success(request, gettext("Asked. Each supplier is told of its own share alone."))
    return redirect("web:consortia:detail", key=key)


@require_POST
@membership_required
@show_refusals
def dissolve(request: HttpRequest, key: str) -> HttpResponse:
    """End the set; each partnership goes on alone."""
    consortium = found_set(request, key)
    require_owner(request, consortium)
    dissolve_consortium(consortium=consortium, actor=signed_in_user(request))
    messages.success(request, gettext("The set is dissolved. Each partnership goes on as it stands."))
    return redirect("web:consortia:detail", key=key)


def require_owner(request: HttpRequest, consortium: Any) -> None:
    """Refuse whoever does not stand on the side of the need."""
    if not acts_as_owner(request, consortium):
        raise Refused(Reason.REFUSAL_NOT_YOURS)
