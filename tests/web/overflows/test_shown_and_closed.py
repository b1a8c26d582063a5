"""What an overflow's page shows is recorded as any suggestion, and all of it is closed by one press."""

import pytest

from matchmaking.matching.models import Suggestion
from matchmaking.postings.choices import Status
from tests.factories.accounts import MembershipFactory
from tests.factories.overflows import offered, overflowing

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    return overflowing()


def test_partners_premises_and_workers_that_are_shown_are_recorded_once(world, signed_in):
    hall = offered("示例安富厂房", "SVC.SPACE.WORKSHOP", 2000, "M2", subject="premises")
    overflow = world.begin()
    client, address = signed_in(world.owner), f"/overflow/{overflow.key}/"
    for _ in range(2):
        client.get(address)
        client.get(address, headers=HTMX)
        client.get(f"{address}premises/", headers=HTMX)
        client.get(f"{address}workers/", headers=HTMX)

    rows = Suggestion.objects.filter(posting=overflow.gap).order_by("position")
    assert {row.counterpart_id for row in rows} == {shop.pk for shop in world.shops}
    assert [row.position for row in rows] == [1, 2, 3]
    assert {(row.shown_count, row.channel, row.viewer) for row in rows} == {(1, "page", world.owner)}
    housed = Suggestion.objects.get(posting=overflow.premises)
    assert (housed.counterpart, housed.shown_count) == (hall, 1)
    assert not Suggestion.objects.filter(posting=overflow.workers).exists()


@pytest.mark.parametrize(("language", "said"), [("", "已关闭"), ("/en", "Closed: 3 needs are closed, 2 requests")])
def test_one_press_closes_all_of_it_and_the_page_says_so(world, signed_in, language, said):
    overflow = world.begin()
    world.plan(overflow, 9000, 4000)
    client, address = signed_in(world.owner), f"{language}/overflow/{overflow.key}/"
    assert f'action="{address}close/"' in client.get(address).content.decode()
    refused = client.post(f"{address}close/", {"reason": ""})
    assert refused.status_code == 422

    page = client.post(f"{address}close/", {"reason": "end.need.withdrawn"}, follow=True).content.decode()

    assert said in page
    assert f'action="{address}close/"' not in page
    overflow.gap.refresh_from_db()
    assert overflow.gap.status == Status.CLOSED


def test_a_viewer_reads_no_button_and_a_stranger_no_page(world, signed_in):
    overflow = world.begin()
    address = f"/overflow/{overflow.key}/"
    viewer = signed_in(MembershipFactory(enterprise=world.firm, viewer=True).user)
    assert "/close/" not in viewer.get(address).content.decode()
    assert viewer.post(f"{address}close/", {"reason": "end.need.withdrawn"}).status_code == 403
    assert signed_in(world.sellers[0]).post(f"{address}close/", {"reason": "end.need.withdrawn"}).status_code == 404
