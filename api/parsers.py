"""How bodies are read."""

from collections.abc import Mapping
from json import JSONDecodeError
from typing import IO, Any

from django.utils.translation import gettext
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class JsonBody(JSONParser):
    """JSON, whose faults are told in the asked language."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The values of a body. Raises ParseError with the place where it stops being JSON in UTF-8."""
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError as error:
            cause = error.__context__
            if isinstance(cause, JSONDecodeError):
                text = gettext("The body is no JSON: it cannot be read on from line {line}, column {column}.")
                raise ParseError(text.format(line=cause.lineno, column=cause.colno)) from error
            raise ParseError(
                gettext("The body is no JSON in UTF-8, or holds a number that JSON does not know.")
            ) from error
