"""Accounts in the administration, and what that of every area is built on: rows are read, services act."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin

from accounts.models import ApiClient, Change, CoordinatorGrant, Enterprise, EnterpriseCertificate, Membership, User
from accounts.querysets import is_platform_admin
from accounts.services.certificates import REJECTIONS as CERTIFICATE_REJECTIONS
from accounts.services.certificates import check_certificate, reject_certificate
from accounts.services.clients import revoke_client
from accounts.services.grants import grant_coordination, revoke_coordination
from accounts.services.looks import record_look
from accounts.services.verification import (
    REJECTIONS,
    SUSPENSIONS,
    reject_enterprise,
    restore_enterprise,
    suspend_enterprise,
    verify_enterprise,
)
from common.errors import Invalid, Refused, ServiceError, Stale
from common.reasons import Reason, text_of

Answer = HttpResponseBase | None
MOST_AT_ONCE, LONGEST_KEY = 200, 19
"""Rows that one confirmed action may change; digits from which on a number is no row's key in any database."""


def told(error: ServiceError) -> str:
    """Why a service did not do it, in the reader's language."""
    language = get_language() or "zh-hans"
    if isinstance(error, Refused):
        return text_of(error.reason, language, dict(error.facts))
    if isinstance(error, Invalid):
        texts = (
            text_of(reason, language, error.facts.get(name)) if isinstance(reason, Reason) else str(reason)
            for name, reason in error.fields.items()
        )
        return " ".join(texts)
    return _("Somebody changed this meanwhile. Open it again and repeat your change.")


def actor_of(request: HttpRequest) -> User:
    """Who acts; the administration has no visitors."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class ReasonForm(forms.Form):
    """Why an act is done: one of the register's reasons where the act needs one, and a note."""

    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, reasons: Sequence[Reason], note_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        if reasons:
            choices = [(reason.value, text_of(reason, language)) for reason in reasons]
            self.fields["reason"] = forms.ChoiceField(label=gettext_lazy("Reason"), choices=choices)
            self.order_fields(["reason", "note"])
        self.fields["note"].required = note_required


