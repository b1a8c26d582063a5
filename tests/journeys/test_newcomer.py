"""D11: a newcomer starts the product from a clone and finds it alive, the same at the second start."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Change
from config.demo.people import demo_sign_ins
from config.management.commands.up import DEMO_STEP, STEPS
from matchmaking.matching.services.snapshots import snapshot_state
from matchmaking.postings.models import Posting
from tests.conftest import LOGIN_BACKEND

pytestmark = pytest.mark.django_db

DATA_STEPS = [name for name in STEPS if name in ("load_all", DEMO_STEP, "build_snapshot")]


def start():
    """The steps of ``up`` that put data in place."""
    for name in DATA_STEPS:
        call_command(name, stdout=StringIO())


def sign_in(line):
    client = Client()
    page = client.post("/accounts/login/", {"login": line.address, "password": line.password})
    return client, page


def test_d11_the_second_start_changes_nothing():
    start()
    before = (Posting.objects.count(), Change.objects.count(), snapshot_state())
    start()
    assert (Posting.objects.count(), Change.objects.count(), snapshot_state()) == before
    assert before[2]["postings"] == Posting.objects.live().count() > 200


def test_d11_the_sign_ins_that_are_printed_open_the_site_in_both_languages():
    start()
    said = StringIO()
    call_command("demo_sign_ins", stdout=said)
    people = [line for line in demo_sign_ins() if "@" in line.address]
    assert [line.address for line in people if line.address not in said.getvalue()] == []
    for line in people:
        client, answer = sign_in(line)
        assert answer.status_code == 302, line.address
    buyer, _ = sign_in(people[0])
    for prefix, word in (("", "压铸电机壳"), ("/en", "压铸电机壳")):
        page = buyer.get(f"{prefix}/capacities/?q=%E5%8E%8B%E9%93%B8%E7%94%B5%E6%9C%BA%E5%A3%B3")
        assert page.status_code == 200
        assert page.content.decode().count(word) >= 3


def test_d11_staff_are_asked_for_the_second_factor_that_the_command_tells():
    start()
    line = next(line for line in demo_sign_ins() if line.address == "park@example.com")
    client, answer = sign_in(line)
    assert "2fa" in answer["Location"]
    code = StringIO()
    call_command("demo_code", line.address, stdout=code)
    client.post(answer["Location"], {"code": code.getvalue().strip()})
    assert client.get("/manage/").status_code == 200


def test_d11_the_partner_reads_the_same_suggestions_as_the_page():
    start()
    system = next(line for line in demo_sign_ins() if "@" not in line.address)
    program = Client()
    token = program.post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials", "client_id": system.address, "client_secret": system.password},
    ).json()["access_token"]
    need = Posting.objects.get(external_key="demo-rc-edrive-n1")
    answer = program.get(
        f"/api/v1/postings/{need.number}/suggestions/", headers={"authorization": f"Bearer {token}"}
    ).json()
    buyer = Client()
    buyer.force_login(need.enterprise.memberships.get(role="owner").user, backend=LOGIN_BACKEND)
    page = buyer.get(f"/needs/{need.number}/matches/").content.decode()
    numbers = [match["posting"]["number"] for match in answer["matches"]]
    assert len(numbers) == 3
    assert [number for number in numbers if f"match-{number}" not in page] == []
