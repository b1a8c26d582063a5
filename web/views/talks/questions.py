"""Public questions about a posting: read by whoever reads its text, asked by other firms, answered by its own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import role_in
from common.errors import require
from matchmaking.postings.permissions import can_read_details
from matchmaking.postings.queries.postings import postings_visible_to
from matchmaking.talks.permissions import can_answer_question, can_ask_question
from matchmaking.talks.queries.questions import questions_at, questions_visible_to
from matchmaking.talks.services.questions import answer_question, ask_question
from web.access import (
    acting_enterprise,
    membership_required,
    required_enterprise,
    show_refusals,
    signed_in_user,
    unless_suspended,
)
from web.forms.talks import AnswerForm, QuestionForm

MOST = 100
"""Questions that one page shows."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@unless_suspended
@never_cache
@show_refusals
def questions(request: HttpRequest, number: str) -> HttpResponse:
    """All questions about a posting, for htmx the list alone; by POST one asks."""
    posting = get_object_or_404(postings_visible_to(user=request.user), number=number)
    user, enterprise = signed_in_user(request), acting_enterprise(request)
    is_own = role_in(user, posting.enterprise) is not None
    if not is_own:
        require(can_read_details(user, posting))
    form = QuestionForm(request.POST) if request.method == "POST" else QuestionForm()
    may_ask = can_ask_question(user, posting, enterprise)

    def ask(values: dict[str, Any]) -> None:
        ask_question(posting=posting, enterprise=required_enterprise(request), actor=user, **values)

    if form.is_bound:
        require(may_ask)
        if form.carried_out(ask):
            messages.success(request, _("Asked. The answer will be public; who asked is told to nobody."))
            return redirect("web:talks:questions", number=number)
    return shown(request, posting, {"form": form, "may_ask": bool(may_ask), "is_own": is_own})


def shown(request: HttpRequest, posting: Any, context: dict[str, Any], key: str = "") -> HttpResponse:
    """The page, or for htmx the list alone; ``key`` names the question whose answer has errors."""
    rows = list(questions_at(user=request.user, posting=posting, enterprise=acting_enterprise(request))[:MOST])
    answered = context.get("answer_form")
    told = [(row, answered if answered and row.key == key else AnswerForm(auto_id=f"a-{row.key}-%s")) for row in rows]
    context |= {"posting": posting, "questions": told}
    is_fragment = bool(getattr(request, "htmx", False))
    has_errors = any(form is not None and form.errors for form in (context["form"], answered))
    template = "talks/_questions.html" if is_fragment else "talks/questions.html"
    response = render(request, template, context, status=422 if has_errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@membership_required
@never_cache
@show_refusals
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Answer a question about one's own posting."""
    question = get_object_or_404(questions_visible_to(request.user), key=key)
    user = signed_in_user(request)
    require(can_answer_question(user, question))
    form = AnswerForm(request.POST, auto_id=f"a-{key}-%s")
    if not form.carried_out(lambda values: answer_question(question=question, actor=user, **values)):
        context = {"form": QuestionForm(), "may_ask": False, "is_own": True, "answer_form": form}
        return shown(request, question.posting, context, key)
    messages.success(request, _("Answered, for all who read your posting."))
    return redirect("web:talks:questions", number=question.posting.number)
