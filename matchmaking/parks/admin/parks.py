"""Parks in the administration: their people see and change their own parks only, through the services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, PlatformAdmin, WithHistory, actor_of
from accounts.querysets import is_platform_admin
from common.reasons import Reason
from matchmaking.parks.models import (
    CooperationProject,
    Park,
    ParkAdministrator,
    ParkBatch,
    ParkIndicator,
    ParkPartnership,
)
from matchmaking.parks.permissions import administers_a_park
from matchmaking.parks.services.batches import complete_batch
from matchmaking.parks.services.granting import grant_park, revoke_park
from matchmaking.parks.services.partnering import confirm_partnership, decline_partnership, write_partnership
from matchmaking.parks.services.profiles import change_park, write_project
from matchmaking.parks.services.reporting import correct_indicator, lock_quarter, report_indicator
from reference.choices import Cluster

KEPT_ON_REQUEST = "_administers_a_park"


class VersionedForm(forms.ModelForm[Any]):
    """A change of a row as it was read: when somebody changed it meanwhile, that is said and nothing is lost."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        """Refuses a change of a row that is at another version by now."""
        values = super().clean() or self.cleaned_data
        if self.instance.pk is not None and values.get("seen_version") != self.instance.version:
            raise ValidationError(_("Somebody changed this meanwhile. Compare, then save again from a fresh page."))
        return values


class ParkForm(VersionedForm):
    """A park's profile, its clusters as boxes to tick."""

    clusters = forms.MultipleChoiceField(
        choices=[choice for choice in Cluster.choices if choice[0] != Cluster.ALL],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=gettext_lazy("clusters"),
    )


