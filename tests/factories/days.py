"""Plain rows of matchmaking days, and a whole day with firms that take part."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.utils import timezone
from factory import LazyFunction, SelfAttribute, SubFactory
from factory.django import DjangoModelFactory

from accounts.models import User
from matchmaking.days.choices import DayState, GuestState, PlanState
from matchmaking.days.models import DayMeeting, DayPlan, Guest, MatchDay
from matchmaking.days.services.days import Terms
from matchmaking.days.services.plans import ask_plan, make_plan, publish_plan
from tests.factories.accounts import MembershipFactory, UserFactory


def days_ahead(days: int) -> Any:
    """The day so many days from today."""
    return timezone.localdate() + timedelta(days=days)


class MatchDayFactory(DjangoModelFactory):
    """A day in ten days, four slots at three tables, wishes until five days before."""

    class Meta:
        model = MatchDay

    title_zh = "示例对接会"
    title_en = "Sample matchmaking day"
    day = LazyFunction(lambda: days_ahead(10))
    place = "示例会展中心一号厅"
    begins_at = time(9, 30)
    slot_minutes = 20
    slots = 4
    tables = 3
    marks_until = LazyFunction(lambda: days_ahead(5))
    made_by = SubFactory(UserFactory)


class GuestFactory(DjangoModelFactory):
    """A firm that takes part."""

    class Meta:
        model = Guest

    day = SubFactory(MatchDayFactory)
    enterprise = SubFactory("tests.factories.accounts.EnterpriseFactory")
    state = GuestState.ACCEPTED


class DayPlanFactory(DjangoModelFactory):
    """A plan that firms read, of a day that is today."""

    class Meta:
        model = DayPlan

    day = SubFactory(
        MatchDayFactory,
        state=DayState.PUBLISHED,
        day=LazyFunction(timezone.localdate),
        marks_until=LazyFunction(lambda: days_ahead(-1)),
    )
    state = PlanState.READY
    published_at = LazyFunction(timezone.now)


class DayMeetingFactory(DjangoModelFactory):
    """A meeting of two firms that took place."""

    class Meta:
        model = DayMeeting

    plan = SubFactory(DayPlanFactory)
    slot, table = 1, 1
    first = SubFactory(GuestFactory, day=SelfAttribute("..plan.day"))
    second = SubFactory(GuestFactory, day=SelfAttribute("..plan.day"))
    is_held = True


def terms(**changed: Any) -> Terms:
    """What a coordinator would say of a day."""
    told = {
        "title_zh": "示例对接会",
        "title_en": "Sample matchmaking day",
        "day": days_ahead(10),
        "place": "示例会展中心一号厅",
        "begins_at": time(9, 30),
        "slot_minutes": 20,
        "slots": 4,
        "tables": 3,
        "marks_until": days_ahead(5),
    }
    return Terms(**{**told, **changed})


@dataclass
class Gathering:
    """A day with the firms that take part, a person of each, and who looks after it."""

    day: MatchDay
    host: User
    guests: list[Guest]
    people: list[User]

    def end_wishes(self) -> None:
        """The last day for wishes was yesterday."""
        MatchDay.objects.filter(pk=self.day.pk).update(marks_until=days_ahead(-1))
        self.day.refresh_from_db()

    def published(self) -> Any:
        """The plan of what was wished, told to all."""
        self.end_wishes()
        plan = make_plan(key=ask_plan(day=self.day, actor=self.host).key)
        assert plan is not None
        publish_plan(plan=plan, actor=self.host)
        self.day.refresh_from_db()
        plan.refresh_from_db()
        return plan

    def begin(self) -> None:
        """The day is today."""
        MatchDay.objects.filter(pk=self.day.pk).update(day=days_ahead(0), marks_until=days_ahead(-1))
        self.day.refresh_from_db()


def gathering(host: User, firms: int = 4, **of_day: Any) -> Gathering:
    """A day of ``host`` on which so many firms take part."""
    day = MatchDayFactory(made_by=host, **of_day)
    guests = [GuestFactory(day=day) for _ in range(firms)]
    return Gathering(day, host, guests, [MembershipFactory(enterprise=one.enterprise).user for one in guests])
