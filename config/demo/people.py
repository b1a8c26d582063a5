"""People who sign in to the demo: made once, with passwords that are written down, never changed afterwards."""

import time
from collections.abc import Mapping
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import make_password

from accounts.choices import ApiScope, Verb
from accounts.models import ApiClient, CoordinatorGrant, Enterprise, Membership, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.clients import create_client
from config.demo.rows import Book, Told, demo_object, demo_rows
from matchmaking.parks.models import Park
from matchmaking.parks.services.granting import grant_park

PASSWORD = "sample-sign-in-2026"
"""Of every demo person; the demo is refused behind TLS because it is public."""
CLIENT_SECRET = "sample-secret-2026"
MEMBER, COORDINATOR, PARK, PLATFORM = "member", "coordinator", "park", "platform"
STAFF = (PARK, PLATFORM)
WITH_SECOND_FACTOR = (COORDINATOR, *STAFF)


class SignIn(NamedTuple):
    """One line of what a newcomer is told."""

    role: str
    address: str
    password: str
    note: str


def demo_sign_ins() -> list[SignIn]:
    """Who can sign in, and the partner system; empty while the demo is not loaded."""
    told = [one for one in demo_rows("people") if one["role"]]
    there = set(User.objects.filter(email__in=[one["email"] for one in told]).values_list("email", flat=True))
    lines = [SignIn(one["role"], one["email"], PASSWORD, one["note"]) for one in told if one["email"] in there]
    client = demo_object("story")["client"]
    if ApiClient.objects.filter(client_id=client["id"], revoked_at=None).exists():
        lines.append(SignIn(client["role"], client["id"], CLIENT_SECRET, client["note"]))
    return lines


@unit_of_work
def load_people(*, firms: Mapping[str, Enterprise], book: Book) -> tuple[dict[str, User], set[str]]:
    """All demo people by key, and the keys of those who were new. Nobody who is there already is changed in any way."""
    told = demo_rows("people")
    known = {user.email: user for user in User.objects.filter(email__in=[one["email"] for one in told])}
    new = [one for one in told if one["email"] not in known]
    hashed = make_password(PASSWORD) if new else ""
    people = {one["key"]: known.get(one["email"]) or _person(one, hashed) for one in told}
    for one in new:
        user = people[one["key"]]
        if one["office"] == MEMBER:
            Membership.objects.create(enterprise=firms[one["firm"]], user=user, role=one["member_role"])
        if one["office"] in WITH_SECOND_FACTOR:
            TOTP.activate(user, generate_totp_secret())
        record_change(thing=user, verb=Verb.CREATED, actor=None)
    for one in new:
        _give_office(one, people, book)
    return people, {one["key"] for one in new}


def _person(told: Told, hashed: str) -> User:
    user = User(
        email=told["email"],
        name=told["name"],
        language=told["language"],
        is_staff=told["office"] in STAFF,
        is_superuser=told["office"] == PLATFORM,
        password=hashed if told["role"] else make_password(None),
    )
    user.full_clean()
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def _give_office(told: Told, people: Mapping[str, User], book: Book) -> None:
    platform = next(people[one["key"]] for one in demo_rows("people") if one["office"] == PLATFORM)
    if told["office"] == COORDINATOR:
        grant = CoordinatorGrant.objects.create(user=people[told["key"]], granted_by=platform)
        grant.regions.set(book.regions[code] for code in told["regions"])
    if told["office"] == PARK:
        grant_park(park=Park.objects.get(slug=told["park"]), user=people[told["key"]], actor=platform)


@unit_of_work
def load_client(*, firms: Mapping[str, Enterprise], people: Mapping[str, User]) -> ApiClient:
    """The partner system of the demo, with an identity and a secret that are written down."""
    told = demo_object("story")["client"]
    made = create_client(
        enterprise=firms[told["firm"]], name=told["name"], scopes=ApiScope.values, actor=people[told["owner"]]
    ).client
    drawn = made.client_id
    Client.objects.filter(pk=drawn).update(id=told["id"])
    client = Client.objects.get(pk=told["id"])
    client.set_secret(CLIENT_SECRET)
    client.save(update_fields=["secret"])
    made.client_id = told["id"]
    made.save(update_fields=["client_id"])
    return made


def current_code(address: str) -> str | None:
    """The six digits that an authenticator app of this demo person shows now; None for anybody else."""
    if address not in {one["email"] for one in demo_rows("people") if one["office"] in WITH_SECOND_FACTOR}:
        return None
    factor = Authenticator.objects.filter(user__email=address, type=Authenticator.Type.TOTP).first()
    if factor is None:
        return None
    secret = get_adapter().decrypt(factor.data["secret"])
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD)))
