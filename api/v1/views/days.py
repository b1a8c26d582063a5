"""Matchmaking days for partners' systems: what an invited firm does and reads, by the services of its pages.

Days are opened, planned and looked after by coordinators on their pages; coordinators have no systems.
"""

from datetime import timedelta
from typing import Any

import django_filters
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.asking import checked, told_as, unknown
from api.authentication import Answering, actor_of, firm_of
from api.pagination import StableCursorPagination
from api.v1.serializers import days as shapes
from common.values import normalise_code
from matchmaking.days.choices import DayState, GuestState
from matchmaking.days.filters import OVER, WHEN
from matchmaking.days.permissions import can_answer_invitation, can_give_up_place, can_mark
from matchmaking.days.queries.days import (
    invitations_through,
    marks_of,
    others_at,
    schedule_of,
    shown_count,
    unmet_of,
)
from matchmaking.days.services.answers import MOST_MUSTS, answer_invitation, give_up_place, mark_firms
from matchmaking.days.tasks import mend_day

READ, WRITE = ApiScope.DAYS_READ.value, ApiScope.DAYS_WRITE.value
TAG = ["days"]
ALLOWED = {"answer": can_answer_invitation, "give-up": can_give_up_place, "wishes": can_mark}


class InvitationFilter(django_filters.FilterSet):
    """By where the day and the invitation stand, and whether the day is ahead or over."""

    state = django_filters.MultipleChoiceFilter("day__state", choices=DayState.choices, distinct=False)
    invitation = django_filters.MultipleChoiceFilter("state", choices=GuestState.choices, distinct=False)
    when = django_filters.ChoiceFilter(choices=WHEN, method="filter_when")

    def filter_when(self, rows: Any, name: str, when: str) -> Any:
        """Today and later, or before."""
        today = timezone.localdate()
        return rows.filter(day__day__lt=today) if when == OVER else rows.filter(day__day__gte=today)


class DayList(Answering, ListAPIView[Any]):
    """Days to which the firm was invited, the newest invitation first."""

    scopes = {"GET": READ}
    serializer_class = shapes.DaySerializer
    filterset_class = InvitationFilter
    pagination_class = StableCursorPagination

    def get_queryset(self) -> Any:
        """The invitations of the firm that the system acts for."""
        is_described = getattr(self, "swagger_fake_view", False)
        return invitations_through(None if is_described else firm_of(self.request))

    @extend_schema(operation_id="days_list", tags=TAG)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)


class DayPage(Answering, APIView):
    """One day."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="days_get", tags=TAG, responses=shapes.DayPageSerializer)
    def get(self, request: Request, key: str) -> Response:
        """The day as the firm reads it; 404 where it was not invited."""
        return Response(page_of(request, key))


class DayAnswer(Answering, APIView):
    """Taking part or not."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="days_answer", tags=TAG, request=shapes.AnswerSerializer, responses=shapes.DayPageSerializer
    )
    def post(self, request: Request, key: str) -> Response:
        """The day; 409 once wishes have ended."""
        guest, told = found(request, key), checked(shapes.AnswerSerializer, request)
        with told_as(lambda name: "most_meetings" if name == "most" else name):
            answer_invitation(
                guest=guest, actor=actor_of(request), accepts=told["accepts"], most=told.get("most_meetings")
            )
        return Response(page_of(request, key))


class DayWishes(Answering, APIView):
    """Whom the firm wishes to meet."""

    scopes = {"PUT": WRITE}

    @extend_schema(
        operation_id="days_wish", tags=TAG, request=shapes.WishesSerializer, responses=shapes.DayPageSerializer
    )
    def put(self, request: Request, key: str) -> Response:
        """The day; 422 for a firm that does not take part, and for too many musts."""
        guest, told = found(request, key), checked(shapes.WishesSerializer, request)["wishes"]
        rows = {one.enterprise.key: one.pk for one in others_at(guest)}
        wishes = {normalise_code(firm): wish for firm, wish in told.items()}
        strangers = {f"wishes.{firm}.firm": firm for firm in wishes if firm not in rows}
        if strangers and can_mark(actor_of(request), guest):
            raise unknown(strangers)
        known = {rows[firm]: wish for firm, wish in wishes.items() if firm in rows}
        mark_firms(guest=guest, actor=actor_of(request), wishes=known)
        return Response(page_of(request, key))


class DayGivingUp(Answering, APIView):
    """Giving one's place up."""

    scopes = {"POST": WRITE}

    @extend_schema(operation_id="days_give_up", tags=TAG, request=None, responses=shapes.DayPageSerializer)
    def post(self, request: Request, key: str) -> Response:
        """The day; its meetings fall out and whom the firm was to meet is told."""
        guest = give_up_place(guest=found(request, key), actor=actor_of(request))
        if guest.day.state == DayState.PUBLISHED:
            mend_day.enqueue(guest.day.key)
        return Response(page_of(request, key))


def found(request: Request, key: str) -> Any:
    """The invitation of the firm that the system acts for. 404 otherwise."""
    firm = firm_of(request)
    guest = invitations_through(firm).filter(day__key=normalise_code(key)).first()
    if guest is None:
        raise Http404
    guest.enterprise = firm
    return guest


def page_of(request: Request, key: str) -> dict[str, Any]:
    """A day as the system's firm reads it."""
    guest, actor = found(request, key), actor_of(request)
    others, said, schedule = others_at(guest), marks_of(actor, guest), schedule_of(guest)
    length = timedelta(minutes=guest.day.slot_minutes)
    page = {
        **shapes.DaySerializer(guest).data,
        "firm_count": len(others) + 1 if guest.state == GuestState.ACCEPTED else shown_count(guest.day),
        "firms": shapes.PresentFirmSerializer([one.enterprise for one in others], many=True).data,
        "most_musts": MOST_MUSTS,
        "wishes": [{"firm": one.enterprise.key, "wish": said[one.pk]} for one in others if one.pk in said],
        "schedule": shapes.MeetingSerializer(
            [{**vars(line), "ends_at": line.begins + length} for line in schedule], many=True
        ).data,
        "not_placed": shapes.PresentFirmSerializer(unmet_of(guest, others, said, schedule), many=True).data,
        "allowed_acts": [act for act in shapes.ACTS if ALLOWED[act](actor, guest)],
    }
    return page
