"""No bad value in any form, and no body of any size at any address, is answered with an error of ours."""

from http.cookies import SimpleCookie
from itertools import islice
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.urls import Resolver404, resolve, reverse

from tests.architecture.access_table import distinct_routes, methods_of, read_table
from tests.architecture.access_world import make_world
from tests.architecture.bad_input import QUOTED, SCRIPT, Forms

pytestmark = pytest.mark.django_db
ECHOED = (SCRIPT, QUOTED, "<svg onload")
SITE = ("owner", "visitor", "user", "other_firm", "editor", "viewer", "coordinator")
ADMINISTRATION = ("platform_admin", "park_admin", "other_park_admin")
DOORS = {"site": (SITE, 90), "administration": (ADMINISTRATION, 95)}
"""Who is asked, and how many forms there are at least."""
SHORT = 8
"""Of the ways in which a form is filled wrongly the short form takes one in so many, other ones at the next form."""
LARGE = b"a=" + b"b" * 10_000_000
LARGE_JSON = b'{"title": "' + b"b" * 10_000_000 + b'"}'


@pytest.fixture
def world(settings):
    """Everybody who asks and one firm's things; nobody is told to come back later."""
    settings.ACCOUNT_RATE_LIMITS = False
    return make_world()


def forms_of(world, roles):
    """The forms that ``roles`` are shown, each once by its view and the names of its fields, with who sees it first."""
    table, found = read_table(), {}
    for role, route in ((role, route) for role in roles for route in distinct_routes()):
        if route.name.startswith("api:") or table.get((route.name, "GET"), {}).get(role) != 200:
            continue
        values, client = world.values_for(route), world.clients[role]
        page = reverse(route.name, **({"args": list(values.values())} if route.positional else {"kwargs": values}))
        client.cookies = SimpleCookie(world.cookies[role])
        with transaction.atomic():
            answer = client.get(page)
            transaction.set_rollback(True)
        if answer.headers["Content-Type"].startswith("text/html"):
            for form in Forms(answer.content.decode()).found:
                address = urljoin(page, form.action)
                found.setdefault((view_of(address), *sorted(form.fields)), (role, address, form))
    return list(found.values())


def view_of(address):
    """The name of the address that a form is sent to."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return address


def answers(world, role, address, form, ways):
    """What is wrong with what was sent, and the answer; with a script in it, the page that one is led to as well."""
    client = world.clients[role]
    for wrong, sent in ways:
        client.cookies = SimpleCookie(world.cookies[role])
        with transaction.atomic():
            answer = client.post(address, sent)
            yield wrong, answer
            if answer.status_code in (302, 303) and wrong.startswith(("script", "quoted")):
                yield f"{wrong}, next page", client.get(answer.url)
            transaction.set_rollback(True)


def faults(world, forms, every):
    """What failed or echoed a script; of each form one way in ``every``, the next form the next ones."""
    failed = []
    for place, (role, address, form) in enumerate(forms):
        for wrong, answer in answers(world, role, address, form, islice(form.ways(), place % every, None, every)):
            if answer.status_code >= 500:
                failed.append((role, address, wrong, answer.status_code))
            elif not answer.streaming and any(one.encode() in answer.content for one in ECHOED):
                failed.append((role, address, wrong, "script"))
    return failed


@pytest.mark.parametrize("every", [SHORT, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("door", DOORS)
def test_no_form_fails_at_a_bad_value_or_echoes_a_script(world, door, every):
    roles, least = DOORS[door]
    forms = forms_of(world, roles)
    assert faults(world, forms, every) == []
    assert len(forms) >= least


@pytest.mark.parametrize("role", ["visitor", "park_admin"])
def test_a_body_of_ten_megabytes_is_refused_at_every_address(world, role):
    table, wrong = read_table(), []
    client = world.clients[role]
    for route in distinct_routes():
        refusal = table.get((route.name, "POST"), {}).get(role)
        if refusal is None or "POST" not in methods_of(route):
            continue
        values = world.values_for(route)
        address = reverse(route.name, **({"args": list(values.values())} if route.positional else {"kwargs": values}))
        is_json = route.name.startswith("api:")
        body, kind = (LARGE_JSON, "application/json") if is_json else (LARGE, "application/x-www-form-urlencoded")
        client.cookies = SimpleCookie(world.cookies[role])
        with transaction.atomic():
            status = client.generic("POST", address, body, content_type=kind).status_code
            transaction.set_rollback(True)
        if status != 413 and not (is_json and status == refusal >= 400):
            wrong.append((route.name, status))
    assert wrong == []
