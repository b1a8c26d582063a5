"""What the background worker does for partnerships."""

from collections.abc import Sequence

from django_tasks import task

from matchmaking.partnerships.services.counting import count_signed
from matchmaking.partnerships.services.queueing import let_waiting_in
from matchmaking.partnerships.services.quoting import review_quotes


@task()
def review_quotes_for(numbers: Sequence[str]) -> int:
    """Ask the makers of open quotes for these needs to confirm them, where the need's terms have changed, and count
    what is signed of them in the quantity that they have now.
    """
    count_signed(numbers=numbers)
    return review_quotes(numbers=numbers)


@task()
def let_waiting_in_after(keys: Sequence[str]) -> int:
    """Let in who waits before the firms that were asked in partnerships with these keys."""
    return let_waiting_in(keys=keys)
