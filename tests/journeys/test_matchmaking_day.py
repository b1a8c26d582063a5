"""Journey of issue 6: a coordinator opens a matchmaking day, firms say whom they wish to meet, the plan is computed and
published, and a firm takes its schedule into its calendar.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import expect

from matchmaking.days.models import DayMeeting, MatchDay
from matchmaking.days.queries.plans import latest_plan
from matchmaking.days.services.plans import make_plan
from reference.models import Region
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.matchmaking.desk.conftest import coordinator_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
REGIONS = ("510104", "500153", "511000")
NAMES = ("示例隆昌玩具", "示例荣昌电驱", "示例内江压铸")


@pytest.fixture
def people():
    """An owner of each of three firms, from both provinces."""
    firms = [
        EnterpriseFactory(name=name, region=Region.objects.get(code=code))
        for name, code in zip(NAMES, REGIONS, strict=True)
    ]
    return [MembershipFactory(enterprise=firm).user for firm in firms]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_matchmaking_day_from_its_opening_to_a_firms_calendar(at_home, people, language):
    host = at_home(coordinator_of("510000"), language)
    open_the_day(host)
    invite(host)
    guests = [at_home(user, language) for user in people]
    for guest in guests:
        take_part(guest)
    tell_wishes(guests[0], {NAMES[1]: "must", NAMES[2]: "no"})
    tell_wishes(guests[1], {NAMES[0]: "meet"})
    assert "must" not in host.page.content().split("<main")[1].replace("musts", "")

    MatchDay.objects.update(marks_until=timezone.localdate() - timedelta(days=1))
    plan_and_publish(host)
    read_the_schedule(guests[0], NAMES[1], not_with=NAMES[2])
    guests[2].go(f"{guests[2].prefix}/days/{MatchDay.objects.get().key}/")
    expect(guests[2].main()).to_contain_text(guests[2].word("No meeting could be placed for you"))


def open_the_day(host):
    """From the coordinator's own pages to a day."""
    host.go("/coordination/")
    host.follow("Matchmaking days", "main")
    host.follow("Open a matchmaking day", "main")
    day = timezone.localdate() + timedelta(days=14)
    told = {
        "title_zh": "示例川渝对接会",
        "title_en": "Sample matchmaking day",
        "day": day.isoformat(),
        "place": "示例会展中心",
        "begins_at": "09:30",
        "slot_minutes": "20",
        "slots": "4",
        "tables": "2",
        "marks_until": (day - timedelta(days=7)).isoformat(),
    }
    for name, value in told.items():
        host.fill(name, value)
    host.page.locator("main input[name=regions][value='510000']").check()
    with host.page.expect_navigation():
        host.press("Open the day")
    assert MatchDay.objects.get().tables == 2


def invite(host):
    """Found by a part of the name, ticked, invited."""
    host.page.locator("main #s-q").fill("示例")
    with host.page.expect_navigation():
        host.press("Search")
    for name in NAMES:
        host.page.locator("main label.check", has_text=name).locator("input").check()
    with host.page.expect_navigation():
        host.press("Invite the ticked firms")
    expect(host.main()).to_contain_text(NAMES[1])


def take_part(guest):
    """From the notice in the workbench to an answer."""
    guest.go("/me/notices/")
    guest.follow("You are invited to a matchmaking day", "main")
    with guest.page.expect_navigation():
        guest.press("We take part")
    expect(guest.main().locator("#h-answer")).to_have_text(guest.word("You take part"))


def tell_wishes(guest, wishes):
    """One press for each firm."""
    guest.page.reload()
    for name, wish in wishes.items():
        group = guest.page.locator("main fieldset", has=guest.page.locator("legend", has_text=name))
        group.locator(f"input[value={wish}]").check()
    with guest.page.expect_navigation():
        guest.press("Keep these wishes")
    expect(guest.page.locator("main input[value=must]:checked")).to_have_count(list(wishes.values()).count("must"))


def plan_and_publish(host):
    """Asked for, computed by the worker while the page waits, published."""
    host.page.reload()
    with host.page.expect_navigation():
        host.press("Compute the schedule")
    make_plan(key=latest_plan(MatchDay.objects.get()).key)
    publish = host.page.get_by_role("button", name=host.word("Publish the schedule"))
    expect(publish).to_be_visible()
    with host.page.expect_navigation():
        publish.click()
    # Which of the two stands first follows their keys, drawn by chance.
    expect(host.main()).to_contain_text(re.compile(" × ".join(NAMES[:2]) + "|" + " × ".join(NAMES[1::-1])))
    assert DayMeeting.objects.count() == 1


def read_the_schedule(guest, met, not_with):
    """The firm's own page and the file for its calendar."""
    guest.go("/days/")
    guest.page.locator("main .lrows a").first.click()
    schedule = guest.page.locator("section", has=guest.page.locator("#h-schedule"))
    expect(schedule).to_contain_text(met)
    expect(schedule).not_to_contain_text(not_with)
    with guest.page.expect_download() as download:
        guest.page.get_by_role("link", name=guest.word("Calendar file")).click()
    events = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
    assert [met in str(event["SUMMARY"]) for event in events] == [True]
