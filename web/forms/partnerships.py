"""What is typed about a partnership: a note to an interest, the reason of an end."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.partnerships.queries.partnerships import declining_reasons, failing_reasons
from web.forms.base import DayField, ServiceForm

LONGEST_NOTE = 500
ROWS = 2


def reason_choices(reasons: Callable[[], list[Reason]] = declining_reasons) -> list[tuple[str, str]]:
    """The reasons that talks can end for, in the page's language."""
    language = get_language() or "zh-hans"
    return [(reason.value, text_of(reason, language).capitalize()) for reason in reasons()]


def failing_choices() -> list[tuple[str, str]]:
    """The reasons that an agreement can end for."""
    return reason_choices(failing_reasons)


class SnoozeForm(ServiceForm):
    """Until when an answer is put off."""

    until = DayField(label=_("I answer after this day"))


class EndForm(ServiceForm):
    """Why an interest is turned down or talks end, and a note if one likes."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=reason_choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    note = forms.CharField(
        label=_("Note to the other side"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"class": "input", "rows": ROWS}),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, prefix_id: str = "end", is_bound_by_agreement: bool = False
    ) -> None:
        super().__init__(data, auto_id=f"{prefix_id}_%s")
        if is_bound_by_agreement:
            reason: Any = self.fields["reason"]
            reason.choices = failing_choices()


class DeclineManyForm(EndForm):
    """Several interests turned down for one reason; ``chosen`` are their keys, ``offered`` those of the page."""

    chosen = forms.MultipleChoiceField(
        label=_("Requests"), error_messages={"invalid_choice": _("One of these is not yours to answer.")}
    )

    def __init__(self, data: Any = None, *, offered: Iterable[str]) -> None:
        super().__init__(data, prefix_id="decline")
        chosen: Any = self.fields["chosen"]
        chosen.choices = [(key, key) for key in offered]
        chosen.error_messages["required"] = _("Tick the requests that you decline.")
