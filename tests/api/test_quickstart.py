"""The quick start runs by copy and paste: its shell blocks are executed against a live server."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from accounts.services.clients import create_client
from matchmaking.matching.services.snapshots import build_snapshot
from reference.models import ChainNode, Region, Unit
from tests.api.conftest import EVERYTHING
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(settings.BASE_DIR) / "docs" / "api" / "quickstart.md"
DEALS = PAGE.with_name("deals.md")
STAND_IN = """#!{python}
import base64, sys, urllib.request
words, headers, data, parts, method, address = sys.argv[1:], {{}}, [], [], None, ""
while words:
    word = words.pop(0)
    if word == "-u":
        headers["Authorization"] = "Basic " + base64.b64encode(words.pop(0).encode()).decode()
    elif word == "-H":
        name, _, value = words.pop(0).partition(": ")
        headers[name] = value
    elif word == "-d":
        data.append(words.pop(0))
    elif word == "-F":
        name, _, value = words.pop(0).partition("=")
        is_file = value.startswith("@")
        content = open(value[1:], "rb").read() if is_file else value.encode()
        head = f'--part\\r\\nContent-Disposition: form-data; name="{{name}}"' + ('; filename="f"' if is_file else "")
        parts.append(head.encode() + b"\\r\\n\\r\\n" + content + b"\\r\\n")
    elif word == "-X":
        method = words.pop(0)
    elif not word.startswith("-"):
        address = word
body = "&".join(data).encode() if data else None
if parts:
    body = b"".join(parts) + b"--part--\\r\\n"
    headers["Content-Type"] = "multipart/form-data; boundary=part"
asked = urllib.request.Request(address, body, headers, method=method)
sys.stdout.buffer.write(urllib.request.urlopen(asked).read() + b"\\n")
"""
"""Does what the page asks of curl, for machines that have none."""
COMMANDS = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.fixture
def path_with_curl(tmp_path):
    """The search path, with a stand-in for curl where the machine has none."""
    path = os.environ["PATH"]
    if shutil.which("curl"):
        return path
    (tmp_path / "curl").write_text(STAND_IN.format(python=sys.executable), encoding="utf-8")
    (tmp_path / "curl").chmod(0o755)
    return f"{tmp_path}{os.pathsep}{path}"


@pytest.fixture
def surroundings(live_server, path_with_curl):
    """The three variables of the first step, for a partner system of an owner."""
    owner = MembershipFactory()
    made = create_client(enterprise=owner.enterprise, name="示例系统", scopes=EVERYTHING, actor=owner.user)
    return {
        **os.environ,
        "CLIENT_ID": made.client.client_id,
        "CLIENT_SECRET": made.secret,
        "SITE": live_server.url,
        "PATH": path_with_curl,
        "no_proxy": "*",
    }


def castings():
    """A capacity that answers what the page asks for."""
    node, region = ChainNode.objects.get(code="AUTO.BODY.CAST"), Region.objects.get(code="500151")
    return PostingFactory(
        capacity=True, title="示例压铸件", node=node, region=region, unit=Unit.objects.get(code="PCS")
    )


def run(command, surroundings):
    """What a command prints; it must succeed."""
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_quick_start_ends_with_suggestions_for_the_posted_need(surroundings):
    need = PostingFactory()
    found = castings()
    build_snapshot()
    first, *blocks = COMMANDS.findall(PAGE.read_text(encoding="utf-8"))

    answers = run(["sh", "-e", "-c", "\n".join(blocks)], surroundings)

    assert "CLIENT_SECRET=" in first
    assert need.number not in answers
    for word in ('"code":"AUTO"', '"status":"published"', '"engine_version"'):
        assert word in answers
    assert found.number in answers.partition('"matches":[')[2].partition('"near_misses"')[0]


def test_the_quick_start_in_python_does_the_same(surroundings):
    castings()
    castings()
    build_snapshot()
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    told = run([sys.executable, "-c", program], surroundings).splitlines()

    assert (told[0], told[-1]) == ("2 capacities, those that end soonest first", "published")
    assert [line.split()[1] for line in told[1:-1]] == ["示例压铸件"] * 2


def test_the_guide_to_deals_runs_after_the_first_two_steps(surroundings):
    build_snapshot()
    _first, token, *_others = COMMANDS.findall(PAGE.read_text(encoding="utf-8"))

    answers = run(
        ["sh", "-e", "-c", "\n".join([token, *COMMANDS.findall(DEALS.read_text(encoding="utf-8"))])], surroundings
    )

    for word in ('"state":"open"', '"external_key":"HSG-02"', '"quote_count":0', '"sets":[]', '"level":"preview"'):
        assert word in answers
