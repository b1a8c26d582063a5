"""The two doors that each role of the access table stands before: its browser, and the system that acts for it."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.models import Enterprise, Membership, User
from accounts.services.clients import create_client
from tests.api.conftest import EVERYTHING, Partner, token_for
from tests.architecture.access_table import World
from tests.factories.accounts import UserFactory

PUBLIC = ("reference:read", "postings:read", "parks:read", "facts:read")
OF_FIRM = {"viewer": "owner", "editor": "owner", "owner": "owner", "other_firm": "other_firm"}
"""Roles in a firm, and whose firm it is."""
OF_PARKS = ("park_admin", "other_park_admin")
OF_NOBODY = ("visitor", "user")
READS_MORE = ("coordinator", "platform_admin")
"""Roles whose pages show others' business, each look written down; no system has them."""


def user_of(world: World, role: str) -> User:
    """Who stands behind a role's browser."""
    return User.objects.get(pk=world.clients[role].session["_auth_user_id"])


def firm_of(world: World, role: str) -> Enterprise:
    """The firm that a role belongs to."""
    return Membership.objects.get(user=user_of(world, OF_FIRM[role])).enterprise


def system_of(firm: Enterprise) -> str:
    """The token of a system of the firm, made by its owner."""
    owner = Membership.objects.filter(enterprise=firm, role="owner", status="active").first().user
    return Partner(firm, owner, EVERYTHING).token


def token_of(world: World, role: str) -> str:
    """The token of the system that acts for a role; the platform's where it has none of its own."""
    if role in OF_FIRM:
        return system_of(firm_of(world, role))
    actor = user_of(world, role) if role in OF_PARKS else UserFactory(platform_admin=True)
    return token_for(create_client(enterprise=None, name="示例", scopes=PUBLIC, actor=actor))


@dataclass(frozen=True)
class Doors:
    """A role at both doors."""

    role: str
    browser: Client
    token: str

    def page(self, address: str) -> Any:
        """What its browser gets of an address of the English pages."""
        return self.browser.get(f"/en/{address}")

    def door(self, address: str) -> Any:
        """What its system gets of an address of the REST door."""
        return Client().get(f"/api/v1/{address}", headers={"Authorization": f"Bearer {self.token}"})

    def rows(self, address: str) -> list[dict[str, Any]]:
        """All rows of a list of the REST door, page by page."""
        found: list[dict[str, Any]] = []
        wanted = f"/api/v1/{address}"
        while wanted:
            told = Client().get(wanted, headers={"Authorization": f"Bearer {self.token}"})
            assert told.status_code == 200, told.content
            found += told.json()["results"]
            wanted = told.json()["next"]
        return found


def doors_of(world: World, role: str) -> Doors:
    """Both doors of a role."""
    return Doors(role, world.clients[role], token_of(world, role))