class PartnershipForm(VersionedForm):
    """A partnership; another kind holds from a day and by a notice."""

    kind_from = forms.DateField(
        required=False,
        label=gettext_lazy("another kind holds from"),
        help_text=gettext_lazy("Needed with a notice where the kind of cooperation changes."),
    )
    clusters = forms.MultipleChoiceField(
        choices=[choice for choice in Cluster.choices if choice[0] != Cluster.ALL],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=gettext_lazy("clusters"),
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


class WithinOwnParks(PlatformAdmin):
    """Rows of the parks that the reader administers; all for platform administrators."""

    def may_open(self, request: HttpRequest) -> bool:
        """People who run a park today."""
        if not hasattr(request, KEPT_ON_REQUEST):
            setattr(request, KEPT_ON_REQUEST, administers_a_park(request.user))
        return bool(getattr(request, KEPT_ON_REQUEST))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of one's own parks."""
        rows: QuerySet[Any] = self.model._default_manager.administered_by(request.user)
        return rows.order_by(*(self.get_ordering(request) or self.model._meta.ordering))


class OwnParksAdmin(WithHistory, WithinOwnParks):
    """Those rows, to be changed through services."""

    form = VersionedForm

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Those who may see it."""
        return self.has_view_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A row's own park is one of the reader's; a partner park may be any."""
        if db_field.name == "park":
            kwargs["queryset"] = Park.objects.administered_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the services keep what belongs to a row."""

    def values_of(self, form: Any) -> dict[str, Any]:
        """What was changed, without the version that was read."""
        return {name: form.cleaned_data[name] for name in form.changed_data if name != "seen_version"}

    def keep_version(self, obj: Any, written: Any) -> None:
        """Let the page go on with the row as the service wrote it."""
        obj.pk, obj.version, obj._state.adding = written.pk, written.version, False


@admin.register(Park)
class ParkAdmin(OwnParksAdmin):
    """Profiles; what the announcements say of a park is changed by the platform only."""

    form = ParkForm
    list_display = ("slug", "name_zh", "name_en", "batch", "listed_from", "source_status", "changed_at")
    list_filter = ("batch", "source_status")
    search_fields = ("slug", "name_zh", "name_en")
    ordering = ("batch", "pk")
    own_words = ("clusters", "introduction_zh", "introduction_en")
    announced = ("name_zh", "name_en", "batch", "listed_from", "regions", "source", "source_status", "note")
    fields = ("slug", *announced, *own_words, "seen_version")
    autocomplete_fields = ("regions",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """For a park's own people everything but its own words."""
        return ("slug",) if is_platform_admin(request.user) else ("slug", *self.announced)

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Regions are looked up by the platform only; a park's own people do not choose them."""
        return self.autocomplete_fields if is_platform_admin(request.user) else ()

    def save_model(self, request: HttpRequest, obj: Park, form: Any, change: bool) -> None:
        """Through the service."""
        seen = form.cleaned_data["seen_version"]
        self.keep_version(
            obj, change_park(park=obj, values=self.values_of(form), actor=actor_of(request), seen_version=seen)
        )


@admin.register(ParkPartnership)
class ParkPartnershipAdmin(OwnParksAdmin):
    """Partnerships in which one's own park is a side."""

    form = PartnershipForm
    list_display = ("from_park", "to_park", "direction", "cooperation_type", "agreed_on", "ended_on", "state")
    list_filter = (WaitsForMe, "state", "cooperation_type", "pair_status")
    list_select_related = ("from_park", "to_park")
    search_fields = ("from_park__slug", "to_park__slug", "from_park__name_zh", "to_park__name_zh")
    ordering = ("-agreed_on", "pk")
    kept = ("state", "proposed_by", "follows", "answered_by", "answered_at", "answer", "type_status", "pair_status")
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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Which two parks they are stays as it is; how far it is confirmed comes of answers."""
        kept = self.kept[:-2] if is_platform_admin(request.user) else self.kept
        return ("from_park", "to_park", *kept) if obj else kept

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


@admin.register(CooperationProject)
class CooperationProjectAdmin(OwnParksAdmin):
    """Projects of one's own park."""

    list_display = ("name_zh", "name_en", "park", "partner_park", "cooperation_type", "state", "value_yuan")
    list_filter = ("cooperation_type", "state")
    list_select_related = ("park", "partner_park")
    search_fields = ("name_zh", "name_en", "park__slug", "park__name_zh")
    ordering = ("-pk",)
    exclude = ("enterprises",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People who run a park."""
        return self.may_open(request)

    def save_model(self, request: HttpRequest, obj: CooperationProject, form: Any, change: bool) -> None:
        """Through the service."""
        begun = obj if change else CooperationProject()
        seen = form.cleaned_data["seen_version"]
        values = self.values_of(form)
        self.keep_version(obj, write_project(project=begun, values=values, actor=actor_of(request), seen_version=seen))


@admin.register(ParkIndicator)
class ParkIndicatorAdmin(OwnParksAdmin):
    """Figures by quarter. Saving one of a locked quarter is a correction: the earlier version stays in the history."""

    list_display = ("park", "kind", "period_start", "value", "source", "author", "is_locked", "version")
    list_filter = ("kind", "is_locked", "period_start")
    list_select_related = ("park", "author")
    search_fields = ("park__slug", "park__name_zh", "park__name_en", "source")
    ordering = ("-period_start", "park", "kind")
    fields = ("park", "kind", "period_start", "value", "source", "author", "is_locked", "version", "seen_version")
    actions = ("lock",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People who run a park."""
        return self.may_open(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Which figure it is stays as it is; author, lock and version are the platform's."""
        kept = ("author", "is_locked", "version")
        return ("park", "kind", "period_start", *kept) if obj else kept

    def save_model(self, request: HttpRequest, obj: ParkIndicator, form: Any, change: bool) -> None:
        """Through the service: reported, or corrected where the quarter is locked."""
        actor, seen = actor_of(request), form.cleaned_data["seen_version"]
        if change and obj.is_locked:
            written = correct_indicator(
                indicator=obj, value=obj.value, source=obj.source, actor=actor, seen_version=seen
            )
        else:
            written = report_indicator(
                park=obj.park,
                kind=obj.kind,
                period_start=obj.period_start,
                value=obj.value,
                source=obj.source,
                actor=actor,
                seen_version=seen,
            )
        self.keep_version(obj, written)

    @admin.action(description=gettext_lazy("Submit and lock the quarters of the selected figures"))
    def lock(self, request: HttpRequest, rows: QuerySet[ParkIndicator]) -> Answer:
        """All figures of the park for that quarter."""

        def act(row: ParkIndicator, reason: Reason | None, note: str) -> object:
            return lock_quarter(park=row.park, period_start=row.period_start, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Submit and lock these quarters?"))


@admin.register(ParkBatch)
class ParkBatchAdmin(WithHistory, PlatformAdmin):
    """Batches as announced; rows come from fixtures/reference."""

    list_display = ("number", "announced_on", "licensed_on", "size", "is_complete", "source")
    actions = ("complete",)

    @admin.action(description=gettext_lazy("Call the selected batches complete"))
    def complete(self, request: HttpRequest, rows: QuerySet[ParkBatch]) -> Answer:
        """Refused while names are missing."""

        def act(row: ParkBatch, reason: Reason | None, note: str) -> object:
            return complete_batch(batch=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Call these batches complete?"))


@admin.register(ParkAdministrator)
class ParkAdministratorAdmin(PlatformAdmin):
    """Who runs which park, until when."""

    list_display = ("park", "user", "granted_by", "ends_on", "revoked_at", "created_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "park")
    list_select_related = ("park", "user", "granted_by")
    search_fields = ("park__slug", "park__name_zh", "user__email")
    autocomplete_fields = ("park", "user")
    fields = ("park", "user", "ends_on")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Platform administrators."""
        return self.may_open(request)

    def save_model(self, request: HttpRequest, obj: ParkAdministrator, form: Any, change: bool) -> None:
        """Grants through the service, which lets the person into the administration and records it."""
        granted = grant_park(park=obj.park, user=obj.user, ends_on=obj.ends_on, actor=actor_of(request))
        obj.pk = granted.pk

    @admin.action(description=gettext_lazy("Take the selected rights back"))
    def revoke(self, request: HttpRequest, rows: QuerySet[ParkAdministrator]) -> Answer:
        """They end today."""

        def act(row: ParkAdministrator, reason: Reason | None, note: str) -> object:
            return revoke_park(grant=row, actor=actor_of(request))

        return self.confirmed(request, rows, act, title=_("Take these rights back?"))
