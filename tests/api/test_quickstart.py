"""The quick start runs by copy and paste: its shell blocks are executed against a live server."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from accounts.services.clients import create_client
from matchmaking.matching.services.snapshots import build_snapshot
from tests.api.conftest import EVERYTHING
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(settings.BASE_DIR) / "docs" / "api" / "quickstart.md"
COMMANDS = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def test_the_quick_start_ends_with_suggestions_for_the_posted_need(live_server):
    owner = MembershipFactory()
    made = create_client(enterprise=owner.enterprise, name="示例系统", scopes=EVERYTHING, actor=owner.user)
    need = PostingFactory()
    build_snapshot()
    first, *blocks = COMMANDS.findall(PAGE.read_text(encoding="utf-8"))
    surroundings = {
        **os.environ,
        "CLIENT_ID": made.client.client_id,
        "CLIENT_SECRET": made.secret,
        "SITE": live_server.url,
        "no_proxy": "*",
    }

    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(blocks)], env=surroundings, capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, "CLIENT_SECRET=" in first) == (0, True), done.stderr
    answers = done.stdout
    assert need.number not in answers
    for word in ('"code":"AUTO"', '"status":"published"', '"matches":[', '"engine_version"'):
        assert word in answers
