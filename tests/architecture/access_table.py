"""Every address × method × role: how the table in access.csv is asked of the running code."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

TABLE = Path(__file__).with_name("access.csv")
CATCH_ALL = ("admin:UNNAMED (?P<url>.*)$", "admin:UNNAMED <path:object_id>/")
"""Two patterns of the administration itself that only send on to the named address or to a 404."""
PAGE_METHODS = ("GET", "POST")
API_METHODS = (*PAGE_METHODS, "PUT", "PATCH", "DELETE")
ROLES = (
    "visitor",
    "user",
    "viewer",
    "editor",
    "owner",
    "other_firm",
    "coordinator",
    "park_admin",
    "other_park_admin",
    "platform_admin",
    "client",
    "client_without_scope",
)


ELSEWHERE = ("admin:", "api:")
"""Doors whose addresses are not pages of the site."""


@dataclass(frozen=True)
class Route:
    """A named address with the names of its arguments; ``positional`` ones have none in the pattern."""

    name: str
    arguments: tuple[str, ...]
    positional: bool = False


@dataclass
class World:
    """One firm's things, who asks for them, and a signed-in client for each role."""

    arguments: dict[str, Any]
    clients: dict[str, Client]
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(init=False)
    policies: dict[frozenset[str], set[str]] = field(default_factory=dict)
    """Content policies that were sent, as their directives, with the names of the addresses that sent each."""

    def __post_init__(self) -> None:
        """Remember each session, since an answer may take a cookie away."""
        self.cookies = {
            role: {name: morsel.value for name, morsel in client.cookies.items()}
            for role, client in self.clients.items()
        }

    def values_for(self, route: Route) -> dict[str, Any]:
        """What stands in the address of ``route``; one by the route's name wins over one by the argument's."""
        return {
            argument: self.arguments.get(f"{route.name}:{argument}", self.arguments.get(argument, "1"))
            for argument in route.arguments
        }

    def ask(self, route: Route, method: str, role: str) -> int:
        """The status that ``role`` gets; what the request wrote is rolled back."""
        values, client = self.values_for(route), self.clients[role]
        client.cookies = SimpleCookie(self.cookies[role])
        given = {"args": list(values.values())} if route.positional else {"kwargs": values}
        address = reverse(route.name, **given)
        with transaction.atomic():
            response = client.generic(
                method, address, b"", content_type=content_type(route, method), headers=self.headers.get(role, {})
            )
            transaction.set_rollback(True)
        policy = directives(response.headers.get("Content-Security-Policy", ""))
        self.policies.setdefault(policy, set()).add(route.name)
        return response.status_code


def directives(policy: str) -> frozenset[str]:
    """What a content policy says, in no order."""
    return frozenset(one.strip() for one in policy.split(";"))


def methods_of(route: Route) -> tuple[str, ...]:
    """What is asked of ``route``: browsers send two methods, partner systems five."""
    return API_METHODS if route.name.startswith("api:") else PAGE_METHODS


def method_refused(route: Route) -> dict[str, int]:
    """What a method that is not offered answers: 405, behind the token's 401 at the API."""
    if not route.name.startswith("api:v1:"):
        return dict.fromkeys(ROLES, 405)
    return {role: 405 if role.startswith("client") else 401 for role in ROLES}


def content_type(route: Route, method: str) -> str:
    """Forms for pages, JSON for the API."""
    if route.name.startswith("api:"):
        return "application/json"
    return "application/x-www-form-urlencoded" if method != "GET" else "application/octet-stream"


def routes(resolver: URLResolver | None = None, namespaces: tuple[str, ...] = ()) -> Iterator[Route]:
    """Every address of the site; one without a name is an error of its author."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            name = ":".join([*namespaces, pattern.name or f"UNNAMED {pattern.pattern}"])
            regex = pattern.pattern.regex
            unnamed = regex.groups and not regex.groupindex
            # The history of a row is the one pattern without names: the row, then the version.
            arguments = ("object_id", "version")[: regex.groups] if unnamed else regex.groupindex
            yield Route(name, tuple(arguments), bool(unnamed))
        else:
            yield from routes(pattern, (*namespaces, pattern.namespace) if pattern.namespace else namespaces)


def distinct_routes() -> list[Route]:
    """Each named address once, by name; of several forms of one name the one with the fewest arguments."""
    found: dict[str, Route] = {}
    for route in routes():
        if route.name in CATCH_ALL:
            continue
        if route.name not in found or len(route.arguments) < len(found[route.name].arguments):
            found[route.name] = route
    return [found[name] for name in sorted(found)]


def read_table() -> dict[tuple[str, str], dict[str, int]]:
    """The committed table: (route, method) to the status of each role."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["route"], row["method"]): {role: int(row[role]) for role in ROLES} for row in csv.DictReader(file)}


def write_table(world: World, only_new: bool = False) -> None:
    """Ask everything, or addresses without a row alone, and write the table for its author to read in the diff."""
    known = read_table() if only_new else {}
    names = {name for name, _method in known}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["route", "method", *ROLES])
        for route in distinct_routes():
            for method in methods_of(route):
                if route.name in names:
                    cells = known.get((route.name, method), method_refused(route))
                else:
                    cells = {role: world.ask(route, method, role) for role in ROLES}
                if cells != method_refused(route):
                    writer.writerow([route.name, method, *cells.values()])


def readers_of_pages() -> dict[Route, str]:
    """Who of all looks at each page of the site: the one with most rights in a firm first, whose page shows most."""
    order = ("owner", *(role for role in ROLES if role != "owner"))
    table, found = read_table(), {}
    for route in distinct_routes():
        cells = table.get((route.name, "GET"), {})
        reader = next((role for role in order if cells.get(role) == 200), None)
        if reader and not route.name.startswith(ELSEWHERE):
            found[route] = reader
    return found
