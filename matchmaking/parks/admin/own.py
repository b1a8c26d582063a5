"""What the people who run parks reach in the administration: rows of their own parks, changed through services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import PlatformAdmin, WithHistory
from matchmaking.parks.models import Park
from matchmaking.parks.permissions import administers_a_park
from reference.choices import Cluster

KEPT_ON_REQUEST = "_administers_a_park"


class VersionedForm(forms.ModelForm[Any]):
    """A change of a row as it was read: when somebody changed it meanwhile, that is said and nothing is lost."""

    seen_version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, label=gettext_lazy("version that was read")
    )

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


class ClusteredForm(VersionedForm):
    """A row with clusters, which are boxes to tick."""

    clusters = forms.MultipleChoiceField(
        choices=[choice for choice in Cluster.choices if choice[0] != Cluster.ALL],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=gettext_lazy("clusters"),
    )


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


def by_name(column: str, label: Any) -> Any:
    """The row that ``column`` names, as text: as a column it would link to a page that who runs a park may not open."""

    def named(row: Any) -> str:
        return str(getattr(row, column) or "–")

    named.__name__ = column
    return admin.display(description=label)(named)


class OwnParksAdmin(WithHistory, WithinOwnParks):
    """Those rows, to be changed through services."""

    form = VersionedForm

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Those who may see it."""
        return self.has_view_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A row's own park is one of the reader's; a partner park may be any."""
        if db_field.name == "park":
            parks = Park.objects.administered_by(request.user)
            kwargs["queryset"] = parks
            # Who runs one park is not asked which.
            first_two = list(parks[:2])
            if len(first_two) == 1:
                kwargs |= {"initial": first_two[0].pk, "empty_label": None}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the services keep what belongs to a row."""

    def values_of(self, form: Any) -> dict[str, Any]:
        """What was changed, without the version that was read; of a new row also the park that was chosen already."""
        chosen = {"park"} & form.cleaned_data.keys() if form.instance._state.adding else set()
        names = {*form.changed_data, *chosen} - {"seen_version"}
        return {name: form.cleaned_data[name] for name in form.fields if name in names}

    def keep_version(self, obj: Any, written: Any) -> None:
        """Let the page go on with the row as the service wrote it."""
        obj.pk, obj.version, obj._state.adding = written.pk, written.version, False
