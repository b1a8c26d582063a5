"""Partnerships for partners: from interest to outcome, by the services and the table of moves of the pages.

A system acts for one firm: what the person who made it may do for another firm of theirs is closed to it. Signing is
not here, since a signature asks for a person's password or code.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import django_filters
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.choices import ApiScope
from api.asking import checked, own_posting_named, unknown
from api.authentication import Answering, actor_of, firm_of, reader_for
from api.pagination import StableCursorPagination
from api.v1.serializers import partnerships as shapes
from common.errors import Refused
from common.reasons import Reason
from common.values import normalise_code
from matchmaking.partnerships.choices import Act, Side, State
from matchmaking.partnerships.permissions import acts_allowed
from matchmaking.partnerships.queries.deal import SAMPLE_ACTS, Deal, quotes_shown
from matchmaking.partnerships.queries.events import event_page
from matchmaking.partnerships.queries.partnerships import (
    acting_sides,
    line_of,
    listed_partnerships_of,
    partnerships_of,
    partnerships_visible_to,
    side_of,
)
from matchmaking.partnerships.queries.queueing import place_told
from matchmaking.partnerships.services.agreeing import propose_agreement, take_back_agreement
from matchmaking.partnerships.services.answering import snooze_interest
from matchmaking.partnerships.services.contacts import view_contact
from matchmaking.partnerships.services.delivering import accept_delivery, deliver
from matchmaking.partnerships.services.interest import (
    accept_interest,
    declare_interest,
    decline_interest,
    decline_interests,
    end_partnership,
    withdraw_interest,
)
from matchmaking.partnerships.services.outcomes import state_outcome
from matchmaking.partnerships.services.people import record_person_agreed
from matchmaking.partnerships.services.quoting import confirm_quote, make_quote, refuse_quote, withdraw_quote
from matchmaking.partnerships.services.sampling import move_sample
from matchmaking.postings.queries.postings import system_posting

READ, WRITE = ApiScope.PARTNERSHIPS_READ.value, ApiScope.PARTNERSHIPS_WRITE.value
TAG = ["partnerships"]
ON_PAGES = {Act.SIGN}
"""Acts that a person does on the page alone."""


class PartnershipFilter(django_filters.FilterSet):
    """By state, and by one's own posting."""

    state = django_filters.MultipleChoiceFilter(choices=State.choices, distinct=False)
    posting = django_filters.CharFilter(
        method="filter_posting", max_length=20, help_text=_("The number of one's own posting.")
    )

    def filter_posting(self, rows: Any, name: str, number: str) -> Any:
        """Those about a posting of the firm that asks."""
        code = normalise_code(number)
        return rows.filter(need__number=code) | rows.filter(capacity__number=code)


class PartnershipList(Answering, ListAPIView[Any]):
    """Partnerships of the firm that the system acts for; interest in another firm's posting."""

    scopes = {"GET": READ, "POST": WRITE}
    serializer_class = shapes.PartnershipSerializer
    filterset_class = PartnershipFilter
    pagination_class = StableCursorPagination

    def get_queryset(self) -> Any:
        """Both sides' partnerships of the firm, mere suggestions left out."""
        if getattr(self, "swagger_fake_view", False):
            return partnerships_visible_to(user=AnonymousUser())
        return listed_partnerships_of(firm_of(self.request))

    def paginate_queryset(self, queryset: Any) -> Any:
        """Each partnership from where the firm stands."""
        rows = super().paginate_queryset(queryset)
        return [line_of(row, firm_of(self.request)) for row in rows or []]

    @extend_schema(operation_id="partnerships_list", tags=TAG)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the list."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="partnerships_create",
        tags=TAG,
        request=shapes.InterestSerializer,
        responses={201: shapes.PartnershipPageSerializer},
    )
    def post(self, request: Request) -> Response:
        """The partnership; introduced at once where the other side had asked, or accepts ahead."""
        told, enterprise = checked(shapes.InterestSerializer, request), firm_of(request)
        own = own_posting_named(request, "posting", normalise_code(told["posting"]))
        number = normalise_code(told["counterpart"])
        other = system_posting(enterprise=enterprise, number=number, with_parts=False)
        if other is None:
            raise unknown({"counterpart": number})
        made = declare_interest(posting=own, counterpart=other, actor=actor_of(request), note=told.get("note", ""))
        return Response(page_of(request, made.key), status=status.HTTP_201_CREATED)


