"""What views of the REST door share: bodies of a shape, postings of the firm of a system, lists told to that firm."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.http import Http404
from rest_framework.generics import ListAPIView
from rest_framework.request import Request

from api.authentication import Answering, enterprise_of, firm_of
from common.errors import Invalid
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.consortia.services.forming import Share
from matchmaking.postings.queries.postings import system_posting


class ListForFirm(Answering, ListAPIView[Any]):
    """A list of what the firm of the system reads; its rows are told as seen from that firm."""

    def get_serializer_context(self) -> dict[str, Any]:
        """With the firm that reads."""
        return {**super().get_serializer_context(), "enterprise": enterprise_of(self.request)}


def checked(shape: type[Any], request: Request) -> dict[str, Any]:
    """What the body holds, by the fields of ``shape``; 400 where it does not have that shape."""
    read = shape(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


@contextmanager
def told_as(name_of: Callable[[str], str]) -> Iterator[None]:
    """What a service finds wrong (Invalid), under the names that the body has for what the service names otherwise."""
    try:
        yield
    except Invalid as error:
        fields = {name_of(name): reason for name, reason in error.fields.items()}
        raise Invalid(fields, {name_of(name): facts for name, facts in error.facts.items()}) from error


def own_posting(request: Request, number: str) -> Any:
    """A posting of the enterprise that the partner system acts for. 404 otherwise, also where others may see it."""
    enterprise = enterprise_of(request)
    posting = system_posting(enterprise=enterprise, number=number)
    if posting is None or enterprise is None or posting.enterprise_id != enterprise.pk:
        raise Http404
    return posting


def own_posting_named(request: Request, field: str, number: str) -> Any:
    """A posting of that enterprise which ``field`` of a body names, without its parts. Invalid for any other."""
    enterprise = firm_of(request)
    posting = system_posting(enterprise=enterprise, number=number, with_parts=False)
    if posting is None or posting.enterprise_id != enterprise.pk:
        raise unknown({field: number})
    return posting


def unknown(codes: Mapping[str, str]) -> Invalid:
    """What is said of numbers and keys, by field, that name nothing which the enterprise may use there."""
    facts: dict[str, dict[str, object]] = {field: {"code": code} for field, code in codes.items()}
    return Invalid(dict.fromkeys(codes, Reason.REFUSAL_UNKNOWN_CODE), facts)


def asked_shares(request: Request, sent: Iterable[dict[str, Any]]) -> list[Share]:
    """What is asked of whom. Invalid for a number that names no capacity which the firm may see."""
    shares, wrong = [], {}
    for one in sent:
        number = normalise_code(one["capacity"])
        row = system_posting(enterprise=firm_of(request), number=number, with_parts=False)
        if row is None or row.is_need:
            wrong[f"shares.{number}.capacity"] = number
        else:
            first, last = one.get("starts_on"), one.get("ends_on")
            shares.append(Share(row, one["quantity_amount"], (first, last) if first and last else None))
    if wrong:
        raise unknown(wrong)
    return shares


def shares_named(name: str) -> str:
    """What the body calls that which a service calls ``name``."""
    if name == "own":
        return "own_amount"
    number = name.removeprefix("amount_")
    return name if number == name else f"shares.{number}.quantity_amount"
