"""Many requests declined at once: one reason for the ticked ones, each firm told; never what others are to answer."""

import pytest
from django.urls import reverse

from accounts.choices import NoticeKind, Role
from accounts.models import Notice
from matchmaking.partnerships.choices import State
from matchmaking.partnerships.models import Partnership, PartnershipEvent
from matchmaking.partnerships.services.interest import accept_interest, declare_interest
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory
from tests.web.partnerships.addresses import address, text

pytestmark = pytest.mark.django_db
REASON = "end.partnership.quantity"


@pytest.fixture
def flood(capacity):
    """Three firms ask for the same capacity."""
    rows = []
    for _ in range(3):
        need = PostingFactory()
        actor = MembershipFactory(enterprise=need.enterprise).user
        rows.append(declare_interest(posting=need, counterpart=capacity, actor=actor))
    return rows


def ours(client):
    """The list of what waits for one's own answer."""
    return text(client.get(reverse("web:partnerships:list"), {"show": "ours"}))


def states(rows):
    """How they stand now, in order."""
    now = Partnership.objects.in_bulk([row.pk for row in rows])
    return [now[row.pk].state for row in rows]


def test_the_ticked_ones_are_declined_for_one_reason_and_each_firm_is_told(flood, seller, signed_in):
    client = signed_in(seller)
    assert ours(client).count('name="chosen"') == 3

    answer = client.post(
        address("decline_many"), {"chosen": [flood[0].key, flood[2].key], "reason": REASON, "note": "示例"}, follow=True
    )

    assert states(flood) == [State.FAILED, State.INTERESTED, State.FAILED]
    assert set(PartnershipEvent.objects.filter(act="decline").values_list("reason", "note")) == {(REASON, "示例")}
    assert Notice.objects.filter(kind=NoticeKind.INTEREST_DECLINED).count() == 2
    assert "2 " in text(answer)
    assert text(answer).count('name="chosen"') == 1


@pytest.mark.parametrize("sent", [{"reason": REASON}, {"chosen": True}, {"chosen": True, "reason": "because"}])
def test_without_a_tick_or_a_reason_nothing_is_declined_and_what_was_ticked_stays(flood, seller, signed_in, sent):
    data = {**sent, "note": "示例备注"} | ({"chosen": [flood[1].key]} if sent.get("chosen") else {})
    answer = signed_in(seller).post(address("decline_many"), data)

    assert (answer.status_code, states(flood)) == (422, [State.INTERESTED] * 3)
    assert text(answer).count(" checked>") == len(data.get("chosen", [])) + (data.get("reason") == REASON)
    assert "示例备注" in text(answer)


def test_one_that_was_answered_meanwhile_is_told_and_keeps_none_of_the_others(flood, seller, signed_in):
    client = signed_in(seller)
    accept_interest(partnership=flood[0], actor=seller)

    client.post(address("decline_many"), {"chosen": [row.key for row in flood], "reason": REASON})
    page = ours(client)

    assert states(flood) == [State.INTRODUCED, State.FAILED, State.FAILED]
    assert page.count("notice-warn") >= 1


def test_requests_of_others_are_neither_declined_nor_told_apart_from_what_is_not_there(flood, signed_in):
    stranger = MembershipFactory().user
    answers = [
        signed_in(stranger).post(address("decline_many"), {"chosen": [key], "reason": REASON})
        for key in (flood[0].key, "NOSUCH0000")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert states(flood) == [State.INTERESTED] * 3


def test_who_may_only_read_gets_no_boxes_and_is_refused(flood, capacity, signed_in):
    client = signed_in(MembershipFactory(enterprise=capacity.enterprise, role=Role.VIEWER).user)

    assert 'name="chosen"' not in ours(client)
    client.post(address("decline_many"), {"chosen": [flood[0].key], "reason": REASON})
    assert states(flood) == [State.INTERESTED] * 3
