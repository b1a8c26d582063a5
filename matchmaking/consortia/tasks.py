"""What the background worker does for consortia."""

from collections.abc import Sequence

from django_tasks import task

from matchmaking.consortia.services.settling import settle_consortia


@task()
def settle_consortia_for(keys: Sequence[str]) -> int:
    """Settle the sets whose members' partnerships, by these keys, have moved."""
    return settle_consortia(keys=keys)
