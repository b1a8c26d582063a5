"""The pages that belong to no area: home, help, and what a reader prefers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from web.access import THEME_COOKIE, THEMES, redirect_back

THEME_SECONDS = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the platform holds now."""
    return render(request, "pages/home.html")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to do the main things, and whom to ask."""
    return render(request, "pages/help.html")


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How matching ranks and how figures are counted."""
    return render(request, "pages/method.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, and where to report what does not."""
    return render(request, "pages/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Which data is kept, who sees it, and for how long."""
    return render(request, "pages/privacy.html")


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the reader's colours or language in a cookie and go back to the page they came from."""
    if "language" in request.POST:
        return set_language(request)
    response = redirect_back(request, request.POST.get("next", ""))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=THEME_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    return response
