"""What signing up asks for beside address and password; the login library builds its own form upon this."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.reason_texts import text_of
from common.reasons import Reason
from common.values import plain_name

LONGEST_NAME = 80


class SignUpForm(forms.Form):
    """The person's name; the language of the page becomes the language of the account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Colleagues see it, and firms that you are introduced to."),
    )
    field_order = ("name", "email", "password1", "password2")

    def clean_name(self) -> str:
        """The name without look-alike or invisible characters."""
        try:
            name = plain_name(self.cleaned_data["name"])
        except ValueError as error:
            language = get_language() or "zh-hans"
            told = text_of(Reason.REFUSAL_NAME_CHARACTERS, language, {"character": str(error)})
            raise forms.ValidationError(told) from error
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep name and language with the new account."""
        user.name = self.cleaned_data["name"]
        user.language = "en" if (get_language() or "").startswith("en") else "zh-hans"
        user.save(update_fields=["name", "language"])
