"""The outcome told from a mail, without signing in: one look at what is asked, one press that tells it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from matchmaking.partnerships.choices import Act
from matchmaking.partnerships.queries.deal import Deal
from matchmaking.partnerships.queries.partnerships import line_of
from matchmaking.partnerships.services.outcomes import outcome_of_link, state_outcome
from web.access import show_refusals
from web.forms.deals import OutcomeForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@show_refusals
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What the link asks; by POST the firm's own statement, as the person that the mail went to."""
    partnership, person, enterprise = outcome_of_link(token=token)
    deal, line = Deal(partnership), line_of(partnership, enterprise)
    form = OutcomeForm(Act.STATE_OUTCOME, partnership, deal, line, request.POST or None)

    def tell(values: dict[str, Any]) -> None:
        state_outcome(partnership=partnership, actor=person, enterprise=enterprise, **values)

    is_told = form.is_bound and form.carried_out(tell)
    context = {"partnership": partnership, "line": line, "deal": deal, "form": form, "is_told": is_told, "token": token}
    return render(request, "partnerships/outcome_link.html", context, status=422 if form.errors else 200)
