"""Partnerships of parks in the administration: proposed, answered by the asked park alone, changed by notice."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, actor_of
from accounts.admin.exchange import WithExport
from accounts.querysets import is_platform_admin
from common.reasons import Reason
from matchmaking.parks.admin.own import ClusteredForm, OwnParksAdmin, by_name
from matchmaking.parks.imports import PairSheet
from matchmaking.parks.models import ParkPartnership
from matchmaking.parks.services.partnering import confirm_partnership, decline_partnership, write_partnership


class PartnershipForm(ClusteredForm):
    """A partnership; another kind holds from a day and by a notice."""

    kind_from = forms.DateField(
        required=False,
        label=gettext_lazy("another kind holds from"),
        help_text=gettext_lazy("Needed with a notice where the kind of cooperation changes."),
    )


class WaitsForMe(admin.SimpleListFilter):
    """Partnerships that a park of the reader is to answer."""

    title, parameter_name = gettext_lazy("waits for"), "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The reader's parks."""
        return [("me", _("My answer"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the choice."""
        waiting = ParkPartnership.objects.waiting_for(actor_of(request)).values("pk")
        return queryset.filter(pk__in=waiting) if self.value() == "me" else queryset


@admin.register(ParkPartnership)
class ParkPartnershipAdmin(WithExport, OwnParksAdmin):
    """Partnerships in which one's own park is a side."""

    form = PartnershipForm
    sheet = PairSheet
    list_display = ("from_park", "to_park", "direction", "cooperation_type", "agreed_on", "ended_on", "state")
    list_filter = (WaitsForMe, "state", "cooperation_type", "pair_status")
    list_select_related = ("from_park", "to_park")
    search_fields = ("from_park__slug", "to_park__slug", "from_park__name_zh", "to_park__name_zh")
    ordering = ("-agreed_on", "pk")
    sides = (by_name("from_park", gettext_lazy("from park")), by_name("to_park", gettext_lazy("to park")))
    kept = (
        "state",
        by_name("proposed_by", gettext_lazy("proposed by")),
        by_name("follows", gettext_lazy("follows")),
        by_name("answered_by", gettext_lazy("answered by")),
        "answered_at",
        "answer",
        "type_status",
        "pair_status",
    )
    fields = (
        "from_park",
        "to_park",
        "direction",
        "cooperation_type",
        "notice",
        "kind_from",
        "clusters",
        "agreed_on",
        "ended_on",
        "source",
        "note",
        *kept,
        "seen_version",
    )
    actions = ("confirm", "decline")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People who run a park; the service asks that one side is theirs."""
        return self.may_open(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        """Which two parks they are stays as it is; how far it is confirmed comes of answers."""
        kept = self.kept[:-2] if is_platform_admin(request.user) else self.kept
        return (*self.sides, *kept) if obj else kept

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        """The two parks of one that there is are named, not chosen."""
        return (*self.sides, *self.fields[2:]) if obj else self.fields

    def save_model(self, request: HttpRequest, obj: ParkPartnership, form: Any, change: bool) -> None:
        """Through the service; a new one waits for the other park."""
        values, seen = self.values_of(form), form.cleaned_data["seen_version"]
        day = values.pop("kind_from", None)
        begun = obj if change else ParkPartnership()
        written = write_partnership(
            partnership=begun, values=values, actor=actor_of(request), kind_from=day, seen_version=seen
        )
        self.keep_version(obj, written)

    @admin.action(description=gettext_lazy("Confirm the selected partnerships for one's own park"))
    def confirm(self, request: HttpRequest, rows: QuerySet[ParkPartnership]) -> Answer:
        """Those that the other park proposed."""

        def act(row: ParkPartnership, reason: Reason | None, note: str) -> object:
            return confirm_partnership(partnership=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Confirm these partnerships?"))

    @admin.action(description=gettext_lazy("Decline the selected partnerships for one's own park"))
    def decline(self, request: HttpRequest, rows: QuerySet[ParkPartnership]) -> Answer:
        """The note says why."""

        def act(row: ParkPartnership, reason: Reason | None, note: str) -> object:
            return decline_partnership(partnership=row, actor=actor_of(request), answer=note)

        return self.confirmed(request, rows, act, title=_("Decline these partnerships?"), note_required=True)
