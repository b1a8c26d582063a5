"""What the background worker does for partnerships."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django_tasks import task

from accounts.services.outbox import take_changed, take_mail_due
from accounts.tasks import mail_notices
from matchmaking.partnerships.queries.partnerships import days_of_answer
from matchmaking.partnerships.queries.queueing import waits_at
from matchmaking.partnerships.services.counting import count_signed
from matchmaking.partnerships.services.lapsing import end_overdue_interests
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
    done = let_waiting_in(keys=keys)
    _follow()
    return done


@task()
def end_unanswered(keys: Sequence[str]) -> int:
    """End those of the interests with these keys whose day of answer is over, and let in who waits for their places."""
    done = end_overdue_interests(keys=keys)
    if done:
        let_waiting_in(keys=keys)
    _follow()
    return done


def time_interests(*, postings: Sequence[str], partnerships: Sequence[str]) -> None:
    """Set the clock for what time does to requests after a change of postings (by number) or partnerships (by key).

    Who waits at a posting comes in when its *busy until* is over, and an interest ends when its day of answer is. A
    clock that a later change has overtaken finds nothing to do; the nightly round finds what a clock has missed.
    """
    for last, keys in waits_at(postings).items() if postings else ():
        let_waiting_in_after.using(run_after=after(last)).enqueue(keys)
    for last, keys in days_of_answer(partnerships).items() if partnerships else ():
        end_unanswered.using(run_after=after(last)).enqueue(keys)


def after(last: date | None) -> datetime | None:
    """The first moment after the day ``last`` where the firms are; None for now."""
    return None if last is None else timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))


def _follow() -> None:
    """Ring for the mails, and set the clock for who was let in: no request ends here whose door would do so."""
    if take_mail_due():
        mail_notices.enqueue()
    time_interests(postings=(), partnerships=[key for thing, key, _left in take_changed() if thing == "partnership"])
