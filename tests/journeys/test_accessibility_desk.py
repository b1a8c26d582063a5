"""Axe over the pages of the desk: lists empty and filled, a case, a meeting, a suggested pair, each form."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matchmaking.desk.services.cases import open_case
from matchmaking.desk.services.meetings import call_meeting
from matchmaking.desk.services.pairs import suggest_pair
from tests.factories.postings import PostingFactory
from tests.journeys.test_accessibility import findings
from tests.looks import IN_ALL_LOOKS
from tests.matchmaking.desk.conftest import border

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["border"]
LISTS = ["/coordination/cases/", "/coordination/pairs/", "/coordination/meetings/"]


@IN_ALL_LOOKS
def test_axe_finds_nothing_on_pages_of_the_desk(live_server, browser_as, border, prefix, size):
    page = browser_as(border.near)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    base, row = f"{live_server.url}{prefix}", border.partnership
    asking = [f"/coordination/partnerships/{row.key}/{what}/" for what in ("case", "meeting")]
    asking += [f"/coordination/postings/{row.need.number}/{what}/" for what in ("case", "pair")]
    assert findings(page, base, [*LISTS, *asking]) == {}

    day, near = timezone.localdate() + timedelta(days=2), border.near
    case = open_case(thing=row, actor=near, subject="示例受阻", department="示例经信局", due_on=day)
    times = [timezone.now() + timedelta(days=days) for days in (1, 2)]
    meeting = call_meeting(partnership=row, actor=near, topic="示例", place="示例厅", minutes=60, times=times)
    need = PostingFactory(region=row.need.region, enterprise=row.need.enterprise)
    pair = suggest_pair(need=need, capacity=PostingFactory(capacity=True), actor=near, reason="示例：同一材料")
    one = [f"/coordination/cases/{case.key}/", f"/meetings/{meeting.key}/"]
    assert findings(page, base, [*LISTS, *one]) == {}

    page = browser_as(border.buyer)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert findings(page, base, ["/meetings/", f"/meetings/{meeting.key}/", f"/suggested/{pair.key}/"]) == {}
