"""Whether a paper of a person counts on the other side of the border."""

from datetime import date

from django.utils import timezone

from common.keeping import kept_for, process_cache
from reference.models import Parameter, Recognition
from reference.queries.names import KEPT_SECONDS
from reference.querysets import ReferenceQuerySet

KEPT_UNDER = "reference.recognitions"


def personal_papers() -> ReferenceQuerySet:
    """Parameters that are papers of persons, those that may still be named."""
    return Parameter.objects.in_use().exclude(paper_kind="")


def recognitions_now() -> dict[str, Recognition]:
    """The rule that holds today by the code of the paper; a paper without one has to be checked. Kept for a while."""
    today = timezone.localdate()
    return kept_for(KEPT_SECONDS, f"{KEPT_UNDER}.{today}", lambda: read_recognitions(today))


def forget_recognitions() -> None:
    """Have this process read the rules anew."""
    process_cache.delete(f"{KEPT_UNDER}.{timezone.localdate()}")


def read_recognitions(on: date) -> dict[str, Recognition]:
    """The newest rule in force on the day ``on`` by the code of the paper."""
    rows = Recognition.objects.in_force(on).select_related("parameter").order_by("valid_from")
    return {row.parameter.code: row for row in rows}
