"""Who agreed to be in whose network; read alone, for the two firms make and end it."""

from django.contrib import admin

from accounts.admin.base import LooksRecorded
from accounts.models import NetworkMembership


@admin.register(NetworkMembership)
class NetworkMembershipAdmin(LooksRecorded):
    """Memberships of firms' networks in every state, the latest first."""

    list_display = ("buyer", "supplier", "role", "state", "invited", "since", "ended_on")
    list_filter = ("state", "role")
    list_select_related = ("buyer", "supplier")
    search_fields = ("buyer__name", "supplier__name")
    ordering = ("-pk",)
