"""Asks pages in turn inside one process and compares what they cost the processor."""

import io
import json
import statistics
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import override_settings
from django.urls import reverse

from accounts.models import User
from config.benchmark.administration import ROWS, lists_of_administration
from config.benchmark.full import full_need
from config.demo.people import CLIENT_SECRET
from config.demo.rows import demo_object
from matchmaking.matching.services.snapshots import prepare_process
from matchmaking.postings.filters import SORTS
from matchmaking.postings.models import Posting

CEILINGS = "config.benchmark.ceilings"
ROUNDS = 9
REQUESTS = 5
"""Requests of one page in a round; the round counts their mean."""
EMPTY, LIST, API = "smallest page", "smallest 20-row list", "smallest 20-row API list"
ADMIN_LIST = "smallest 20-row admin list"
ENDLESS = 10**6
BUYER, NEED = "buyer@example.com", "demo-rc-edrive-n1"


class NoDemo(Exception):
    """The demo's people and postings, as whom pages are asked, are not loaded."""


@dataclass(frozen=True)
class Page:
    """An address with the headers of who asks, and the ceiling that it is held to with the most it may cost of it."""

    name: str
    address: str
    headers: Mapping[str, str]
    ceiling: str = ""
    limit: float = 0.0


@dataclass(frozen=True)
class PageFigures:
    """What a page costs: CPU milliseconds (median of rounds), queries, bytes, and the ratio to its ceiling."""

    name: str
    cpu_ms: float
    queries: int
    size: int
    ceiling: str
    ratio: float
    limit: float

    @property
    def is_over(self) -> bool:
        """Whether it costs more than it may."""
        return bool(self.limit) and self.ratio > self.limit


def measure_pages(*, rounds: int = ROUNDS, requests: int = REQUESTS) -> list[PageFigures]:
    """Figures of every page, asked in interleaved rounds. Raises NoDemo.

    Pages are opened for real: what a page of suggestions shows is recorded as shown to the demo's buyer, whose firm
    posts a need with a full page where the market has one. The process is prepared as the server prepares its own.
    """
    prepare_process()
    with override_settings(
        ROOT_URLCONF=CEILINGS, ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False, API_CALLS_A_MINUTE=ENDLESS
    ):
        pages = pages_asked()
        ask = Asker()
        seen = {page.name: _first(ask, page) for page in pages}
        times: dict[str, list[float]] = {page.name: [] for page in pages}
        for _ in range(rounds):
            for page in pages:
                started = time.process_time()
                for _ in range(requests):
                    ask(page.address, page.headers)
                times[page.name].append((time.process_time() - started) * 1000 / requests)
    cpu = {name: statistics.median(values) for name, values in times.items()}
    return [
        PageFigures(
            name=page.name,
            cpu_ms=round(cpu[page.name], 2),
            queries=seen[page.name][0],
            size=seen[page.name][1],
            ceiling=page.ceiling,
            ratio=round(cpu[page.name] / cpu[page.ceiling], 2) if page.ceiling else 1.0,
            limit=page.limit,
        )
        for page in pages
    ]


def pages_asked() -> list[Page]:
    """The pages, the ceilings first."""
    need = Posting.objects.filter(external_key=NEED).first()
    buyer = User.objects.filter(email=BUYER).first()
    if need is None or buyer is None:
        raise NoDemo
    visitor: dict[str, str] = {}
    member = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session_of(buyer)}"}
    partner = {"HTTP_AUTHORIZATION": f"Bearer {access_token()}"}
    others = Posting.objects.live().capacities().exclude(enterprise=need.enterprise).order_by("-published_at", "-id")
    other = others.first() or need
    needs, matches = reverse("web:postings:needs"), reverse("web:matching:matches", args=[need.number])
    return [
        Page(EMPTY, "/benchmark/empty/", member),
        Page(LIST, "/benchmark/list/", member),
        Page(API, "/benchmark/api/", visitor),
        Page("list of needs, visitor", needs, visitor, LIST, 2),
        Page("list of needs, member", needs, member, LIST, 2),
        Page("list of needs, filtered", f"{needs}?chain=AUTO&region=510000&sort=largest", member, LIST, 2),
        Page("list of needs, words", f"{needs}?q=%E5%8E%8B%E9%93%B8", member),
        Page("page of a posting", reverse("web:postings:capacity", args=[other.number]), member, LIST, 3),
        Page("own posting", reverse("web:postings:need", args=[need.number]), member),
        Page("suggestions", matches, member, LIST, 3),
        *full_page(need, buyer, member),
        Page("home, visitor", reverse("web:pages:home"), visitor, EMPTY, 2),
        Page("home, member", reverse("web:pages:home"), member, EMPTY, 2),
        *[Page(f"API list: {name}", address, partner, API, 2) for name, address in api_lists().items()],
        Page("API suggestions", reverse("api:v1:suggestions", args=[need.number]), partner),
        *administration_pages(),
    ]


