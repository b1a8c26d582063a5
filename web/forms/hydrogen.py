"""What who keeps the hydrogen corridor enters, what-if questions, and what firms choose in a round."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.reasons import Reason
from matchmaking.hydrogen.choices import BatchState, FacilityKind, FacilityState, Pressure
from matchmaking.hydrogen.models import MOST_KG, MOST_VEHICLES, Facility, FleetBatch, HaulageRoute
from reference.models import Region
from web.forms.amounts import AmountField, refusal
from web.forms.base import CountField, DayField, RegionField, ServiceForm

NUMBER = {"class": "input num"}
PLACES = 6
"""Places that the form of a batch has room for at least."""
SPARE_PLACES = 2


def line(label: Any, longest: int, *, hint: Any = "", required: bool = True) -> forms.CharField:
    """One line of words."""
    widget = forms.TextInput(attrs={"class": "input"})
    return forms.CharField(label=label, max_length=longest, widget=widget, help_text=hint, required=required)


def count(label: Any, *, largest: int = MOST_KG, hint: Any = "", required: bool = False) -> CountField:
    """A whole number."""
    return CountField(
        label=label, largest=largest, required=required, help_text=hint, widget=forms.TextInput(attrs=dict(NUMBER))
    )


def day(label: Any, *, hint: Any = "", required: bool = False) -> DayField:
    """A day."""
    return DayField(label=label, required=required, help_text=hint, widget=forms.TextInput(attrs=dict(NUMBER)))


def choice(label: Any, choices: Sequence[tuple[Any, Any]], *, required: bool = True) -> forms.ChoiceField:
    """One of a few."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=forms.Select(attrs={"class": "input"})
    )


def region_choice(label: Any, *, required: bool = True) -> RegionField:
    """A region in use."""
    return RegionField(label=label, required=required, widget=forms.Select(attrs={"class": "input"}))


SOURCE_HINT = _("Who said so and when: a notice, a report, a contract. It is shown beside the figure.")


class KeptForm(ServiceForm):
    """Values of a row that somebody may have changed meanwhile: the form carries the version that it showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes of it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """What the form shows of a row."""
        return {name: getattr(row, name) for name in (*cls.base_fields, "version") if hasattr(row, name)}


class FacilityForm(KeptForm):
    """A station, a base or a store."""

    kind = choice(_("Kind"), FacilityKind.choices)
    name_zh = line(_("Name in Chinese"), 200)
    name_en = line(_("Name in English"), 200)
    region = region_choice(_("Region"))
    state = choice(_("State"), FacilityState.choices)
    state_on = day(_("In this state since"), hint=_("Needed for what is running: it is counted from that day on."))
    kg_per_day = count(_("Kilograms a day"), hint=_("What a station can fill or a base can make, in kg/d."))
    store_kg = count(_("Store, kg"), hint=_("What can be kept over the end of a month."))
    pressure = choice(_("Filling pressure"), [("", _("not known")), *Pressure.choices], required=False)
    purity_percent = AmountField(
        label=_("Purity, %"), help_text=_("Volume share of hydrogen; fuel cells ask for 99.97 % and more.")
    )
    source = line(_("Source"), 400, hint=SOURCE_HINT)
    note = line(_("Note"), 400, required=False)

    @classmethod
    def of(cls, row: Facility) -> dict[str, Any]:
        """What the form shows of a facility."""
        return cls.initial_of(row)


class RouteForm(KeptForm):
    """Hydrogen hauled from place to place."""

    from_region = region_choice(_("From"))
    to_region = region_choice(_("To"))
    kg_per_day = count(_("Kilograms a day"), required=True)
    state = choice(_("State"), FacilityState.choices)
    state_on = day(_("In this state since"), hint=_("Needed for what is running: it is counted from that day on."))
    source = line(_("Source"), 400, hint=SOURCE_HINT)
    note = line(_("Note"), 400, required=False)

    @classmethod
    def of(cls, row: HaulageRoute) -> dict[str, Any]:
        """What the form shows of a route."""
        return cls.initial_of(row)


class BatchForm(KeptForm):
    """A fleet batch with the places where its vehicles are filled."""

    number = count(_("Batch"), largest=1000, required=True, hint=_("1 for the first, 2 for the second."))
    vehicles = count(_("Vehicles"), largest=MOST_VEHICLES, required=True)
    state = choice(_("State"), BatchState.choices)
    starts_on = day(_("In service from"), hint=_("Empty while nobody knows: then the batch is in no figure."))
    ends_on = day(_("In service until"))
    source = line(_("Source"), 400, hint=SOURCE_HINT)
    note = line(_("Note"), 400, required=False)

    def __init__(self, *args: Any, rows: int = PLACES, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for number in range(1, rows + 1):
            self.fields[f"place_{number}"] = region_choice(_("Place %(number)s") % {"number": number}, required=False)
            self.fields[f"vehicles_{number}"] = count(
                _("Vehicles at place %(number)s") % {"number": number}, largest=MOST_VEHICLES
            )

    @classmethod
    def of(cls, row: FleetBatch) -> dict[str, Any]:
        """What the form shows of a batch and its places."""
        told = cls.initial_of(row)
        for number, place in enumerate(row.places.all(), start=1):
            told |= {f"place_{number}": place.region, f"vehicles_{number}": place.vehicles}
        return told

    @staticmethod
    def rows_of(row: FleetBatch) -> int:
        """How many places the form of this batch has room for."""
        return max(PLACES, len(row.places.all()) + SPARE_PLACES)

    def clean(self) -> dict[str, Any]:
        """A place and its number belong together."""
        told: dict[str, Any] = super().clean() or {}
        for number in range(1, self.rows + 1):
            names = f"place_{number}", f"vehicles_{number}"
            given = [bool(told.get(name)) for name in names]
            if any(given) and not all(given) and not any(name in self.errors for name in names):
                self.add_error(names[given.index(False)], refusal(Reason.REFUSAL_REQUIRED))
        return told

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes of the batch itself."""
        return {name: value for name, value in super().values.items() if name in self.base_fields}

    @property
    def places(self) -> list[tuple[Region, int]]:
        """Vehicles by place."""
        pairs = (
            (self.cleaned_data.get(f"place_{number}"), self.cleaned_data.get(f"vehicles_{number}"))
            for number in range(1, self.rows + 1)
        )
        return [(place, number) for place, number in pairs if place and number]

    def place_of(self, name: str) -> str:
        """What is wrong with the places as a whole stands at the first of them."""
        return "place_1" if name == "places" else name


