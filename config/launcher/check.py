"""`up --check`: the whole product on throw-away data, and its main job done once by web and by API.

A visitor without a browser signs in as a firm of the demo, posts a need with its form and reads its suggestions; a
program reads the same over the REST door. The two must agree. Nothing is left behind.
"""

import datetime
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.launcher.environment import run
from config.launcher.places import django_call, django_surroundings
from config.launcher.ports import address, free_port, site_answers
from config.launcher.progress import Step
from config.launcher.supervisor import Supervisor
from config.launcher.visitor import Page, Visitor, answer_data
from config.launcher.words import Stopped, lines, say

START_SECONDS = 240.0
WINDOW_DAYS = (10, 200)  # from today
NEED: dict[str, str] = json.loads(Path(__file__).with_name("check.json").read_text(encoding="utf-8"))
OWN_DATA = ("DATABASE_URL", "MATCH_SNAPSHOT_DIR", "SECRET_KEY", "EMAIL_URL")  # a check never touches what these name
OWN_DOOR = ("SITE_ADDRESS", "ALLOWED_HOSTS", "BEHIND_TLS", "DEBUG")  # and is served plainly on this machine
DEATH = lines("up_child_died", name="", status="", pause=0)[0].partition(")")[0].strip()  # what up says of it
TAG = re.compile(r"<[^>]*>?")
ALERT_LETTERS, SHOWN_LETTERS = 3000, 400
TOKEN_ADDRESS = "/identity/o/api/token"


def check(published: Mapping[str, str]) -> int:
    """Run the check with the surroundings ``published`` of a served site; 0 when web and API give the same list.

    Raises Stopped when a step does not do what it must.
    """
    with tempfile.TemporaryDirectory(prefix="chuanyu-check-") as folder:
        kept = {name: text for name, text in django_surroundings().items() if name not in OWN_DATA + OWN_DOOR}
        surroundings = {**kept, **published, "CHUANYU_DATA_DIR": folder}
        with running_site(Path(folder), surroundings) as root:
            over_web, over_api = main_job(root, surroundings)
    print(flush=True)
    say("check_passed", web=len(over_web), api=len(over_api))
    return 0


@contextmanager
def running_site(folder: Path, surroundings: Mapping[str, str]) -> Iterator[str]:
    """Start the product as a person would, give its address, and stop it again. Raises Stopped with what it said."""
    port, log = free_port(), folder / "up.log"
    url = address("127.0.0.1", port)
    with log.open("w", encoding="utf-8") as said, Supervisor() as supervisor:
        try:
            with Step("step_check_up"):
                supervisor.add("up", django_call("up", "--port", str(port)), surroundings, said)
                if not supervisor.wait_until(lambda: site_answers(url), START_SECONDS):
                    raise KeyboardInterrupt
            yield url
            with Step("step_check_down"):
                supervisor.stop()
                expect(supervisor.children[0].process.returncode == 0, "up did not end cleanly")
                expect(DEATH not in log.read_text(encoding="utf-8", errors="replace"), "web or worker died meanwhile")
                expect(not site_answers(url), "the web server still answers")
        except Stopped as stopped:
            stopped.details = "\n".join([log.read_text(encoding="utf-8", errors="replace"), stopped.details])
            raise


def main_job(root: str, surroundings: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Post a need and read its suggestions through both doors: the public numbers of the matches, best first.

    Raises Stopped at the step that fails.
    """
    person, system = sign_ins(surroundings)
    visitor = Visitor(root)
    with Step("step_check_sign_in"):
        sign_in(visitor, person)
    with Step("step_check_post"):
        number = post_need(visitor)
    with Step("step_check_web") as step:
        over_web = matches_on_page(visitor.get(f"/needs/{number}/"))
        step.note = str(len(over_web))
        expect(len(over_web) > 0, f"no suggestion stands on /needs/{number}/")
    with Step("step_check_api") as step:
        over_api = matches_over_api(Visitor(root), system, number)
        step.note = str(len(over_api))
        expect(len(over_api) > 0, "the API gives no suggestion")
    with Step("step_check_same"):
        expect(over_web == over_api, f"web {over_web}\nAPI {over_api}")
    return over_web, over_api


def sign_ins(surroundings: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The first person of the demo, and its partner system, which acts for the same firm. Raises Stopped without."""
    told = run(django_call("demo_sign_ins", "--json"), surroundings)
    expect(told.returncode == 0, told.stdout)
    lines = json.loads(told.stdout.splitlines()[-1])
    people = [line for line in lines if "@" in line["address"]]
    systems = [line for line in lines if "@" not in line["address"]]
    expect(bool(people and systems), "the demo has no person or no partner system")
    return people[0], systems[0]


def sign_in(visitor: Visitor, person: Mapping[str, str]) -> None:
    """Sign in with the form of the site."""
    page = visitor.get("/accounts/login/")
    form = page.form_with("login", "password")
    if form is None:
        raise Stopped("check_failed", details=summary(page), reason="no form to sign in")
    answer = visitor.send(page, form, {"login": person["address"], "password": person["password"]})
    expect(answer.status == 200 and answer.form_with("password") is None, summary(answer))


def post_need(visitor: Visitor) -> str:
    """Fill in and send the form of a need; its public number."""
    page = visitor.get("/needs/new/")
    form = page.form_with(*NEED)
    if form is None or ("act", "publish") not in form.buttons:
        raise Stopped("check_failed", details=summary(page), reason="no form of a need, or it lacks a field")
    begins, ends = (datetime.date.today() + datetime.timedelta(days=days) for days in WINDOW_DAYS)
    window = {"window_start": begins.isoformat(), "window_end": ends.isoformat()}
    answer = visitor.send(page, form, {**NEED, **window, "act": "publish"})
    parts = answer.path.strip("/").split("/")
    expect(answer.status == 200 and parts[0] == "needs" and parts[1] != "new", summary(answer))
    return parts[1]


def matches_on_page(page: Page) -> list[str]:
    """Public numbers of the matches that the page of a posting shows, near misses and neighbours left out."""
    expect(page.status == 200, summary(page))
    found: list[str] = []
    for mark in page.marks("id"):
        if mark in ("near-h", "neighbours-h"):
            break
        if mark.startswith("match-") and not mark.startswith("match-h-"):
            found.append(mark.removeprefix("match-"))
    return found


def matches_over_api(program: Visitor, system: Mapping[str, str], number: str) -> list[str]:
    """Public numbers of the matches that the REST door gives to the partner system."""
    credentials = {"client_id": system["address"], "client_secret": system["password"]}
    token = program.post(TOKEN_ADDRESS, {"grant_type": "client_credentials", **credentials})
    expect(token.status == 200, summary(token))
    headers = {"Authorization": f"Bearer {answer_data(token)['access_token']}", "Accept": "application/json"}
    answer = program.get(f"/api/v1/postings/{number}/suggestions/", **headers)
    expect(answer.status == 200, summary(answer))
    return [match["posting"]["number"] for match in answer_data(answer)["matches"]]


def expect(holds: bool, otherwise: str) -> None:
    """Raises Stopped with ``otherwise`` as details unless ``holds``."""
    if not holds:
        raise Stopped("check_failed", reason=otherwise)


def summary(page: Page) -> str:
    """Address and status of a page and the words of its first alert, for a person who looks for the fault."""
    alert = page.text[max(page.text.find('role="alert"'), 0) :][:ALERT_LETTERS].partition(">")[2]
    return f"{page.path} answered {page.status}: {' '.join(TAG.sub(' ', alert).split())[:SHOWN_LETTERS]}"
