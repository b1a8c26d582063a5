"""Enterprises and their certificates in the administration, with the queues of those that wait for a check."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.admin.base import Answer, LooksRecorded, Moderated, PlatformAdmin, WithHistory, actor_of
from accounts.admin.exchange import WithExchange
from accounts.imports.catalogue import EnterpriseSheet
from accounts.models import Enterprise, EnterpriseCertificate, Equipment, Membership
from accounts.querysets import is_platform_admin
from accounts.services.certificates import REJECTIONS as CERTIFICATE_REJECTIONS
from accounts.services.certificates import check_certificate, reject_certificate
from accounts.services.equipment import check_equipment
from accounts.services.verification import (
    REJECTIONS,
    SUSPENSIONS,
    reject_enterprise,
    restore_enterprise,
    suspend_enterprise,
    verify_enterprise,
)
from common.reason_texts import text_of
from common.reasons import Reason


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
class EnterpriseAdmin(WithExchange, WithHistory, PlatformAdmin):
    """Enterprises and the queue of those that wait to be verified: filter by "Being checked", the oldest first."""

    sheet = EnterpriseSheet
    list_display = ("name", "uscc", "kind", "region", "verification", "suspended_at", "is_sample", "created_at")
    list_filter = ("verification", ("suspended_at", admin.EmptyFieldListFilter), "kind", "is_sample", "is_unclaimed")
    list_select_related = ("region",)
    search_fields = ("name", "name_en", "alias", "uscc", "key")
    ordering = ("pk",)
    inlines = (MembershipInline,)
    exclude = ("language",)
    actions = ("verify", "reject", "suspend", "restore")
    suspension = staticmethod(suspend_enterprise)
    """The act behind suspending; the area that knows interests puts the whole act in its place."""

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
        """They and their postings go out of sight, their sessions and tokens end, and nobody acts for them."""

        def act(row: Enterprise, reason: Reason | None, note: str) -> object:
            assert reason is not None
            return self.suspension(enterprise=row, actor=actor_of(request), reason=reason, note=note)

        title = _("Suspend these enterprises?")
        return self.confirmed(request, rows, act, title=title, reasons=SUSPENSIONS, note_required=True)

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
        "flag",
        "checked_by",
        "checked_at",
        "evidence_link",
    )
    list_filter = ("state", "certification__kind")
    list_select_related = ("certification", "enterprise", "checked_by")
    search_fields = ("number", "issuer", "enterprise__name", "certification__code")
    ordering = ("pk",)
    exclude, readonly_fields = ("evidence",), ("flag", "checked_by", "checked_at", "evidence_link")
    actions = ("mark_checked", "reject")

    @admin.display(description=gettext_lazy("why it waits"))
    def flag(self, row: EnterpriseCertificate) -> str:
        """What speaks against it, such as a number that another firm holds; the firm is not told."""
        return text_of(Reason(row.hold_reason), get_language() or "zh-hans") if row.hold_reason else "-"

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
            return reject_certificate(certificate=row, actor=actor_of(request), reason=reason, note=note)

        title = _("Reject these certificates?")
        return self.confirmed(request, rows, act, title=title, reasons=CERTIFICATE_REJECTIONS, note_required=True)


@admin.register(Equipment)
class EquipmentAdmin(Moderated):
    """Machines of the enterprises that the reader checks; who saw them on site says so here."""

    list_display = ("kind", "size", "count", "enterprise", "site", "confirmed_on", "checked_on", "checked_by")
    list_filter = (("checked_on", admin.EmptyFieldListFilter),)
    list_select_related = ("site__enterprise", "checked_by")
    search_fields = ("kind", "size", "site__name", "site__enterprise__name")
    ordering = ("pk",)
    exclude, readonly_fields = ("photo",), ("photo_link",)
    actions = ("mark_checked",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Equipment]:
        """Those within the reader's reach."""
        reached = Enterprise.objects.reviewable_by(actor_of(request))
        return super().get_queryset(request).filter(site__enterprise__in=reached.values("pk"))

    @admin.display(description=gettext_lazy("enterprise"), ordering="site__enterprise")
    def enterprise(self, row: Equipment) -> str:
        """Whose machines they are."""
        return row.site.enterprise.name

    @admin.display(description=gettext_lazy("photo"))
    def photo_link(self, row: Equipment) -> str:
        """Where the photo is looked at; files have no address of their own."""
        address = reverse("web:accounts:equipment_photo", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, _("Look at the photo")) if row.photo else "-"

    @admin.action(description=gettext_lazy("The selected machines were checked on site today"))
    def mark_checked(self, request: HttpRequest, rows: QuerySet[Equipment]) -> Answer:
        """Somebody of the platform saw them."""

        def act(row: Equipment, reason: Reason | None, note: str) -> object:
            return check_equipment(equipment=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Were these machines checked on site today?"))
