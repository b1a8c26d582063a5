"""How cells of a list of suppliers are read."""

from typing import Any

from django.utils.translation import gettext

from accounts.imports.columns import Counts, Texts
from accounts.imports.reading import Unfit
from accounts.services.names import clean_name, clean_uscc
from common.errors import Invalid
from common.values import normalise_code
from matchmaking.networks.queries.sameness import folded
from reference.models import Certification
from reference.queries.measures import certifications_in_use


def meant_paper(text: str) -> Certification:
    """The certificate with this code or name. Raises Unfit."""
    wanted = folded(text)
    found = [
        one for one in certifications_in_use() if wanted in {folded(one.code), folded(one.name_zh), folded(one.name_en)}
    ]
    if len(found) == 1:
        return found[0]
    raise Unfit(gettext("No certificate with this code or name."), gettext("Write its code, such as IATF16949."))


class Shares(Counts):
    """A percentage, with its sign or without."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """A whole number. Raises Unfit."""
        return super().clean(str(value).rstrip("%\uff05 "), row, **kwargs)


class Codes(Texts):
    """A credit code in the form in which it is kept, however it is written; one that is none stays as it is."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The code."""
        text = super().clean(value, row, **kwargs)
        try:
            return clean_uscc(text) if text else ""
        except Invalid:
            return normalise_code(text).replace("-", "")


class Names(Texts):
    """A name in the form in which it is kept; one that cannot be kept stays as it is."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The name."""
        text = super().clean(value, row, **kwargs)
        try:
            return clean_name(text, "name")
        except Invalid:
            return text
