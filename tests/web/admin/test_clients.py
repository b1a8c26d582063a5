"""API clients of the platform: made in the administration, the secret shown once, narrow, dated, revocable."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import ApiClient, Change
from accounts.permissions import can_revoke_client
from accounts.services.clients import NewClient, create_client, revoke_client
from tests.api.conftest import token_for
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory, ParkIndicatorFactory

pytestmark = pytest.mark.django_db
ADD = "admin:accounts_apiclient_add"


@pytest.fixture
def platform(signed_in):
    """A platform administrator in a browser."""
    return signed_in(UserFactory(platform_admin=True, totp=True))


@pytest.fixture
def data():
    """What the form is sent with."""
    return {
        "name": "示例平台系统",
        "scopes": ["parks:read", "reference:read"],
        "expires_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }


def test_the_platform_makes_a_client_and_reads_its_secret_once(platform, data):
    made = platform.post(reverse(ADD), data)
    secret = made.context["made"].secret
    client = ApiClient.objects.get()
    page = platform.get(reverse("admin:accounts_apiclient_change", args=[client.pk])).content.decode()

    assert (made.status_code, "no-store" in made.headers["Cache-Control"]) == (200, True)
    assert escape(secret) in made.content.decode()
    assert (client.enterprise, client.expires_on.isoformat(), secret in page) == (None, data["expires_on"], False)
    assert "parks:read, reference:read" in page
    assert Change.objects.filter(verb="created", facts__name=client.name).exists()
    headers = {"Authorization": f"Bearer {token_for(NewClient(client, secret))}"}
    statuses = [Client().get(f"/api/v1/{path}/", headers=headers).status_code for path in ("parks", "postings")]
    assert statuses == [200, 403]


@pytest.mark.parametrize(
    "wrong",
    [{"scopes": []}, {"scopes": ["postings:write"]}, {"expires_on": ""}, {"expires_on": "2020-01-01"}, {"name": ""}],
)
def test_what_does_not_fit_is_told_in_the_form(platform, data, wrong):
    answer = platform.post(reverse(ADD), data | wrong)

    assert (answer.status_code, ApiClient.objects.exists()) == (200, False)
    assert answer.context["adminform"].form.errors


def test_a_client_made_here_is_revoked_here(platform, data):
    secret = platform.post(reverse(ADD), data).context["made"].secret
    client = ApiClient.objects.get()
    token = token_for(NewClient(client, secret))
    asked = {"action": "revoke", "_selected_action": [client.pk], "confirmed": "yes", "note": ""}

    platform.post(reverse("admin:accounts_apiclient_changelist"), asked)

    assert ApiClient.objects.get().revoked_at is not None
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def ask(made: NewClient, path: str):
    return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token_for(made)}"})


@pytest.fixture
def grant():
    """The right to run a park, held by somebody who belongs to no firm."""
    return ParkAdministratorFactory()


def test_who_runs_a_park_makes_a_client_that_reads_the_drafts_of_ones_own_parks_alone(grant, signed_in, data):
    runs = signed_in(grant.user)
    own, foreign = ParkIndicatorFactory(park=grant.park), ParkIndicatorFactory()

    made = runs.post(reverse(ADD), data).context["made"]

    told = {row.park.slug: ask(made, f"parks/{row.park.slug}/").json() for row in (own, foreign)}
    assert [row["is_locked"] for row in told[own.park.slug]["indicators"]] == [False]
    assert told[foreign.park.slug]["indicators"] == []
    assert "2026-07-01" not in told[own.park.slug]["quarters_missing"]
    assert "2026-07-01" in told[foreign.park.slug]["quarters_missing"]
    assert ask(made, "me/").json()["enterprise"] is None


def test_systems_of_the_platform_and_of_firms_read_no_drafts_of_parks(grant):
    ParkIndicatorFactory(park=grant.park)
    member = MembershipFactory(user=grant.user)
    admin = UserFactory(platform_admin=True)
    systems = [
        create_client(enterprise=firm, name="示例", scopes=["parks:read"], actor=actor)
        for firm, actor in ((member.enterprise, grant.user), (None, admin))
    ]

    assert [ask(made, f"parks/{grant.park.slug}/").json()["indicators"] for made in systems] == [[], []]


def test_the_client_ends_with_the_right_to_run_a_park(grant):
    made = create_client(enterprise=None, name="示例", scopes=["parks:read"], actor=grant.user)
    token = token_for(made)
    grant.ends_on = timezone.localdate() - timedelta(days=1)
    grant.save()

    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert can_revoke_client(grant.user, made.client)
    assert revoke_client(client=made.client, actor=grant.user).revoked_at is not None


@pytest.mark.parametrize("scope", ["postings:write", "suggestions:read"])
def test_scopes_of_firms_are_not_for_who_has_none(grant, signed_in, data, scope):
    answer = signed_in(grant.user).post(reverse(ADD), data | {"scopes": [scope]})

    assert (answer.status_code, ApiClient.objects.exists()) == (200, False)


def test_who_runs_a_park_sees_and_ends_ones_own_clients_alone(grant, signed_in, data):
    other, firm = ParkAdministratorFactory().user, MembershipFactory(user=grant.user).enterprise
    mine, foreign, firms = (
        create_client(enterprise=enterprise, name=name, scopes=["parks:read"], actor=actor).client
        for enterprise, name, actor in (
            (None, "示例甲", grant.user),
            (None, "示例乙", other),
            (firm, "示例丙", grant.user),
        )
    )
    runs, places = signed_in(grant.user), ("change", "history")

    listed = list(runs.get(reverse("admin:accounts_apiclient_changelist")).context["cl"].result_list)
    pages = {
        row.name: [runs.get(reverse(f"admin:accounts_apiclient_{name}", args=[row.pk])).status_code for name in places]
        for row in (mine, foreign, firms)
    }
    chosen = {"action": "revoke", "_selected_action": [foreign.pk, firms.pk], "confirmed": "yes", "note": ""}
    runs.post(reverse("admin:accounts_apiclient_changelist"), chosen)

    assert listed == [mine]
    assert pages == {"示例甲": [200, 200], "示例乙": [302, 404], "示例丙": [302, 404]}
    assert not ApiClient.objects.exclude(revoked_at=None).exists()


def test_ones_own_page_of_clients_leads_there_who_belongs_to_no_firm(grant, signed_in):
    answers = [signed_in(user).get(reverse("web:clients:list")) for user in (grant.user, UserFactory())]

    assert answers[0].url == reverse("admin:accounts_apiclient_changelist")
    assert answers[1].url.startswith(reverse("web:accounts:register_enterprise"))


def test_who_coordinates_makes_none(signed_in):
    assert signed_in(CoordinatorGrantFactory().user).get(reverse(ADD)).status_code == 403
