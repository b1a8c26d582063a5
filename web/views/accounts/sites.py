"""Plants of the enterprise that one acts for, and the machines in them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import can_edit_sites
from accounts.queries import equipment_visible_to, photos_openable_by, sites_of, sites_visible_to
from accounts.services.equipment import add_equipment, confirm_equipment, edit_equipment, remove_equipment
from accounts.services.evidence import media_type_of
from accounts.services.sites import add_site, edit_site, remove_site
from common.errors import require
from common.serving import guarded
from web.access import membership_required, required_enterprise, show_refusals, signed_in_user, unless_suspended
from web.forms.accounts.sites import EquipmentForm, SiteForm, ToldEquipmentForm


@require_safe
@membership_required
def sites(request: HttpRequest) -> HttpResponse:
    """All plants with their equipment."""
    enterprise = required_enterprise(request)
    context = {
        "enterprise": enterprise,
        "sites": sites_of(request.user, enterprise),
        "may_edit": bool(can_edit_sites(request.user, enterprise)),
    }
    return render(request, "accounts/sites.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def new_site(request: HttpRequest) -> HttpResponse:
    """Add a plant."""
    enterprise = required_enterprise(request)
    require(can_edit_sites(request.user, enterprise))
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            site = add_site(enterprise=enterprise, actor=signed_in_user(request), **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("The site is saved. Add its equipment."))
            return redirect("web:accounts:edit_site", site.pk)
    context = {"form": form, "enterprise": enterprise, "may_edit": True}
    return render(request, "accounts/site.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """One plant: what is told about it, and its equipment."""
    shown = get_object_or_404(sites_visible_to(request.user), pk=pk)
    if request.method == "POST":
        require(can_edit_sites(request.user, shown.enterprise))
    form = SiteForm(request.POST or None, initial=SiteForm.begins_with(shown))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            edit_site(site=shown, actor=signed_in_user(request), **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("The site is saved."))
            return redirect("web:accounts:sites")
    return _site_page(request, shown.pk, form, EquipmentForm(), form)


@require_POST
@membership_required
@show_refusals
def new_equipment(request: HttpRequest, pk: int) -> HttpResponse:
    """Add machines to a plant."""
    shown = get_object_or_404(sites_visible_to(request.user), pk=pk)
    require(can_edit_sites(request.user, shown.enterprise))
    form = EquipmentForm(request.POST, request.FILES)
    if form.is_valid():
        with form.refusals():
            add_equipment(site=shown, actor=signed_in_user(request), **form.cleaned_data)
    if form.is_valid():
        messages.success(request, _("The equipment is saved."))
        return redirect("web:accounts:edit_site", pk)
    return _site_page(request, pk, SiteForm(initial=SiteForm.begins_with(shown)), form, form)


@require_http_methods(["GET", "HEAD", "POST"])
@membership_required
@show_refusals
def machine(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is told about machines, or show them as they are."""
    shown = get_object_or_404(equipment_visible_to(request.user), pk=pk)
    require(can_edit_sites(request.user, shown.site.enterprise))
    initial = ToldEquipmentForm.begins_with(shown)
    form = ToldEquipmentForm(request.POST or None, request.FILES or None, initial=initial, has_photo=bool(shown.photo))
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            edit_equipment(equipment=shown, actor=signed_in_user(request), **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("The equipment is saved."))
            return redirect("web:accounts:edit_site", shown.site_id)
    context = {"machine": shown, "form": form, "enterprise": shown.site.enterprise}
    return render(request, "accounts/equipment.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@login_required
@unless_suspended
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """How machines look; 404 for all but the firm and those who check it."""
    shown = get_object_or_404(photos_openable_by(request.user), pk=pk)
    path = shown.photo.name or ""
    if not shown.photo.storage.exists(path):
        raise Http404
    answer: FileResponse = guarded(FileResponse(shown.photo.open("rb"), content_type=media_type_of(path)))
    return answer


def _site_page(
    request: HttpRequest, pk: int, form: SiteForm, equipment_form: EquipmentForm, posted: SiteForm | EquipmentForm
) -> HttpResponse:
    shown = get_object_or_404(sites_visible_to(request.user).prefetch_related("equipment"), pk=pk)
    context = {
        "site": shown,
        "form": form,
        "equipment_form": equipment_form,
        "posted": posted,
        "enterprise": shown.enterprise,
        "may_edit": bool(can_edit_sites(request.user, shown.enterprise)),
    }
    return render(request, "accounts/site.html", context, status=422 if posted.errors else 200)


@require_POST
@membership_required
@show_refusals
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a plant away."""
    remove_site(site=get_object_or_404(sites_visible_to(request.user), pk=pk), actor=signed_in_user(request))
    messages.success(request, _("The site is removed."))
    return redirect("web:accounts:sites")


@require_POST
@membership_required
@show_refusals
def still_there(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that machines are still there as told."""
    equipment = get_object_or_404(equipment_visible_to(request.user), pk=pk)
    confirm_equipment(equipment=equipment, actor=signed_in_user(request))
    messages.success(request, _("Confirmed today: the equipment is still there."))
    return redirect("web:accounts:edit_site", equipment.site_id)


@require_POST
@membership_required
@show_refusals
def take_equipment_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Take machines off a plant's list."""
    equipment = get_object_or_404(equipment_visible_to(request.user), pk=pk)
    remove_equipment(equipment=equipment, actor=signed_in_user(request))
    messages.success(request, _("The equipment is removed."))
    return redirect("web:accounts:edit_site", equipment.site_id)
