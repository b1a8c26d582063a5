"""Searches that people keep: what each told of lately, which of them tell, and the link that stops them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matchmaking.matching.queries import NEWS_DAYS, told_searches
from matchmaking.postings.queries.postings import saved_searches
from matchmaking.postings.services.searches import stop_news_by_link, switch_search, user_of_stop_token
from web.access import show_refusals, signed_in_user


@require_safe
@login_required
@never_cache
def searches(request: HttpRequest) -> HttpResponse:
    """One's kept searches with their news."""
    context = {"told": told_searches(user=signed_in_user(request)), "days": NEWS_DAYS}
    return render(request, "postings/searches.html", context)


@require_POST
@login_required
@show_refusals
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a search tell of new postings, or no more."""
    search = get_object_or_404(saved_searches(user=request.user), pk=pk)
    tells = request.POST.get("tells") == "1"
    switch_search(search=search, actor=signed_in_user(request), tells=tells)
    told = gettext("“%(name)s” tells you of new postings.") if tells else gettext("“%(name)s” tells you no more.")
    messages.success(request, told % {"name": search.name})
    return redirect("web:postings:searches")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@show_refusals
def stop_news(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail, without signing in: one press that stops the news of all of one's searches.

    Mail programs post here by themselves when their reader asks, without a cookie; the signed token is the right.
    """
    if request.method == "POST":
        stop_news_by_link(token=token)
        return render(request, "postings/news_stopped.html")
    user_of_stop_token(token)
    return render(request, "postings/stop_news.html", {"token": token})
