"""Axe over the page of fair exposure: nothing counted yet, and filled, as a coordinator and as the platform."""

import pytest
from django.core.cache import caches

from reference.models import Region
from tests.factories.accounts import CoordinatorGrantFactory, UserFactory
from tests.factories.postings import PostingFactory
from tests.journeys.test_accessibility import findings
from tests.looks import IN_ALL_LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EXPOSURE = "/coordination/exposure/"


@IN_ALL_LOOKS
def test_axe_finds_nothing_on_the_page_of_exposure(live_server, browser_as, prefix, size):
    grant = CoordinatorGrantFactory()
    grant.regions.add(Region.objects.get(code="510104"))
    base = f"{live_server.url}{prefix}"
    page = browser_as(grant.user)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert findings(page, base, [EXPOSURE]) == {}

    for cache in caches.all():
        cache.clear()
    PostingFactory.create_batch(3, region=grant.regions.get())
    assert findings(page, base, [EXPOSURE]) == {}
    assert page.locator("#h-filled").is_visible()

    page = browser_as(UserFactory(platform_admin=True, totp=True))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert findings(page, base, [EXPOSURE, f"{EXPOSURE}?group=small&order=least"]) == {}
