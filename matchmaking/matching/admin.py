"""What was suggested and what was put aside, to be read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import Answer, PlatformAdmin, actor_of
from accounts.admin.exchange import WithExport
from accounts.admin.lists import LongList
from matchmaking.matching.choices import WordState
from matchmaking.matching.imports import SuggestionSheet
from matchmaking.matching.models import Dismissal, Suggestion, UnplacedWord
from matchmaking.matching.services.words import ignore_word, place_word
from reference.choices import Facet
from reference.models import ChainNode

FIRM_SHOWN = "counterpart__enterprise__exact"


@admin.register(Suggestion)
class SuggestionAdmin(LongList, WithExport, PlatformAdmin):
    """What was shown or sent to whom."""

    sheet = SuggestionSheet
    list_display = ("posting", "counterpart", "position", "points", "grade", "channel", "shown_at", "shown_count")
    list_filter = ("channel", "grade")
    list_select_related = ("posting", "counterpart")
    search_fields = ("=posting__number", "=counterpart__number")
    ordering = ("-pk",)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Also the firm that was shown, by which the page of exposure leads here."""
        return lookup == FIRM_SHOWN or super().lookup_allowed(lookup, value, request)


@admin.register(Dismissal)
class DismissalAdmin(LongList, PlatformAdmin):
    """Suggestions that a firm put aside, and why."""

    list_display = ("posting", "counterpart", "reason", "dismissed_by", "created_at")
    list_filter = ("created_at",)
    list_select_related = ("posting", "counterpart", "dismissed_by")
    search_fields = ("=posting__number", "=counterpart__number")
    ordering = ("-pk",)


class PlacingForm(forms.ModelForm):
    """Where a word belongs: under a term as another name, or at a node as a term with its translation."""

    node = forms.ModelChoiceField(
        ChainNode.objects.in_use(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("node"),
        widget=forms.TextInput(),
        help_text=gettext_lazy("A code such as AUTO.BODY.CAST."),
    )
    translation = forms.CharField(max_length=60, required=False, label=gettext_lazy("the word in the other language"))
    facet = forms.ChoiceField(choices=Facet.choices, initial=Facet.PART, label=gettext_lazy("facet"))

    class Meta:
        model = UnplacedWord
        fields = ("term",)


@admin.register(UnplacedWord)
class UnplacedWordAdmin(PlatformAdmin):
    """Words of several firms that no term explains: each is placed on its page, or ignored."""

    form = PlacingForm
    list_display = ("word", "firms", "postings", "sample", "state", "term", "decided_by", "changed_at")
    list_filter = ("state",)
    list_select_related = ("sample", "term", "decided_by")
    search_fields = ("word",)
    actions = ("ignore",)
    autocomplete_fields = ("term",)
    readonly_fields = ("word", "firms", "postings", "sample", "state", "decided_by")
    fields = (*readonly_fields, "term", "node", "translation", "facet")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators, for words that wait."""
        return self.may_open(request) and (obj is None or obj.state == WordState.WAITING)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A decided word only tells where it went."""
        return self.fields if self.has_change_permission(request, obj) else (*self.readonly_fields, "term")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the service, which writes the term."""
        place_word(row=obj, actor=actor_of(request), **form.cleaned_data)

    @admin.action(description=gettext_lazy("Ignore the selected words"))
    def ignore(self, request: HttpRequest, rows: QuerySet[UnplacedWord]) -> Answer:
        """They are not shown again."""
        return self.confirmed(
            request,
            rows,
            lambda row, reason, note: ignore_word(row=row, actor=actor_of(request)),
            title=_("Ignore words"),
        )
