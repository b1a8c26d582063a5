"""Pairs that coordinators suggest by hand, and such a pair as its firms read it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.values import normalise_code
from matchmaking.desk.choices import PairStep
from matchmaking.desk.filters import MINE, PairFilter
from matchmaking.desk.queries.cases import pairs_in
from matchmaking.desk.queries.meetings import hand_pairs_of_member
from matchmaking.desk.services.pairs import suggest_pair
from matchmaking.insights.queries.coordination import postings_in, scope_of
from matchmaking.partnerships.queries.partnerships import partnership_between
from matchmaking.postings.queries.postings import postings_visible_to
from web.access import (
    coordination_required,
    membership_required,
    required_enterprise,
    show_refusals,
    signed_in_user,
)
from web.forms.desk import PairForm
from web.lists import filtered_list


@require_safe
@coordination_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """Pairs suggested by hand in scope, and how far they have come."""
    filters = PairFilter(request.GET, queryset=pairs_in(scope_of(request.user), request.user), request=request)
    context = {
        "selects": [("step", _("How far"), PairStep.choices), ("by", _("Whose"), MINE)],
    }
    return filtered_list(request, "desk/pairs.html", filters, context)


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def suggest(request: HttpRequest, number: str) -> HttpResponse:
    """Suggest another posting for one in scope, for a reason that both firms read."""
    posting = get_object_or_404(postings_in(scope_of(request.user)), number=normalise_code(number))
    form, actor = PairForm(request.POST) if request.method == "POST" else PairForm(), signed_in_user(request)
    if form.is_bound and form.is_valid():
        code = normalise_code(form.cleaned_data["number"])
        other = postings_visible_to(user=request.user).filter(number=code).first()
        if other is None:
            form.add_error("number", _("No published posting has this number."))
        else:
            need, capacity = (posting, other) if posting.is_need else (other, posting)
            values = {"need": need, "capacity": capacity, "actor": actor}
            with form.refusals():
                suggest_pair(**values, reason=form.cleaned_data["reason"])
    if form.is_bound and form.is_valid():
        messages.success(request, _("Both firms have your suggestion."))
        return redirect("web:coordination:posting", number=posting.number)
    context = {
        "form": form,
        "heading": _("Suggest a pair"),
        "about": posting.title,
        "button": _("Suggest it to both firms"),
    }
    return render(request, "desk/ask.html", context, status=422 if form.errors else 200)


@require_safe
@membership_required
@never_cache
def suggested(request: HttpRequest, key: str) -> HttpResponse:
    """A pair that a coordinator suggests to one's firm: the other posting as it shows itself, and why.

    404 once the other posting may not be seen any more.
    """
    pair: Any = get_object_or_404(hand_pairs_of_member(request.user), key=normalise_code(key))
    enterprise = required_enterprise(request)
    own, other = (pair.need, pair.capacity) if pair.need.enterprise_id == enterprise.pk else (pair.capacity, pair.need)
    if own.enterprise_id != enterprise.pk:
        raise Http404
    other = get_object_or_404(postings_visible_to(user=request.user), pk=other.pk)
    known = partnership_between(enterprise=enterprise, posting=other)
    context = {"pair": pair, "own": own, "other": other, "partnership": known}
    return render(request, "desk/suggested.html", context)
