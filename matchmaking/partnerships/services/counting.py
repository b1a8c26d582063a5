"""What is signed of needs, kept at the need: counted again where it was changed, and where nobody has counted yet."""

from collections.abc import Iterable

from accounts.services.changes import unit_of_work
from matchmaking.partnerships.queries.needs import agreed_of_need, with_signed
from matchmaking.partnerships.services.moving import locked_postings
from matchmaking.postings.models import Posting
from matchmaking.postings.services.capacity import note_signed


def count_signed(*, numbers: Iterable[str] | None = None) -> int:
    """Count what is signed of the needs with these ``numbers``, whose quantity may have changed; without them of all
    of which something is signed and nothing was counted. Repeating changes nothing. Returns how many were counted.
    """
    rows = Posting.objects.needs()
    rows = rows.filter(reserved_amount=0) if numbers is None else rows.filter(number__in=list(numbers))
    found = list(with_signed(rows).filter(is_signed=True).order_by("pk").values_list("pk", flat=True))
    for key in found:
        _count(key)
    return len(found)


@unit_of_work
def _count(key: int) -> None:
    need = locked_postings(key)[key]
    note_signed(posting=need, amount=agreed_of_need(need))
