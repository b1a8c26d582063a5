"""Each role of the access table beside the system that acts for it: both open the same, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services.clients import create_client
from common.errors import Refused
from tests.architecture.access_table import ROLES
from tests.architecture.access_world import make_world
from tests.architecture.doors import (
    OF_FIRM,
    OF_NOBODY,
    OF_PARKS,
    PUBLIC,
    READS_MORE,
    firm_of,
    token_of,
    user_of,
)
from tests.factories.accounts import EnterpriseFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
STATES = ("draft", "in_review", "published", "paused", "closed", "expired")


@pytest.fixture
def world():
    """The access world with a posting of each state and direction for both firms, one of each hidden from the other."""
    made = make_world()
    firms = [firm_of(made, role) for role in ("owner", "other_firm")]
    rows = []
    for firm, other in (firms, firms[::-1]):
        for state in STATES:
            for is_capacity in (False, True):
                traits = {} if state == "published" else {state: True}
                rows.append(PostingFactory(enterprise=firm, capacity=is_capacity, **traits))
        hidden = PostingFactory(enterprise=firm)
        hidden.hidden_from.add(other)
        rows.append(hidden)
    rows.append(PostingFactory(enterprise=EnterpriseFactory(suspended=True)))
    made.firms, made.rows = firms, rows
    return made


def opened_pages(client: Client, rows) -> set[str]:
    """Numbers of the postings whose page opens."""
    pages = {row.number: reverse(f"web:postings:{row.direction}", args=[row.number]) for row in rows}
    return {number for number, page in pages.items() if client.get(page).status_code == 200}


def opened_rows(token: str, rows) -> set[str]:
    """Numbers of the postings that a system opens."""
    headers = {"Authorization": f"Bearer {token}"}
    door = {row.number: reverse("api:v1:posting", args=[row.number]) for row in rows}
    return {number for number, address in door.items() if Client().get(address, headers=headers).status_code == 200}


def test_every_role_of_the_access_table_is_asked_below():
    systems = {"client", "client_without_scope"}

    assert {*OF_FIRM, *OF_NOBODY, *OF_PARKS, *READS_MORE} | systems == set(ROLES)


@pytest.mark.parametrize("role", sorted(OF_FIRM))
def test_a_system_opens_what_each_member_of_its_firm_opens(world, role):
    on_pages = opened_pages(world.clients[role], world.rows)

    assert opened_rows(token_of(world, role), world.rows) == on_pages
    assert len(on_pages) > len(STATES) * 2


@pytest.mark.parametrize("role", [*OF_NOBODY, *OF_PARKS])
def test_a_system_that_acts_for_no_firm_opens_what_those_without_one_open(world, role):
    """But for what waits for a decision in a park's regions: that is the moderator's page alone."""
    on_pages, told = opened_pages(world.clients[role], world.rows), opened_rows(token_of(world, role), world.rows)

    waiting = {row.number for row in world.rows if role in OF_PARKS and row.status == "in_review"}
    assert (told <= on_pages, on_pages - told <= waiting) == (True, True)
    assert len(told) >= 6


@pytest.mark.parametrize("role", ["user", "viewer", "editor", "coordinator", *OF_PARKS])
def test_who_owns_no_firm_makes_no_system_for_one_and_without_an_office_none_at_all(world, role):
    for firm in (*world.firms, *(() if role in OF_PARKS else (None,))):
        with pytest.raises(Refused):
            create_client(enterprise=firm, name="示例", scopes=PUBLIC, actor=user_of(world, role))


@pytest.mark.parametrize("role", sorted(OF_FIRM))
def test_suggestions_open_for_a_system_where_their_page_opens_for_a_member(world, role):
    headers = {"Authorization": f"Bearer {token_of(world, role)}"}
    pages, doors = {}, {}
    for row in world.rows:
        kind = "matches" if row.is_need else "capacity_matches"
        page = world.clients[role].get(reverse(f"web:matching:{kind}", args=[row.number]))
        door = Client().get(reverse("api:v1:suggestions", args=[row.number]), headers=headers)
        pages[row.number], doors[row.number] = page.status_code == 200, door.status_code == 200

    assert doors == pages
    assert sum(doors.values()) >= 2
