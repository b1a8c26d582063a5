"""What coordinators say of a matchmaking day, and what firms answer and wish."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.values import normalise_code
from matchmaking.days.choices import Wish
from matchmaking.days.models import MOST_MINUTES, MOST_SLOTS, MOST_TABLES, Guest, MatchDay
from reference.models import IndustryChain, Region
from web.forms.base import CountField, DayField, ServiceForm
from web.forms.desk import words

SHORT = forms.TextInput(attrs={"class": "input num"})
CLOCK = "%H:%M"
OPEN = ""
"""Stands for: nothing said of this firm."""


def line(label: Any, longest: int, hint: Any = "") -> forms.CharField:
    """One line of words."""
    widget = forms.TextInput(attrs={"class": "input"})
    return forms.CharField(label=label, max_length=longest, widget=widget, help_text=hint)


class ClockField(forms.TimeField):
    """A time of the day as people type it, full-width signs too."""

    def to_python(self, value: Any) -> Any:
        """The time behind the text."""
        return super().to_python(normalise_code(value) if isinstance(value, str) else value)


class DayForm(ServiceForm):
    """What a day is about, when and where, how many slots and tables."""

    title_zh = line(_("Title in Chinese"), 80)
    title_en = line(_("Title in English"), 120)
    day = DayField(label=_("Day"), widget=SHORT)
    place = line(
        pgettext_lazy("matchmaking day", "Place"),
        200,
        _("Invited firms read it. No phone number, mail or web address."),
    )
    begins_at = ClockField(
        label=_("Begins at"),
        input_formats=[CLOCK, "%H:%M:%S"],
        widget=forms.TextInput(attrs={"class": "input num", "placeholder": "09:30"}),
        error_messages={"invalid": _("Write a time such as 09:30.")},
    )
    slot_minutes = CountField(
        label=_("Length of a slot, minutes"),
        largest=MOST_MINUTES,
        widget=SHORT,
        help_text=_("With the time to change tables."),
    )
    slots = CountField(label=_("Slots"), largest=MOST_SLOTS, widget=SHORT)
    tables = CountField(label=_("Tables"), largest=MOST_TABLES, widget=SHORT)
    marks_until = DayField(
        label=_("Last day for wishes"),
        widget=SHORT,
        help_text=_("Until then firms answer and say whom they wish to meet."),
    )
    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Coordinators of these regions look after the day with you. Firms from anywhere can be invited."),
    )
    chains = forms.MultipleChoiceField(label=_("Chains"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        *args: Any,
        regions: Sequence[Region],
        chains: Sequence[IndustryChain],
        settled: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["regions"].choices = [(one.code, one.name) for one in regions]
        fields["chains"].choices = [(one.code, one.name) for one in chains]
        self.known_regions, self.known_chains = regions, chains
        for name in settled:
            del fields[name]

    @classmethod
    def initial_of(cls, day: MatchDay) -> dict[str, Any]:
        """What the form shows of a day."""
        names = ("title_zh", "title_en", "day", "place", "slot_minutes", "slots", "tables", "marks_until")
        told = {name: getattr(day, name) for name in names}
        chosen = {name: [one.code for one in getattr(day, name).all()] for name in ("regions", "chains")}
        return {**told, **chosen, "begins_at": day.begins_at.strftime(CLOCK)}

    def clean_regions(self) -> list[Region]:
        """The chosen rows."""
        return [one for one in self.known_regions if one.code in self.cleaned_data["regions"]]

    def clean_chains(self) -> list[IndustryChain]:
        """The chosen rows."""
        return [one for one in self.known_chains if one.code in self.cleaned_data["chains"]]


class PlaceForm(ServiceForm):
    """How many meetings a firm wants at most."""

    most = CountField(
        label=_("Meetings at most"),
        largest=MOST_SLOTS,
        required=False,
        widget=SHORT,
        help_text=_("Leave it empty for as many as there are slots."),
    )


class WishesForm(ServiceForm):
    """A wish about each firm that takes part; none is an answer too."""

    CHOICES: Sequence[tuple[str, Any]] = [(OPEN, _("nothing said")), *Wish.choices]

    def __init__(self, *args: Any, others: Iterable[Guest], said: Mapping[int, str], **kwargs: Any) -> None:
        self.others = list(others)
        super().__init__(*args, **kwargs)
        for one in self.others:
            self.fields[self.name_of(one)] = forms.ChoiceField(
                label=one.enterprise.name,
                choices=self.CHOICES,
                required=False,
                initial=said.get(one.pk, OPEN),
                widget=forms.RadioSelect,
            )

    @staticmethod
    def name_of(guest: Guest) -> str:
        """The name of the field about ``guest``: by the firm's public key, never a row number."""
        return f"wish_{guest.enterprise.key}"

    @property
    def lines(self) -> list[tuple[Guest, Any]]:
        """Each other firm with its field."""
        return [(one, self[self.name_of(one)]) for one in self.others]

    @property
    def wishes(self) -> dict[int, str]:
        """What was chosen, by the row number of the guest."""
        told = {one.pk: self.cleaned_data[self.name_of(one)] for one in self.others}
        return {pk: wish for pk, wish in told.items() if wish != OPEN}


class FollowForm(ServiceForm):
    """A need of one firm and a capacity of the other, and why they fit."""

    pair = forms.ChoiceField(label=_("Need and capacity"), widget=forms.RadioSelect)
    reason = words(_("Why they fit"), hint=_("Both firms read it, under the names that the postings show."))

    def __init__(self, *args: Any, pairs: Sequence[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["pair"]
        field.choices = [
            (f"{need.number}.{capacity.number}", f"{need.title} × {capacity.title}") for need, capacity in pairs
        ]
