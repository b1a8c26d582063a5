"""Several people at once about one day: each lock is taken, nothing is told twice, nobody is in two places."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from accounts.choices import NoticeKind
from accounts.models import Notice
from matchmaking.days.choices import GuestState, Wish
from matchmaking.days.models import Guest
from matchmaking.days.queries.plans import latest_plan
from matchmaking.days.services.answers import give_up_place
from matchmaking.days.services.plans import mend_plan
from tests.factories.days import gathering
from tests.matchmaking.days.test_wishes import wish

pytestmark = pytest.mark.django_db(transaction=True)


def test_firms_that_leave_while_the_plan_is_mended(host):
    meet = gathering(host, firms=8, slots=3, tables=2)
    for who in range(8):
        wish(meet, who, **{letter: Wish.MEET for place, letter in enumerate("abcd") if place != who})
    meet.published()

    def at_once(act):
        try:
            act()
        finally:
            connection.close()

    leaving = [partial(give_up_place, guest=meet.guests[who], actor=meet.people[who]) for who in (0, 5, 6)]
    acts = [act for leave in leaving for act in (leave, partial(mend_plan, key=meet.day.key))]
    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(at_once, acts))
    mend_plan(key=meet.day.key)

    gone = set(Guest.objects.filter(state=GuestState.LEFT).values_list("pk", flat=True))
    assert gone == {meet.guests[who].pk for who in (0, 5, 6)}
    standing = list(latest_plan(meet.day).meetings.standing())
    assert standing
    places = [(one.slot, firm) for one in standing for firm in (one.first_id, one.second_id)]
    assert len(places) == len(set(places))
    assert not gone & {firm for _slot, firm in places}
    pairs = [frozenset((one.first_id, one.second_id)) for one in standing]
    assert len(pairs) == len(set(pairs))
    assert Notice.objects.filter(reader=host, kind=NoticeKind.DAY_LEFT).count() == 3
    assert mend_plan(key=meet.day.key) == 0
