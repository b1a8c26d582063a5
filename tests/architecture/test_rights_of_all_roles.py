"""Each role of the access table beside the system that acts for it: both open the same, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Enterprise, Membership, User
from accounts.services.clients import create_client
from common.errors import Refused
from tests.api.conftest import EVERYTHING, Partner, token_for
from tests.architecture.access_table import ROLES
from tests.architecture.access_world import make_world
from tests.factories.accounts import EnterpriseFactory, UserFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
STATES = ("draft", "in_review", "published", "paused", "closed", "expired")
PUBLIC = ("reference:read", "postings:read", "parks:read", "facts:read")
OF_FIRM = {"viewer": 0, "editor": 0, "owner": 0, "other_firm": 1}
OF_NOBODY = ("visitor", "user", "park_admin", "other_park_admin")
READS_MORE = ("coordinator", "platform_admin")
"""Roles whose pages show others' business, each look written down; no system has them."""


@pytest.fixture
def world():
    """The access world with a posting of each state and direction for both firms, one of each hidden from the other."""
    made = make_world()
    firms = [Membership.objects.get(user=user_of(made, role)).enterprise for role in ("owner", "other_firm")]
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


def user_of(world, role: str) -> User:
    """Who stands behind a role's browser."""
    return User.objects.get(pk=world.clients[role].session["_auth_user_id"])


def opened_pages(client: Client, rows) -> set[str]:
    """Numbers of the postings whose page opens."""
    pages = {row.number: reverse(f"web:postings:{row.direction}", args=[row.number]) for row in rows}
    return {number for number, page in pages.items() if client.get(page).status_code == 200}


def opened_rows(token: str, rows) -> set[str]:
    """Numbers of the postings that a system opens."""
    headers = {"Authorization": f"Bearer {token}"}
    door = {row.number: reverse("api:v1:posting", args=[row.number]) for row in rows}
    return {number for number, address in door.items() if Client().get(address, headers=headers).status_code == 200}


def system_of(firm: Enterprise) -> str:
    """The token of a system of the firm, made by its owner."""
    owner = Membership.objects.filter(enterprise=firm, role="owner", status="active").first().user
    return Partner(firm, owner, EVERYTHING).token


def test_every_role_of_the_access_table_is_asked_below():
    systems = {"client", "client_without_scope"}

    assert {*OF_FIRM, *OF_NOBODY, *READS_MORE} | systems == set(ROLES)


@pytest.mark.parametrize("role", sorted(OF_FIRM))
def test_a_system_opens_what_each_member_of_its_firm_opens(world, role):
    token = system_of(world.firms[OF_FIRM[role]])

    on_pages = opened_pages(world.clients[role], world.rows)

    assert opened_rows(token, world.rows) == on_pages
    assert len(on_pages) > len(STATES) * 2


@pytest.mark.parametrize("role", OF_NOBODY)
def test_a_system_of_the_platform_opens_what_those_without_a_firm_open(world, role):
    made = create_client(enterprise=None, name="示例", scopes=PUBLIC, actor=UserFactory(platform_admin=True))

    on_pages = opened_pages(world.clients[role], world.rows)

    told = opened_rows(token_for(made), world.rows)
    assert told <= on_pages
    assert on_pages - told <= {row.number for row in world.rows if role.endswith("park_admin")}
    assert len(told) >= 6


@pytest.mark.parametrize("role", ["user", "viewer", "editor", "coordinator", "park_admin", "other_park_admin"])
def test_who_owns_no_firm_makes_no_system(world, role):
    for firm in (*world.firms, None):
        with pytest.raises(Refused):
            create_client(enterprise=firm, name="示例", scopes=PUBLIC, actor=user_of(world, role))


@pytest.mark.parametrize("role", sorted(OF_FIRM))
def test_suggestions_open_for_a_system_where_their_page_opens_for_a_member(world, role):
    firm = world.firms[OF_FIRM[role]]
    headers = {"Authorization": f"Bearer {system_of(firm)}"}
    pages, doors = {}, {}
    for row in world.rows:
        kind = "matches" if row.is_need else "capacity_matches"
        page = world.clients[role].get(reverse(f"web:matching:{kind}", args=[row.number]))
        door = Client().get(reverse("api:v1:suggestions", args=[row.number]), headers=headers)
        pages[row.number], doors[row.number] = page.status_code == 200, door.status_code == 200

    assert doors == pages
    assert sum(doors.values()) >= 2
