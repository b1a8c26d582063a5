"""Who may do what: every address × method × role answers as access.csv says, both ways complete."""

import os

import pytest
from csp.utils import build_policy

from tests.architecture.access_table import (
    ROLES,
    directives,
    distinct_routes,
    method_refused,
    methods_of,
    read_table,
    write_table,
)
from tests.architecture.access_world import make_world

pytestmark = pytest.mark.django_db
POLICIES = {directives(build_policy()), directives("default-src 'none'; sandbox")}
"""The content policy of the settings, and the one of files that somebody uploaded, which allows nothing."""


PARTS = 8  # so that several processes share the two minutes that all addresses take


@pytest.fixture
def world(settings, part):
    """Everybody who asks and one firm's things."""
    settings.ACCOUNT_RATE_LIMITS = False
    made = make_world()
    if part == 0 and (wanted := os.environ.get("ACCESS_TABLE")):
        write_table(made, only_new=wanted == "new")
    return made


def test_every_address_has_a_name():
    assert [route.name for route in distinct_routes() if "UNNAMED" in route.name] == []


@pytest.mark.parametrize("part", range(PARTS))
def test_every_cell_answers_as_the_table_says(world, part):
    table, wrong = read_table(), []
    for route in distinct_routes()[part::PARTS]:
        for method in methods_of(route):
            expected = table.get((route.name, method), method_refused(route))
            for role in ROLES:
                status = world.ask(route, method, role)
                if status != expected[role]:
                    wrong.append((route.name, method, role, expected[role], status))
    assert wrong == []
    assert {policy: names for policy, names in world.policies.items() if policy not in POLICIES} == {}


def test_the_table_and_the_addresses_are_the_same_set():
    assert {route for route, _method in read_table()} == {route.name for route in distinct_routes()}


def test_no_cell_of_the_table_is_a_server_error():
    assert [key for key, cells in read_table().items() if max(cells.values()) >= 500] == []
