"""Axe over the administration and Swagger UI: nothing in templates of ours, of the rest what the documents list."""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from reference.models import GlossaryTerm
from tests.factories.accounts import CoordinatorGrantFactory, UserFactory
from tests.factories.parks import CooperationProjectFactory, ParkAdministratorFactory, ParkFactory, ParkIndicatorFactory
from tests.journeys.test_accessibility import QUIETLY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTED = Path(__file__).resolve().parents[2] / "docs" / "accessibility-findings.md"


OURS = {"file", "rehearsal", "confirmation", "figures from a file"}
"""Pages whose content is a template of our own, inside Django's frame."""
SWAGGER = "Swagger UI"


def found_on(page: Any, name: str) -> set[str]:
    """Rows of the list for the page that is open: page, whose template, rule, element."""
    violations = Axe().run(page, options=QUIETLY).response["violations"]
    whose = "ours" if name in OURS else "Swagger UI's" if name == SWAGGER else "Django's"
    return {
        f"| {name} | {whose} | {rule['id']} | `{node['target'][0]}` |"
        for rule in violations
        for node in rule["nodes"][:1]
    }


def found_by_a_park(page: Any, base: str, park: Any) -> set[str]:
    """What axe finds in the administration as who runs a park sees it: lists, forms, files, projects."""
    figure, project = ParkIndicatorFactory(park=park), CooperationProjectFactory(park=park)
    addresses = {
        "first page of a park": "/",
        "figures of a park": "/parks/parkindicator/",
        "figure of a park": f"/parks/parkindicator/{figure.pk}/change/",
        "new figure of a park": "/parks/parkindicator/add/",
        "figures from a file": "/parks/parkindicator/import/",
        "project of a park": f"/parks/cooperationproject/{project.pk}/change/",
        "park": f"/parks/park/{park.pk}/change/",
    }
    found: set[str] = set()
    for name, address in addresses.items():
        answer = page.goto(f"{base}{address}")
        assert answer.status == 200, address
        found |= found_on(page, name)
    return found


def test_the_list_of_findings_is_what_axe_finds(live_server, browser_as, tmp_path):
    park, grant = ParkFactory(), CoordinatorGrantFactory()
    term = GlossaryTerm.objects.order_by("pk").first()
    page = browser_as(UserFactory(platform_admin=True, totp=True))
    base = f"{live_server.url}/manage"
    addresses = {
        "first page": "/",
        "list": "/reference/glossaryterm/",
        "row": f"/reference/glossaryterm/{term.pk}/change/",
        "history": f"/parks/park/{park.pk}/history/",
        "file": "/reference/glossaryterm/import/",
    }
    found: set[str] = set()
    for name, address in addresses.items():
        page.goto(f"{base}{address}")
        found |= found_on(page, name)
    rows = tmp_path / "rows.csv"
    rows.write_text("term_zh,term_en,kind,chain,node,source\n,x,nonsense,,,\n", encoding="utf-8")
    page.set_input_files("input[type=file]", rows)
    page.click("main input[type=submit], #content input[type=submit]")
    found |= found_on(page, "rehearsal")
    page.goto(f"{base}/accounts/coordinatorgrant/")
    page.check(f"input[name=_selected_action][value='{grant.pk}']")
    page.select_option("select[name=action]", "revoke")
    page.click("button[name=index]")
    found |= found_on(page, "confirmation")
    found |= found_by_a_park(browser_as(ParkAdministratorFactory(park=park).user), base, park)
    page.goto(f"{live_server.url}/api/docs/")
    page.wait_for_selector(".swagger-ui .info")
    found |= found_on(page, SWAGGER)
    if os.environ.get("FINDINGS") == "write":
        LISTED.write_text(LISTED_HEAD + "\n".join(sorted(found)) + "\n", encoding="utf-8")

    listed = {line for line in LISTED.read_text(encoding="utf-8").splitlines() if line.startswith("| ")} - set(HEAD)
    assert found == listed
    assert [one for one in found if "| ours |" in one] == []


HEAD = ("| page | whose template | rule | element |", "| --- | --- | --- | --- |")
LISTED_HEAD = (
    """# What axe finds in pages of libraries

Swagger UI is its makers'; the frame of the administration is Django's, under a style sheet of ours
(`web/static/web/css/administration.css`); pages and templates of our own have no findings. This list is compared with
what axe finds today by `tests/journeys/test_accessibility_admin.py` (`FINDINGS=write` writes it anew).

"""
    + "\n".join(HEAD)
    + "\n"
)
