"""When mails come, topic by topic."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.choices import Pace, Topic
from web.forms.base import ServiceForm


class MailForm(ServiceForm):
    """A pace for each topic; ``paces`` are those chosen so far."""

    def __init__(self, data: Any = None, *, paces: Mapping[str, str]) -> None:
        super().__init__(data)
        for topic in Topic:
            self.fields[topic.value] = forms.ChoiceField(
                label=topic.label, choices=Pace.choices, initial=paces.get(topic, Pace.AT_ONCE)
            )
