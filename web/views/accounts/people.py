"""What is a person's own: notices, name and language."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import memberships_of, notices_of, unread_notices_of
from accounts.services.notices import read_all_notices, read_notice
from accounts.services.people import keep_language, rename_person
from web.access import ACTING, show_refusals, signed_in_user
from web.forms.accounts.members import PersonForm

NOTICES_A_PAGE = 25


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """One's notices, newest first, the unread ones marked; those alone where the address asks for them."""
    is_narrowed = request.GET.get("show") == "unread"
    rows = unread_notices_of(request.user) if is_narrowed else notices_of(request.user)
    page = Paginator(rows, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "unread": unread_notices_of(request.user).count(), "is_narrowed": is_narrowed}
    return render(request, "accounts/notices.html", context)


@require_safe
@login_required
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what a notice tells of: marks it as read, acts for its enterprise, and goes to its page."""
    opened = get_object_or_404(notices_of(request.user), pk=pk)
    read_notice(notice=opened, actor=signed_in_user(request))
    key = opened.facts.get("enterprise", "")
    if key and memberships_of(request.user).filter(enterprise__key=key).exists():
        request.session[ACTING] = key
    arguments = [opened.thing_key] if opened.thing_key else []
    try:
        return redirect(reverse(opened.route, args=arguments))
    except NoReverseMatch:
        return redirect("web:accounts:workbench")


@require_POST
@login_required
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark all of one's notices as read."""
    read_all_notices(actor=signed_in_user(request), reader=signed_in_user(request))
    return redirect("web:accounts:notices")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@show_refusals
def person(request: HttpRequest) -> HttpResponse:
    """One's name and the language of pages and mail; saving goes on in that language."""
    user = signed_in_user(request)
    initial = {"name": user.name, "language": user.language}
    form = PersonForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        with form.refusals():
            rename_person(person=user, actor=user, name=form.cleaned_data["name"])
            keep_language(person=user, actor=user, language=language)
        if form.is_valid():
            with override(language):
                messages.success(request, _("Your settings are saved."))
                return redirect("web:accounts:person")
    return render(request, "accounts/person.html", {"form": form}, status=422 if form.errors else 200)