class PlatformAdmin(admin.ModelAdmin[Any]):
    """Seen by platform administrators; rows are read here and changed by services, through confirmed actions."""

    show_full_result_count = False
    list_per_page = 50

    def may_open(self, request: HttpRequest) -> bool:
        """Whether the reader sees this list at all."""
        return is_platform_admin(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the area stands on the reader's first page."""
        return self.may_open(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may open the list, for the rows that ``get_queryset`` gives them."""
        return self.may_open(request) and (obj is None or self.is_within_reach(request, obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody, unless an area says so."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody, unless an area says so."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: rows end by acts that are recorded."""
        return False

    def is_within_reach(self, request: HttpRequest, obj: Model) -> bool:
        """Whether the row is one of those that the reader may see."""
        return bool(self.get_queryset(request).filter(pk=obj.pk).exists())

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of a row; what a service refuses is told there instead of failing the page."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refused, Invalid, Stale) as error:
            self.message_user(request, told(error), messages.ERROR)
            return redirect(request.get_full_path())

    def confirmed(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        act: Callable[[Any, Reason | None, str], object],
        *,
        title: str,
        reasons: Sequence[Reason] = (),
        note_required: bool = False,
    ) -> Answer:
        """Ask for a yes and, where there are some, a reason; then do ``act`` for each row and tell what came of it."""
        chosen = list(rows[:MOST_AT_ONCE])
        is_answered = "confirmed" in request.POST
        form = ReasonForm(request.POST if is_answered else None, reasons=reasons, note_required=note_required)
        if not (is_answered and form.is_valid()):
            return self.question(request, chosen, form, title)
        done = 0
        for row in chosen:
            try:
                act(row, Reason(form.cleaned_data["reason"]) if reasons else None, form.cleaned_data["note"])
                done += 1
            except (Refused, Invalid, Stale) as error:
                self.message_user(request, f"{row}: {told(error)}", messages.ERROR)
        if done:
            text = ngettext("Done for {count} row.", "Done for {count} rows.", done).format(count=done)
            self.message_user(request, text, messages.SUCCESS)
        return None

    def question(self, request: HttpRequest, rows: Iterable[Any], form: forms.Form, title: str) -> TemplateResponse:
        """The page that asks before an action is done."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "rows": rows,
            "form": form,
            "opts": self.model._meta,
            "action": request.POST.get("action", ""),
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/confirm_action.html", context)


class LooksRecorded(PlatformAdmin):
    """Rows that are a firm's own business: whoever of the platform opens one is written down."""

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of a row, after the look at it was recorded."""
        if context.get("original") is not None:
            record_look(thing=context["original"], actor=actor_of(request))
        return super().render_change_form(request, context, *args, **kwargs)


class WithHistory(SimpleHistoryAdmin):
    """Shows earlier versions of the rows within the reader's reach, and of no others; nothing is put back by hand."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """All versions of one row."""
        self.require_reach(request, object_id)
        answer: HttpResponse = super().history_view(request, object_id, extra_context)
        return answer

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """One version, to be read."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        self.require_reach(request, object_id)
        answer: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return answer

    def require_reach(self, request: HttpRequest, object_id: str) -> None:
        """404 for a row that the reader may not see, as for one that is none."""
        is_number = object_id.isascii() and object_id.isdecimal() and len(object_id) < LONGEST_KEY
        if not is_number or not self.get_queryset(request).filter(pk=int(object_id)).exists():
            raise Http404


@admin.register(User)
class UserAdmin(PlatformAdmin):
    """People; rights come from memberships and grants."""

    list_display = ("email", "name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "language")
    search_fields = ("email", "name")
    ordering = ("-pk",)
    fields = ("email", "name", "language", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")


class MembershipInline(admin.TabularInline[Membership, Enterprise]):
    """Who belongs to an enterprise."""

    model = Membership
    fields = readonly_fields = ("user", "role", "status", "created_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: owners invite."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Platform administrators."""
        return is_platform_admin(request.user)


@admin.register(Enterprise)
class EnterpriseAdmin(WithHistory, PlatformAdmin):
    """Enterprises and the queue of those that wait to be verified: filter by "Being checked", the oldest first."""

    list_display = ("name", "uscc", "kind", "region", "verification", "suspended_at", "is_sample", "created_at")
    list_filter = ("verification", ("suspended_at", admin.EmptyFieldListFilter), "kind", "is_sample", "is_unclaimed")
    list_select_related = ("region",)
    search_fields = ("name", "name_en", "alias", "uscc", "key")
    ordering = ("created_at", "pk")
    inlines = (MembershipInline,)
    exclude = ("language",)
    actions = ("verify", "reject", "suspend", "restore")

    @admin.action(description=gettext_lazy("Verify the selected enterprises"))
    def verify(self, request: HttpRequest, rows: QuerySet[Enterprise]) -> Answer:
        """The platform checked who they are."""

        def act(row: Enterprise, reason: Reason | None, note: str) -> object:
            return verify_enterprise(enterprise=row, actor=actor_of(request), note=note)

        return self.confirmed(request, rows, act, title=_("Verify these enterprises?"))

    @admin.action(description=gettext_lazy("Reject the selected enterprises"))
    def reject(self, request: HttpRequest, rows: QuerySet[Enterprise]) -> Answer:
        """They could not be verified; their owners are told why and what helps."""

        def act(row: Enterprise, reason: Reason | None, note: str) -> object:
            assert reason is not None
            return reject_enterprise(enterprise=row, actor=actor_of(request), reason=reason, note=note)

        title = _("Reject these enterprises?")
        return self.confirmed(request, rows, act, title=title, reasons=REJECTIONS, note_required=True)

    @admin.action(description=gettext_lazy("Suspend the selected enterprises"))
    def suspend(self, request: HttpRequest, rows: QuerySet[Enterprise]) -> Answer:
        """They and their postings go out of sight, and nobody acts for them."""

        def act(row: Enterprise, reason: Reason | None, note: str) -> object:
            assert reason is not None
            return suspend_enterprise(enterprise=row, actor=actor_of(request), reason=reason, note=note)

        return self.confirmed(request, rows, act, title=_("Suspend these enterprises?"), reasons=SUSPENSIONS)

    @admin.action(description=gettext_lazy("Restore the selected enterprises"))
    def restore(self, request: HttpRequest, rows: QuerySet[Enterprise]) -> Answer:
        """They come back as they were."""

        def act(row: Enterprise, reason: Reason | None, note: str) -> object:
            return restore_enterprise(enterprise=row, actor=actor_of(request), note=note)

        return self.confirmed(request, rows, act, title=_("Restore these enterprises?"))


@admin.register(EnterpriseCertificate)
class EnterpriseCertificateAdmin(WithHistory, LooksRecorded):
    """Certificates that enterprises claim, to be checked against their evidence."""

    list_display = (
        "certification",
        "number",
        "enterprise",
        "issuer",
        "issued_on",
        "expires_on",
        "state",
        "evidence_link",
    )
    list_filter = ("state", "certification__kind")
    list_select_related = ("certification", "enterprise")
    search_fields = ("number", "issuer", "enterprise__name", "certification__code")
    ordering = ("created_at", "pk")
    exclude, readonly_fields = ("evidence",), ("evidence_link",)
    actions = ("mark_checked", "reject")

    @admin.display(description=gettext_lazy("evidence"))
    def evidence_link(self, row: EnterpriseCertificate) -> str:
        """Where the file is opened; files have no address of their own."""
        address = reverse("web:accounts:certificate_evidence", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, _("Open the evidence")) if row.evidence else "-"

    @admin.action(description=gettext_lazy("Confirm the selected certificates"))
    def mark_checked(self, request: HttpRequest, rows: QuerySet[EnterpriseCertificate]) -> Answer:
        """They hold."""

        def act(row: EnterpriseCertificate, reason: Reason | None, note: str) -> object:
            return check_certificate(certificate=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Confirm these certificates?"))

    @admin.action(description=gettext_lazy("Reject the selected certificates"))
    def reject(self, request: HttpRequest, rows: QuerySet[EnterpriseCertificate]) -> Answer:
        """They could not be confirmed."""

        def act(row: EnterpriseCertificate, reason: Reason | None, note: str) -> object:
            assert reason is not None
            return reject_certificate(certificate=row, actor=actor_of(request), reason=reason)

        title = _("Reject these certificates?")
        return self.confirmed(request, rows, act, title=title, reasons=CERTIFICATE_REJECTIONS)


@admin.register(CoordinatorGrant)
class CoordinatorGrantAdmin(PlatformAdmin):
    """Who coordinates where, until when."""

    list_display = ("user", "granted_by", "ends_on", "revoked_at", "created_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user", "granted_by")
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("user",)
    filter_horizontal = ("regions", "chains")
    fields = ("user", "regions", "chains", "ends_on")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def save_model(self, request: HttpRequest, obj: CoordinatorGrant, form: Any, change: bool) -> None:
        """Grants through the service, which records it."""
        values = form.cleaned_data
        granted = grant_coordination(actor=actor_of(request), **{name: values[name] for name in self.fields})
        obj.pk = granted.pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the service kept regions and chains."""

    @admin.action(description=gettext_lazy("Take the selected rights back"))
    def revoke(self, request: HttpRequest, rows: QuerySet[CoordinatorGrant]) -> Answer:
        """They end today."""

        def act(row: CoordinatorGrant, reason: Reason | None, note: str) -> object:
            return revoke_coordination(grant=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Take these rights back?"))


@admin.register(ApiClient)
class ApiClientAdmin(PlatformAdmin):
    """Partner systems; owners make them, the platform can end them."""

    list_display = ("name", "enterprise", "owner", "created_at", "expires_on", "last_used_on", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("enterprise", "owner")
    search_fields = ("name", "enterprise__name", "owner__email")
    fields = ("name", "enterprise", "owner", "created_at", "expires_on", "last_used_on", "revoked_at")
    ordering = ("-pk",)
    actions = ("revoke",)

    @admin.action(description=gettext_lazy("Revoke the selected API clients"))
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiClient]) -> Answer:
        """Their tokens die at once."""

        def act(row: ApiClient, reason: Reason | None, note: str) -> object:
            return revoke_client(client=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Revoke these API clients?"))


@admin.register(Change)
class ChangeAdmin(PlatformAdmin):
    """The numbered record of who did what when."""

    list_display = ("seq", "happened_at", "thing", "thing_key", "verb", "actor", "enterprise", "reason")
    list_filter = ("thing", "verb")
    list_select_related = ("actor", "enterprise")
    search_fields = ("=thing_key", "actor__email", "enterprise__name")
    ordering = ("-seq",)
