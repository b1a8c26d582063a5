"""Cooperation projects in the administration."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from accounts.admin.base import actor_of
from accounts.admin.exchange import WithExport
from matchmaking.parks.admin.own import VersionedForm
from matchmaking.parks.admin.undo import WithUndo
from matchmaking.parks.imports import ProjectSheet
from matchmaking.parks.models import CooperationProject, Milestone, ParkFirm
from matchmaking.parks.permissions import administers_a_park
from matchmaking.parks.services.milestones import write_milestone
from matchmaking.parks.services.profiles import write_project


class ProjectForm(VersionedForm):
    """A project; firms that stand in it already may stay, also those that another reader would be offered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None and "enterprises" in self.fields:
            field: Any = self.fields["enterprises"]
            named = Q(pk__in=self.instance.enterprises.values("pk"))
            field.queryset = ParkFirm.objects.filter(Q(pk__in=field.queryset.values("pk")) | named)


class MilestoneInline(admin.TabularInline[Milestone, CooperationProject]):
    """Steps of a project; none is taken out, and the service writes them."""

    model = Milestone
    fields = ("name_zh", "name_en", "due_on", "reached_on")
    extra = 1
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """People who run a park; the page of a project opens to those of its park alone."""
        return administers_a_park(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The same."""
        return administers_a_park(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The same."""
        return administers_a_park(request.user)


@admin.register(CooperationProject)
class CooperationProjectAdmin(WithExport, WithUndo):
    """Projects of one's own park, with the firms of one's own regions that take part."""

    form = ProjectForm
    sheet = ProjectSheet
    list_display = ("name_zh", "name_en", "park", "partner_park", "cooperation_type", "state", "value_yuan")
    list_filter = (("park", admin.RelatedOnlyFieldListFilter), "cooperation_type", "state")
    list_select_related = ("park", "partner_park")
    search_fields = ("name_zh", "name_en", "park__slug", "park__name_zh")
    ordering = ("-pk",)
    autocomplete_fields = ("enterprises",)
    inlines = (MilestoneInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People who run a park."""
        return self.may_open(request)

    def exported_rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the list, with their firms."""
        return super().exported_rows(request).prefetch_related("enterprises")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Firms of the reader's regions."""
        if db_field.name == "enterprises":
            kwargs["queryset"] = ParkFirm.objects.administered_by(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: CooperationProject, form: Any, change: bool) -> None:
        """Through the service."""
        begun = obj if change else CooperationProject()
        seen = form.cleaned_data["seen_version"]
        values = self.values_of(form)
        self.keep_version(obj, write_project(project=begun, values=values, actor=actor_of(request), seen_version=seen))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Milestones through their service; firms were written with the project."""
        for formset in formsets:
            formset.save(commit=False)
            lines = [(row, MilestoneInline.fields) for row in formset.new_objects] + formset.changed_objects
            for row, names in lines:
                values = {name: getattr(row, name) for name in names}
                write_milestone(milestone=row, values=values, actor=actor_of(request))
