"""Plants, their equipment, and certificates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reference.models import Certification
from reference.queries.measures import certifications_in_use
from web.forms.base import CountField, DayField, RegionField, ServiceForm

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100


class SiteForm(ServiceForm):
    """A plant and where it stands."""

    name = forms.CharField(label=_("Name of the site"), max_length=120)
    region = RegionField(label=_("Region"))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    floor_area_m2 = CountField(label=_("Floor area, m²"), required=False)
    workers = CountField(label=_("Workers"), required=False)
    is_satellite = forms.BooleanField(
        label=_("Satellite plant"), required=False, help_text=_("It stands in another region than the seat.")
    )


class EquipmentForm(ServiceForm):
    """Machines of one kind and size."""

    kind = forms.CharField(label=_("Kind of machine"), max_length=120)
    size = forms.CharField(
        label=_("Size"), max_length=80, required=False, help_text=_("Such as clamping force 7,000 t.")
    )
    count = CountField(label=_("Count"), largest=100_000)
    built_in = CountField(label=_("Year built"), required=False, largest=LATEST_YEAR)
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        help_text=_("PNG or JPEG of at most 5 MB. Where it was taken is not kept."),
    )

    def clean_built_in(self) -> int | None:
        """A year in which machines were built."""
        year: int | None = self.cleaned_data["built_in"]
        if year is not None and year < EARLIEST_YEAR:
            raise forms.ValidationError(_("Write a year such as 2019."))
        return year


class ToldEquipmentForm(EquipmentForm):
    """Machines that are told already; their photo can be taken away."""

    drop_photo = forms.BooleanField(label=_("Take the photo away"), required=False)

    def __init__(self, *args: Any, has_photo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_photo:
            del self.fields["drop_photo"]


class CertificationField(forms.ChoiceField):
    """One certificate of the reference list; cleans to the Certification."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=certification_choices, **kwargs)

    def clean(self, value: Any) -> Certification | None:
        """The certificate with the chosen code."""
        code = super().clean(value)
        return certifications_in_use().filter(code=code).first() if code else None


def certification_choices() -> list[tuple[str, Any]]:
    """Certificates of the reference list in its order."""
    return [("", _("Choose a certificate")), *((row.code, row.name) for row in certifications_in_use())]


class CertificatePapersForm(ServiceForm):
    """Number, issuer, days and proof of a certificate."""

    number = forms.CharField(label=_("Certificate number"), max_length=80, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=160, required=False)
    issued_on = DayField(label=_("Issued on"), required=False)
    expires_on = DayField(label=_("Last valid day"), required=False)
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text=_("PDF, PNG or JPEG of at most 5 MB. Your members and the platform see it, nobody else."),
    )


class CertificateForm(CertificatePapersForm):
    """A certificate of the reference list with its papers."""

    certification = CertificationField(label=_("Certificate"))
    field_order = ("certification", "number", "issuer", "issued_on", "expires_on", "evidence")