class PartnershipPage(Answering, APIView):
    """One partnership."""

    scopes = {"GET": READ}

    @extend_schema(operation_id="partnerships_get", tags=TAG, responses=shapes.PartnershipPageSerializer)
    def get(self, request: Request, key: str) -> Response:
        """The partnership with its deal; 404 for one of other firms."""
        return Response(page_of(request, key))


class PartnershipContact(Answering, APIView):
    """Contact data of the other firm."""

    scopes = {"POST": ApiScope.CONTACTS_READ.value}

    @extend_schema(operation_id="partnerships_contact", tags=TAG, request=None, responses=shapes.ContactSerializer)
    def post(self, request: Request, key: str) -> Response:
        """Whom to reach, once both agreed; the look is recorded and shown to the other firm."""
        row = for_act(request, key, Act.VIEW_CONTACT)
        seen = view_contact(partnership=row, actor=actor_of(request), enterprise=firm_of(request))
        return Response(shapes.ContactSerializer(seen).data)


class ManyDeclined(Answering, APIView):
    """Turning several interests down for one reason."""

    scopes = {"POST": WRITE}

    @extend_schema(
        operation_id="partnerships_decline_many",
        tags=TAG,
        request=shapes.ManyDeclinedSerializer,
        responses=shapes.DeclinedSerializer(many=True),
    )
    def post(self, request: Request) -> Response:
        """What came of each, in the order sent; 422 where the reason or the note does not fit, and none is declined."""
        told, firm = checked(shapes.ManyDeclinedSerializer, request), firm_of(request)
        keys = list(dict.fromkeys(normalise_code(key) for key in told.pop("partnerships")))
        listed = partnerships_of(firm).exclude(state=State.SUGGESTED).filter(key__in=keys)
        rows = {row.key: row for row in listed}
        refused = {key: Refused(Reason.REFUSAL_UNKNOWN_CODE, code=key) for key in keys if key not in rows}
        others = {key for key, row in rows.items() if not may_stand_for(firm, row, Act.DECLINE)}
        refused |= {key: Refused(Reason.REFUSAL_OTHER_SIDE) for key in others}
        asked = [row for key, row in rows.items() if key not in others]
        refused |= decline_interests(partnerships=asked, actor=actor_of(request), **told).refused
        came = [{"partnership": key, "refusal": refused.get(key)} for key in keys]
        return Response(shapes.DeclinedSerializer(came, many=True).data)


def found(request: Request, key: str) -> Any:
    """A partnership of the firm that the system acts for. 404 otherwise."""
    row = partnerships_of(firm_of(request)).exclude(state=State.SUGGESTED).filter(key=key).first()
    if row is None:
        raise Http404
    return row


def for_act(request: Request, key: str, act: Act) -> Any:
    """A partnership in which the system's own firm is a side that may do ``act``; refuses other_side else.

    Where nobody may do it in the present state, the service says so.
    """
    row = found(request, key)
    if not may_stand_for(firm_of(request), row, act):
        raise Refused(Reason.REFUSAL_OTHER_SIDE)
    return row


def may_stand_for(firm: Any, row: Any, act: Act) -> bool:
    """Whether ``firm`` is a side that does ``act`` in the present state, or nobody does."""
    sides = acting_sides(row, act)
    return not sides or side_of(row, firm) in sides