def full_page(need: Posting, buyer: User, member: Mapping[str, str]) -> list[Page]:
    """The page of a need with twenty matches, and what follows once it is scrolled to; none in a small market."""
    full = full_need(enterprise=need.enterprise, actor=buyer, reader=platform_administrator())
    if full is None:
        return []
    address, others = (reverse(f"web:matching:{name}", args=[full.number]) for name in ("matches", "others"))
    return [
        Page("suggestions, full page", address, member, LIST, 3),
        Page("suggestions, who almost fits", others, {**member, "HTTP_HX_REQUEST": "true"}, LIST, 3),
    ]


def administration_pages() -> list[Page]:
    """Every list of the administration as the demo's platform administrator opens it. Raises NoDemo."""
    signed_in = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session_of(platform_administrator())}"}
    smallest = reverse("benchmark:postings_posting_changelist", urlconf=CEILINGS)
    lists = lists_of_administration().items()
    return [
        Page(ADMIN_LIST, smallest, signed_in),
        *(Page(f"administration, {label}", address, signed_in, ADMIN_LIST, 2) for label, address in lists),
    ]


def platform_administrator() -> User:
    """The demo's administrator of the platform. Raises NoDemo."""
    found = User.objects.filter(is_superuser=True, authenticator__isnull=False).order_by("pk").first()
    if found is None:
        raise NoDemo
    return found


def api_lists() -> dict[str, str]:
    """Every list of the REST door by name, twenty rows of each; postings in all orders and filtered too."""
    names = (
        "regions",
        "chains",
        "nodes",
        "certificates",
        "units",
        "parks",
        "park_partnerships",
        "facts",
        "targets",
        "agreements",
        "postings",
        "talent",
        "partnerships",
        "packages",
        "consortia",
        "overflows",
        "network",
        "suppliers",
        "days",
        "messages",
        "questions",
        "files",
    )
    lists = {name: f"{reverse(f'api:v1:{name}')}?page_size={ROWS}" for name in names}
    needs = f"{lists['postings']}&direction=need"
    lists |= {f"needs, {order}": f"{needs}&sort={order}" for order, _label in SORTS}
    return lists | {
        "needs, filtered": f"{needs}&chain=AUTO&region=510000&sort=largest",
        "reasons": reverse("api:v1:reasons"),
    }


def session_of(user: User) -> str:
    """Key of a new session in which ``user`` is signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def access_token() -> str:
    """A token of the demo's partner system, got over the door as the partner gets it. Raises NoDemo."""
    pair = b64encode(f"{demo_object('story')['client']['id']}:{CLIENT_SECRET}".encode()).decode()
    headers = {"HTTP_AUTHORIZATION": f"Basic {pair}", "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    status, body = Asker()(reverse("idp:oidc:token"), headers, body=b"grant_type=client_credentials")
    if status != HTTPStatus.OK:
        raise NoDemo
    return str(json.loads(body)["access_token"])


class Asker:
    """The site's WSGI application, asked without a network."""

    def __init__(self) -> None:
        self.application = WSGIHandler()

    def __call__(self, address: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of one answer."""
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "HTTP_ACCEPT_LANGUAGE": "zh-hans",
            **headers,
        }
        setup_testing_defaults(environ)
        statuses: list[str] = []

        def start(status: str, answered: Any, problem: Any = None) -> Callable[[bytes], object]:
            statuses.append(status)
            return bytes

        answer = self.application(environ, start)
        try:
            content = b"".join(answer)
        finally:
            getattr(answer, "close", bytes)()
        return int(statuses[0].split()[0]), content


def _first(ask: Asker, page: Page) -> tuple[int, int]:
    """Queries and bytes of a page that has been opened before."""
    ask(page.address, page.headers)
    with counted_queries() as queries:
        status, content = ask(page.address, page.headers)
    if status != HTTPStatus.OK:
        raise RuntimeError(f"{page.name} ({page.address}) answered {status}")
    return len(queries), len(content)


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements that run inside, transaction marks apart."""
    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements


def as_plain(figures: list[PageFigures]) -> list[dict[str, Any]]:
    """The figures for a program."""
    return [{**asdict(one), "is_over": one.is_over} for one in figures]
