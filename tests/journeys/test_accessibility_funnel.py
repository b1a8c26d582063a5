"""Axe over the funnel: nothing counted yet, filled, and whole for who runs a park; a definition shows on focus."""

import pytest
from django.core.cache import caches

from reference.models import Region
from tests.factories.accounts import CoordinatorGrantFactory
from tests.factories.parks import ParkAdministratorFactory, ParkFactory
from tests.factories.postings import PostingFactory
from tests.journeys.test_accessibility import findings
from tests.looks import IN_ALL_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FUNNEL = "/coordination/funnel/"


@IN_ALL_LOOKS
def test_axe_finds_nothing_on_the_funnel(live_server, browser_as, prefix, size):
    region = Region.objects.get(code="510104")
    grant = CoordinatorGrantFactory()
    grant.regions.add(region)
    base = f"{live_server.url}{prefix}"
    page = browser_as(grant.user)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert findings(page, base, [FUNNEL]) == {}

    for cache in caches.all():
        cache.clear()
    PostingFactory.create_batch(3, region=region)
    assert findings(page, base, [FUNNEL, f"{FUNNEL}?by=flow", f"{FUNNEL}?month=2026-13"]) == {}

    page.goto(f"{base}{FUNNEL}")
    page.locator("td a[aria-describedby=def-agreed]").first.focus()
    assert page.locator("#def-agreed").evaluate("one => getComputedStyle(one).position") == "fixed"
    assert page.locator("#def-posted").evaluate("one => getComputedStyle(one).position") == "static"

    page = browser_as(ParkAdministratorFactory(park=ParkFactory(regions=[region])).user)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert findings(page, base, [FUNNEL]) == {}
