"""Who agreed to be in whose network, and whom firms list; read alone, for the firms themselves keep it."""

from django.contrib import admin

from accounts.admin.base import LooksRecorded
from accounts.models import ListedFirm, NetworkMembership, SupplierInvitation, SupplyRelation


@admin.register(NetworkMembership)
class NetworkMembershipAdmin(LooksRecorded):
    """Memberships of firms' networks in every state, the latest first."""

    list_display = ("buyer", "supplier", "role", "state", "invited", "since", "ended_on")
    list_filter = ("state", "role")
    list_select_related = ("buyer", "supplier")
    search_fields = ("buyer__name", "supplier__name")
    ordering = ("-pk",)


@admin.register(ListedFirm)
class ListedFirmAdmin(LooksRecorded):
    """Firms of buyers' lists, those that left too."""

    list_display = ("buyer", "name", "external_key", "place", "firm", "left_on")
    list_filter = ("left_by_itself",)
    list_select_related = ("buyer", "firm")
    search_fields = ("buyer__name", "name", "external_key")
    ordering = ("-pk",)


@admin.register(SupplyRelation)
class SupplyRelationAdmin(LooksRecorded):
    """What listed firms, and firms that agreed here, bring their buyers."""

    list_display = ("buyer", "listed", "supplier", "role", "tier", "node", "evidence", "since", "ended_on")
    list_filter = ("role", "evidence", "tier")
    list_select_related = ("buyer", "listed", "supplier", "node")
    search_fields = ("buyer__name", "listed__name", "supplier__name")
    ordering = ("-pk",)


@admin.register(SupplierInvitation)
class SupplierInvitationAdmin(LooksRecorded):
    """Invitations of firms that are not here yet, with what became of the mail."""

    list_display = ("listed", "email", "created_at", "mailed_at", "attempts", "given_up_at", "last_error")
    list_filter = ("created_at",)
    list_select_related = ("listed",)
    search_fields = ("listed__name", "listed__buyer__name", "email")
    ordering = ("-pk",)
