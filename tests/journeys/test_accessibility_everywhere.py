"""Axe over every page that the access table gives to somebody, area by area; on a phone and a desk."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.architecture.access_table import ROLES, Route, distinct_routes, read_table
from tests.architecture.access_world import make_world
from tests.journeys.test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = {"": (390, 844), "/en": (1280, 900)}
"""Chinese on a phone, English on a desk."""
ELSEWHERE = ("admin:", "api:")
"""Looked at by ``test_accessibility_admin.py``; the REST door has no pages but the one that stands there too."""


def readers() -> dict[Route, str]:
    """Who of all looks at each address: the one with most rights in a firm first, since that page shows most."""
    order = ("owner", *(role for role in ROLES if role != "owner"))
    table, found = read_table(), {}
    for route in distinct_routes():
        cells = table.get((route.name, "GET"), {})
        reader = next((role for role in order if cells.get(role) == 200), None)
        if reader and not route.name.startswith(ELSEWHERE):
            found[route] = reader
    return found


def area_of(route: Route) -> str:
    """Pages of one area are looked at in one test: web:talks:page → web:talks, account_login → account."""
    return route.name.rpartition(":")[0] or route.name.partition("_")[0]


READERS = readers()
AREAS = ("account", "mfa", "web:clients")
"""Areas whose every page is looked at here; other areas stand in the tests beside this one, some pages in none yet."""


def address_of(world: Any, route: Route) -> str:
    """Where the page of ``route`` stands in the Chinese pages."""
    return reverse(route.name, kwargs=world.values_for(route))


def is_page(client: Client, address: str) -> bool:
    """Whether it is HTML, and no file to keep."""
    answer = client.get(address)
    return answer.headers["Content-Type"].startswith("text/html") and "Content-Disposition" not in answer.headers


@pytest.mark.parametrize("area", AREAS)
def test_axe_finds_nothing_on_any_page_of(area, live_server, browser):
    world, found, seen = make_world(), {}, 0
    for route, role in READERS.items():
        if area_of(route) != area or not is_page(world.clients[role], address_of(world, route)):
            continue
        for prefix, (width, height) in LOOKS.items():
            context = browser.new_context(viewport={"width": width, "height": height})
            cookie = world.cookies[role].get(settings.SESSION_COOKIE_NAME)
            if cookie:
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
            found |= findings(context.new_page(), f"{live_server.url}{prefix}", [address_of(world, route)])
            context.close()
            seen += 1
    assert found == {}
    assert seen
