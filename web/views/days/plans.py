"""The plan of a day: asked for, computed by the worker, published."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.values import normalise_code
from matchmaking.days.services.plans import ask_plan, publish_plan
from matchmaking.days.tasks import make_day_plan
from web.access import coordination_required, show_refusals, signed_in_user
from web.views.days.coordinated import found

LONGEST_SEED = 6
"""Digits of a seed that are read."""


@require_POST
@coordination_required
@show_refusals
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Have a plan computed, with the number that decides between plans that are worth as much."""
    one, text = found(request, key), normalise_code(request.POST.get("seed", ""))
    seed = int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_SEED else 1
    plan = ask_plan(day=one, actor=signed_in_user(request), seed=seed)
    make_day_plan.enqueue(plan.key)
    return redirect("web:days:coordinated", key=one.key)


@require_POST
@coordination_required
@show_refusals
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Let each firm read its own meetings."""
    one = found(request, key)
    plan = get_object_or_404(one.plans.all(), key=normalise_code(request.POST.get("plan", "")))
    publish_plan(plan=plan, actor=signed_in_user(request))
    messages.success(request, _("The schedule is published. Each firm reads its own meetings."))
    return redirect("web:days:coordinated", key=one.key)