class AssumptionForm(ServiceForm):
    """What a vehicle takes a day, and who says so."""

    kg_per_vehicle_day = AmountField(label=_("Kilograms per vehicle and day"))
    source = line(_("Source"), 400, hint=SOURCE_HINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kg_per_vehicle_day"].required = True


class IdeaForm(ServiceForm):
    """A station that somebody thinks of."""

    place = forms.ChoiceField(label=_("Place"), widget=forms.Select(attrs={"class": "input"}))
    kg = count(_("Kilograms a day"), required=True)

    def __init__(self, *args: Any, regions: Iterable[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {one.code: one for one in regions}
        field: Any = self.fields["place"]
        field.choices = [("", _("Choose a region")), *((code, one.name) for code, one in self.known.items())]

    def clean_place(self) -> Region:
        """The region with the chosen code."""
        return self.known[self.cleaned_data["place"]]


class RoundForm(ServiceForm):
    """What a round calls for, and its two last days."""

    first_month = day(_("First month"), hint=_("Any day of it."), required=True)
    last_month = day(_("Last month"), hint=_("Any day of it."), required=True)
    places = forms.MultipleChoiceField(label=_("Places"), widget=forms.CheckboxSelectMultiple)
    offers_until = day(_("Offers until"), hint=_("The last day on which firms offer, included."), required=True)
    interest_until = day(
        _("Interest until"),
        hint=_(
            "From the day after the last offers until this day firms read the list without names and tell interest."
        ),
        required=True,
    )

    def __init__(self, *args: Any, regions: Iterable[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {one.code: one for one in regions}
        field: Any = self.fields["places"]
        field.choices = [(code, one.name) for code, one in self.known.items()]

    def clean_places(self) -> list[Region]:
        """The chosen regions."""
        return [self.known[code] for code in self.cleaned_data["places"]]


class PostingChoiceForm(ServiceForm):
    """One of one's own postings."""

    posting = forms.ChoiceField(label=_("Posting"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, postings: Iterable[Any], label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {one.number: one for one in postings}
        field: Any = self.fields["posting"]
        field.label = label
        field.choices = [(number, f"{one.title} · {one.region.name}") for number, one in self.known.items()]

    def clean_posting(self) -> Any:
        """The chosen row."""
        return self.known[self.cleaned_data["posting"]]