def page_of(request: Request, key: str) -> dict[str, Any]:
    """A partnership as the system's firm reads it, with the newest of what happened."""
    row, enterprise = found(request, key), firm_of(request)
    line, happened = line_of(row, enterprise), event_page(row)
    deal, reader = Deal(row, happened.steps), reader_for(request)
    is_sealed = line is not None and line.side == Side.NEED and deal.rfq is not None and deal.rfq.hides_quotes
    told = {
        **vars(line),
        "queue_place": place_told(row) or None,
        "allowed_acts": sorted(acts_allowed(reader, row, deal) - ON_PAGES),
        "quotes": [] if is_sealed or row.introduced_at is None else quotes_shown(user=reader, partnership=row),
        "agreements": [one for one in (deal.proposed, deal.in_force, *deal.earlier) if one is not None],
        "deliveries": deal.milestones,
        "outcome": deal.outcome,
        "statements": list(deal.statements.values()),
        "events": happened.events,
    }
    return dict(shapes.PartnershipPageSerializer(told, context={"request": request}).data)


def act_view(act: Act, service: Callable[..., Any], body: Any = None, *, names_firm: bool = True) -> Any:
    """The view of one act: one service, answered with the partnership as it is then.

    ``names_firm`` says whether the service asks for which firm one acts; an act of one side alone does not.
    """

    class PartnershipAct(Answering, APIView):
        """An act on a partnership."""

        scopes = {"POST": WRITE}

        @extend_schema(
            operation_id=f"partnerships_{act}", tags=TAG, request=body, responses=shapes.PartnershipPageSerializer
        )
        def post(self, request: Request, key: str) -> Response:
            """The partnership as it is then."""
            values = checked(body, request) if body is not None else {}
            row = for_act(request, key, act)
            firm = {"enterprise": firm_of(request)} if names_firm else {}
            service(partnership=row, actor=actor_of(request), **firm, **values)
            return Response(page_of(request, key))

    return PartnershipAct.as_view()


def with_terms(service: Callable[..., Any]) -> Callable[..., Any]:
    """A service that takes what was sent as ``terms``."""

    def run(*, partnership: Any, actor: Any, enterprise: Any, **terms: Any) -> Any:
        return service(partnership=partnership, actor=actor, enterprise=enterprise, terms=terms)

    return run


ACTS = {
    Act.ACCEPT: act_view(Act.ACCEPT, accept_interest, shapes.AcceptanceSerializer, names_firm=False),
    Act.DECLINE: act_view(Act.DECLINE, decline_interest, shapes.EndingSerializer, names_firm=False),
    Act.SNOOZE: act_view(Act.SNOOZE, snooze_interest, shapes.SnoozeSerializer, names_firm=False),
    Act.WITHDRAW: act_view(Act.WITHDRAW, withdraw_interest, shapes.RemarkSerializer, names_firm=False),
    Act.END: act_view(Act.END, end_partnership, shapes.EndingSerializer),
    Act.PERSON_AGREED: act_view(Act.PERSON_AGREED, record_person_agreed, shapes.PersonAgreedSerializer),
    Act.QUOTE: act_view(Act.QUOTE, with_terms(make_quote), shapes.QuoteTermsSerializer),
    Act.CONFIRM_QUOTE: act_view(Act.CONFIRM_QUOTE, confirm_quote),
    Act.WITHDRAW_QUOTE: act_view(Act.WITHDRAW_QUOTE, withdraw_quote),
    Act.REFUSE_QUOTE: act_view(Act.REFUSE_QUOTE, refuse_quote, shapes.EndingSerializer),
    **{act: act_view(act, partial(move_sample, act=act), shapes.RemarkSerializer) for act in SAMPLE_ACTS},
    Act.PROPOSE: act_view(Act.PROPOSE, propose_agreement, shapes.ProposalSerializer),
    Act.TAKE_BACK: act_view(Act.TAKE_BACK, take_back_agreement, shapes.RemarkSerializer),
    Act.DELIVER: act_view(Act.DELIVER, deliver, shapes.DeliveryNumberSerializer),
    Act.TAKE_DELIVERY: act_view(Act.TAKE_DELIVERY, accept_delivery, shapes.DeliveryNumberSerializer),
    Act.STATE_OUTCOME: act_view(Act.STATE_OUTCOME, state_outcome, shapes.StatementSerializer),
}
"""The view of every act that a system may do, by the act's name in its address."""
