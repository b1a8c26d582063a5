"""A clock that takes the place of now: for what services do in a simulated market, or did in the demo's past."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from types import TracebackType

from django.utils import timezone

READ_BY_SERVICES = "now"


class Clock:
    """Takes the place of ``timezone.now`` in this process, and gives it back; services ask nothing else for the time.

    Only where no other thread asks for the time: rows written meanwhile carry these moments.
    """

    def __init__(self, first_day: date) -> None:
        self.first_day = first_day
        self.moment = self.at(0)
        self.real: Callable[[], datetime] = timezone.now

    def __enter__(self) -> "Clock":
        self.real = timezone.now
        setattr(timezone, READ_BY_SERVICES, self.tell)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        setattr(timezone, READ_BY_SERVICES, self.real)

    def tell(self) -> datetime:
        """The moment at which the clock stands; a little passes with each question, so that no two acts share one."""
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def at(self, day: int, hours: float = 0.0) -> datetime:
        """The moment so many hours into the day with this number, 0 being the first."""
        midnight = datetime.combine(
            self.first_day + timedelta(days=day), time(), tzinfo=timezone.get_default_timezone()
        )
        return midnight + timedelta(hours=hours)

    def turn_to(self, day: int, hours: float) -> None:
        """Go on to that moment; never back."""
        self.moment = max(self.moment, self.at(day, hours))
