"""Plans of a market: asked for by chain, computed by the worker, read here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.values import normalise_code
from matchmaking.insights.queries.chains import chain_in_use
from matchmaking.insights.queries.coordination import scope_of
from matchmaking.insights.queries.plans import chains_to_plan, figures_of_plan, lines_of_plan, plans_of
from matchmaking.insights.services.plans import ask_plan
from matchmaking.insights.tasks import make_market_plan
from web.access import coordination_required, show_refusals, signed_in_user
from web.lists import CappedPaginator

LINES_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@coordination_required
@never_cache
@show_refusals
def plans(request: HttpRequest) -> HttpResponse:
    """One's plans, and the form to ask for one."""
    context = {"plans": plans_of(request.user), "chains": chains_to_plan(scope_of(request.user))}
    if request.method != "POST":
        return render(request, "coordination/plans.html", context)
    chain = chain_in_use(normalise_code(request.POST.get("chain", "")))
    if chain is None:
        return render(request, "coordination/plans.html", context | {"is_wrong": True}, status=422)
    plan = ask_plan(chain=chain, actor=signed_in_user(request))
    make_market_plan.enqueue(plan.key)
    return redirect("web:coordination:plan", key=plan.key)


@require_safe
@coordination_required
@never_cache
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """A plan: how far it is, then how much it fills, who supplies whom, and what stays open and why.

    Nothing of it is shown once the scope that it was made for was changed.
    """
    shown = get_object_or_404(plans_of(request.user), key=normalise_code(key))
    scope = scope_of(request.user)
    context = {"plan": shown, "is_other_scope": shown.scope_mark != scope.mark}
    if shown.state == "ready" and not context["is_other_scope"]:
        part = "open" if request.GET.get("part") == "open" else "shares"
        lines = lines_of_plan(scope, shown, is_open=part == "open")
        page = CappedPaginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
        context |= {"figures": figures_of_plan(shown), "page": page, "part": part}
    return render(request, "coordination/plan.html", context)
