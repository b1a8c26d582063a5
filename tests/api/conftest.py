"""Partner systems with their tokens, and how they ask."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.choices import ApiScope
from accounts.models import Enterprise, User
from accounts.services import quotas
from accounts.services.clients import NewClient, create_client
from matchmaking.matching.services.snapshots import build_snapshot
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

EVERYTHING = tuple(ApiScope.values)


@pytest.fixture(autouse=True)
def _one_long_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute of the quota does not end within a test: a new one asks three queries more, whoever counts them."""
    monkeypatch.setattr(quotas, "MINUTE", 24 * 3600)


def token_for(system: NewClient, scope: str = "") -> str:
    """A token got as a partner gets it, for all scopes of the system or those named."""
    secret = base64.b64encode(f"{system.client.client_id}:{system.secret}".encode()).decode()
    answer = Client().post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {}),
        headers={"Authorization": f"Basic {secret}"},
    )
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]


class Partner:
    """A partner system that acts for an enterprise."""

    def __init__(self, enterprise: Enterprise, owner: User, scopes: tuple[str, ...] = EVERYTHING) -> None:
        self.enterprise, self.owner = enterprise, owner
        self.system = create_client(enterprise=enterprise, name="示例系统", scopes=scopes, actor=owner)
        self.token = token_for(self.system)

    def ask(self, path: str, method: str = "GET", data: Any = None, **headers: str) -> Any:
        """The answer to a request with the system's token."""
        return Client().generic(
            method,
            path if path.startswith("/") else f"/api/v1/{path}",
            b"" if data is None else json.dumps(data).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )


@pytest.fixture
def make_partner() -> Callable[..., Partner]:
    """Makes a partner system for an enterprise of its own, or for the one given."""

    def make(enterprise: Enterprise | None = None, scopes: tuple[str, ...] = EVERYTHING) -> Partner:
        member = MembershipFactory(enterprise=enterprise) if enterprise else MembershipFactory()
        return Partner(member.enterprise, member.user, scopes)

    return make


@pytest.fixture
def partner(db: None, make_partner: Callable[..., Partner]) -> Partner:
    """A partner system with all scopes."""
    return make_partner()


@pytest.fixture
def market(partner: Partner) -> dict[str, Any]:
    """A need of the partner's firm, a capacity that fits it, and another firm's need."""
    need = PostingFactory(enterprise=partner.enterprise)
    capacity = PostingFactory(capacity=True)
    foreign = PostingFactory()
    build_snapshot()
    return {"need": need, "capacity": capacity, "foreign": foreign}
