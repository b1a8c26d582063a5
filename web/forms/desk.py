"""What coordinators and firms write at the desk."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reasons import Reason
from common.values import normalise_text
from matchmaking.desk.choices import CaseEnd
from matchmaking.desk.models import Case, Meeting
from web.forms.amounts import refusal
from web.forms.base import CountField, DayField, ServiceForm
from web.templatetags.formats import written_moment

LONGEST = 400
ROWS = 3
MOMENTS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M")


def words(label: Any, *, hint: Any = "", rows: int = ROWS) -> forms.CharField:
    """A few sentences."""
    widget = forms.Textarea(attrs={"class": "input", "rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, help_text=hint)


class CaseForm(ServiceForm):
    """What is stuck, with which department, until when."""

    subject = words(_("What is stuck"), hint=_("Read by coordinators in scope and the platform, by no firm."))
    department = forms.CharField(
        label=_("Department"), max_length=120, widget=forms.TextInput(attrs={"class": "input"})
    )
    due_on = DayField(label=_("Due on"), widget=forms.TextInput(attrs={"class": "input num"}))

    @classmethod
    def of(cls, case: Case) -> "CaseForm":
        """The form as the case stands."""
        told = {"subject": case.subject, "department": case.department, "due_on": case.due_on}
        return cls(initial=told, auto_id="change_%s")


class HandOverForm(ServiceForm):
    """To whom a case goes, and what they should know."""

    receiver = forms.ChoiceField(label=_("Hand over to"), widget=forms.RadioSelect)
    note = words(_("What they should know"))

    def __init__(self, *args: Any, receivers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["receiver"]
        field.choices = [(str(one.user.pk), self.told(one)) for one in receivers]

    @staticmethod
    def told(one: Any) -> str:
        """Name and regions of somebody, and whether they look after the other province."""
        regions = ", ".join(dict.fromkeys(region.name for region in one.regions)) or _("All regions")
        name = one.user.name or _("name not given")
        return f"{name} · {regions}" + (f" · {_('other province')}" if one.is_across else "")


class CloseForm(ServiceForm):
    """Why a case is closed, and what came of it."""

    end = forms.ChoiceField(label=_("Closed because"), choices=CaseEnd.choices, widget=forms.RadioSelect)
    note = words(_("What came of it"))


class MeetingForm(ServiceForm):
    """What a meeting is about, where, how long, and the times that are proposed."""

    topic = words(_("What it is about"), hint=_("Both firms read it."))
    place = forms.CharField(label=_("Place or link"), max_length=200, widget=forms.TextInput(attrs={"class": "input"}))
    minutes = CountField(
        label=_("Length, minutes"), largest=480, widget=forms.TextInput(attrs={"class": "input num"}), initial=60
    )
    times = forms.CharField(
        label=_("Proposed times"),
        max_length=400,
        help_text=_("One a line, up to six. For example: 2027-01-31 14:00"),
        widget=forms.Textarea(attrs={"class": "input num", "rows": 4}),
    )

    def clean_times(self) -> list[datetime]:
        """The moments that the lines name, in the platform's own zone."""
        lines = [line.strip() for line in normalise_text(self.cleaned_data["times"]).splitlines() if line.strip()]
        return [moment(line) for line in lines]


def moment(text: str) -> datetime:
    """The moment behind a line; refused as no day where there is none."""
    for form in MOMENTS:
        try:
            return timezone.make_aware(datetime.strptime(text, form))
        except ValueError:
            continue
    raise refusal(Reason.REFUSAL_NOT_A_DAY)


class AnswerForm(ServiceForm):
    """Which of the proposed times suit; none of them is an answer too."""

    suiting = forms.MultipleChoiceField(
        label=_("Times that suit you"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick all that you could keep; none if none suits. The earliest that suits both is agreed."),
    )

    def __init__(self, *args: Any, meeting: Meeting, side: str, **kwargs: Any) -> None:
        times = list(meeting.times.all())
        kept = [str(one.pk) for one in times if getattr(one, f"suits_{side}")]
        super().__init__(*args, initial={"suiting": kept}, **kwargs)
        field: Any = self.fields["suiting"]
        field.choices = [(str(one.pk), written_moment(one.begins_at)) for one in times]


class PairForm(ServiceForm):
    """The other posting by its number, and why the two fit."""

    number = forms.CharField(
        label=_("Number of the other posting"),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "input num"}),
        help_text=_("A need for a capacity, a capacity for a need. It stands on the posting's page."),
    )
    reason = words(_("Why they fit"), hint=_("Both firms read it, under the names that the postings show."))
