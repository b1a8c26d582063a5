"""Axe over the pages of matchmaking days: lists empty and filled, forms, a day being prepared, planned, over."""

import pytest

from matchmaking.days.choices import Wish
from matchmaking.days.models import DayMeeting
from matchmaking.days.services.held import note_meetings
from tests.journeys.test_accessibility import findings
from tests.looks import IN_ALL_LOOKS
from tests.matchmaking.days.conftest import host, meet
from tests.matchmaking.days.test_wishes import wish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["host", "meet"]


@IN_ALL_LOOKS
def test_axe_finds_nothing_on_pages_of_matchmaking_days(live_server, browser_as, host, meet, prefix, size):
    base = f"{live_server.url}{prefix}"
    coordinated, own = f"/coordination/days/{meet.day.key}/", f"/days/{meet.day.key}/"

    def looked_at(user, addresses):
        page = browser_as(user)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert findings(page, base, addresses) == {}

    looked_at(host, ["/coordination/days/", "/coordination/days/new/", f"{coordinated}change/"])
    looked_at(host, [coordinated, f"{coordinated}?province=51", f"{coordinated}?q=zzz"])
    looked_at(meet.people[0], ["/days/", own])
    wish(meet, 0, b=Wish.MUST, c=Wish.MEET)
    meet.published()
    looked_at(meet.people[0], ["/days/", own])
    looked_at(meet.people[3], [own])
    looked_at(host, [coordinated])
    meet.begin()
    met = DayMeeting.objects.first()
    note_meetings(day=meet.day, actor=host, held={met.key: True})
    looked_at(host, [coordinated, f"{coordinated}meetings/{met.key}/pair/"])
