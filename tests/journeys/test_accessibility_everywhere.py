"""Axe over every page that the access table gives to somebody, on a phone and a desk."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.architecture.access_table import Route, readers_of_pages
from tests.architecture.access_world import make_world
from tests.journeys.test_accessibility import findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = {"": (390, 844), "/en": (1280, 900)}
"""Chinese on a phone, English on a desk."""
READERS = readers_of_pages()
"""Pages of the administration are looked at by ``test_accessibility_admin.py``; the REST door has but one, which stands
there too.
"""


PARTS = 4
"""So that several processes share the pages; each part makes the world anew."""
SHORT, LONG = "each page in one look", "each page in both looks"


def address_of(world: Any, route: Route) -> str:
    """Where the page of ``route`` stands in the Chinese pages."""
    return reverse(route.name, kwargs=world.values_for(route))


def is_page(client: Client, address: str) -> bool:
    """Whether it is a whole page of HTML: no part of one, and no file to keep."""
    answer = client.get(address)
    is_html = answer.headers["Content-Type"].startswith("text/html") and "Content-Disposition" not in answer.headers
    return is_html and b"<html" in answer.content


def pages_of(world: Any, part: int) -> list[tuple[str, str]]:
    """Every ``PARTS``th page: role of the reader and address."""
    routes = list(READERS.items())[part::PARTS]
    found = [(role, address_of(world, route)) for route, role in routes]
    return [(role, address) for role, address in found if is_page(world.clients[role], address)]


@pytest.mark.parametrize("form", [SHORT, pytest.param(LONG, marks=pytest.mark.long)])
@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_on_any_page(part, form, live_server, browser):
    world, found = make_world(), {}
    pages = pages_of(world, part)
    for place, (role, address) in enumerate(pages):
        for look, (prefix, (width, height)) in enumerate(LOOKS.items()):
            if form == SHORT and (place + look) % len(LOOKS):
                continue
            context = browser.new_context(viewport={"width": width, "height": height})
            cookie = world.cookies[role].get(settings.SESSION_COOKIE_NAME)
            if cookie:
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
            found |= findings(context.new_page(), f"{live_server.url}{prefix}", [address])
            context.close()
    assert found == {}
    assert pages
