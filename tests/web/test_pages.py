"""Home, chains, figures and help: what they show, to whom, at which cost; errors that say what to do."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from common.errors import Invalid, Refused, Stale
from common.keeping import kept_for, process_cache
from common.reasons import Reason
from matchmaking.insights.queries.counts import Group, live_counts
from matchmaking.insights.services.facts import load_facts
from matchmaking.postings.choices import Direction
from matchmaking.postings.services.drafting import save_draft
from reference.models import ChainNode, Region
from tests.factories.accounts import EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingFactory
from web.access import other_language_address, show_refusals
from web.views.errors import server_error

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/chains/",
    "/chains/AUTO/",
    "/chains/auto/",
    "/chains/H2/H2.PROD/",
    "/hydrogen/",
    "/figures/",
    "/insights/",
    "/help/",
    "/method/",
    "/accessibility/",
    "/privacy/",
]
CHINESE = re.compile(r"[\u3400-\u9fff]")
MOST_QUERIES = 12


def text_of_page(response: HttpResponse) -> str:
    """What stands between the tags, the word that switches to Chinese apart."""
    body = response.content.decode().replace("&#20013;&#25991;", "")
    return re.sub(r"<[^>]+>", " ", body)


def post_many(count: int, direction: str = Direction.NEED, region: str = "510104", firms: int = 0) -> None:
    place = Region.objects.get(code=region)
    node = ChainNode.objects.filter(code__startswith="AUTO.CHASSIS.").order_by("code").first()
    owners = [EnterpriseFactory() for _ in range(firms or count)]
    for number in range(count):
        PostingFactory(
            enterprise=owners[number % len(owners)],
            direction=direction,
            region=place,
            node=node,
            title=f"Sample {number}",
        )


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_public_pages_open_to_a_visitor_in_both_languages(client, address, prefix):
    response = client.get(f"{prefix}{address}")
    body = response.content.decode()
    assert response.status_code == 200
    assert f'lang="{"en" if prefix else "zh-Hans"}"' in body[:200]
    assert body.count("<h1") == 1
    assert "style=" not in body
    assert not re.search(r"<script(?![^>]*src=)|\son[a-z]+=", body)


@pytest.mark.parametrize("address", PAGES)
def test_english_pages_hold_no_chinese_of_ours(client, address):
    load_facts()
    assert CHINESE.findall(text_of_page(client.get(f"/en{address}"))) == []


@pytest.mark.parametrize("address", PAGES)
def test_public_pages_ask_as_much_for_many_postings_as_for_few(client, address):
    load_facts()
    post_many(6, firms=3)
    few = queries_of(client, address)
    post_many(30, firms=10)
    post_many(30, Direction.CAPACITY, firms=10)
    assert queries_of(client, address) == few <= MOST_QUERIES


def queries_of(client: Client, address: str) -> int:
    process_cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_home_counts_what_the_lists_hold(client):
    post_many(4)
    post_many(3, Direction.CAPACITY)
    PostingFactory(draft=True)
    PostingFactory(expired=True)
    shown = text_of_page(client.get("/en/"))
    assert re.search(r"Open needs\s+4\s+4 new this week", shown)
    assert re.search(r"Open capacities\s+3\s+from 3 firms", shown)


def test_groups_of_fewer_than_three_firms_are_not_counted_apart(client):
    post_many(5, firms=2)
    body = client.get("/en/").content.decode()
    assert "Chengdu: fewer than three firms, not counted apart" in body
    post_many(1)
    process_cache.clear()
    body = client.get("/en/").content.decode()
    assert "Chengdu: 6 needs" in body
    assert "Where the needs are: most in Chengdu" in body


def test_a_small_group_shows_no_number():
    assert [Group(5, firms).shown for firms in (0, 1, 2, 3)] == [5, None, None, 5]


def test_a_closed_district_counts_for_the_one_that_took_it_over():
    post_many(3, region="500105")
    assert live_counts().by_tile[Direction.NEED] == {"500157": Group(3, 3)}


def test_counts_follow_a_node_to_the_head_of_its_chain():
    post_many(3)
    counted = live_counts().by_node[Direction.NEED]
    assert counted["AUTO"] == counted["AUTO.CHASSIS"] == Group(3, 3)


def test_every_number_leads_to_the_list_it_counts(client):
    post_many(3)
    body = client.get("/en/chains/AUTO/").content.decode()
    assert 'href="/en/needs/?node=AUTO"' in body
    assert len(re.findall(r'href="/en/needs/new/\?node=AUTO[^"]*"', body)) > 10
    shown = text_of_page(client.get("/en/needs/?node=AUTO"))
    assert shown.count("Sample 0") == shown.count("Sample 2") == 1


def test_a_visitor_sees_no_exact_quantity_and_a_member_does(client, signed_in):
    post_many(1)
    assert "8,000" not in client.get("/en/").content.decode()
    assert "3,000 " in client.get("/en/").content.decode()
    assert "8,000" in signed_in(MembershipFactory().user).get("/en/").content.decode()


def test_a_person_without_a_firm_sees_what_a_visitor_sees(signed_in):
    post_many(1)
    assert "8,000" not in signed_in(UserFactory()).get("/en/").content.decode()


def test_the_ledger_quotes_with_source_and_what_is_unclear(client):
    load_facts()
    shown = text_of_page(client.get("/en/figures/"))
    assert "iChongqing article" in shown
    assert "per year is the natural reading" in shown
    assert "Due date passed, no sourced actual figure" in shown


@pytest.mark.parametrize("address", ["/chains/XX/", "/chains/AUTO/H2.PROD/", "/chains/AUTO/NO.SUCH/", "/nothing/"])
def test_unknown_pages_are_not_found_and_keep_the_bar(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert 'class="app-bar"' in response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_pages_refuse_to_be_posted_to(client, address):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/needs/?region=510000&page=2", "/en/needs/?region=510000&page=2"),
        ("/en/needs/?q=a%26b", "/needs/?q=a%26b"),
        ("/en/", "/"),
        ("/", "/en/"),
        ("/en//elsewhere.example/", "/elsewhere.example/"),
        ("/energy/", "/en/energy/"),
    ],
)
def test_the_language_switch_leads_to_the_same_page(here, there):
    assert other_language_address(RequestFactory().get(here)) == there


def test_the_colours_are_kept_in_a_cookie(client):
    response = client.post("/en/preferences/", {"theme": "dark", "next": "/en/help/?a=1"})
    assert response.url == "/en/help/?a=1"
    assert 'data-theme="dark"' in client.get("/en/help/").content.decode()


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_preferences_lead_nowhere_else(client, address):
    assert client.post("/preferences/", {"theme": "dark", "next": address}).url == "/"


def test_an_unknown_colour_is_not_kept(client):
    client.post("/preferences/", {"theme": '"><script>', "next": "/"})
    assert "theme" not in client.cookies


def test_the_language_is_kept_for_the_mail_of_people_signed_in(signed_in):
    person = UserFactory(language="zh-hans")
    response = signed_in(person).post("/preferences/", {"language": "en", "next": "/help/"})
    person.refresh_from_db()
    assert (response.url, person.language) == ("/en/help/", "en")


def test_an_unknown_language_changes_nothing(signed_in):
    person = UserFactory(language="zh-hans")
    assert signed_in(person).post("/preferences/", {"language": "xx", "next": "/"}).status_code == 302
    person.refresh_from_db()
    assert person.language == "zh-hans"


def test_a_forged_form_is_told_to_reload():
    response = Client(enforce_csrf_checks=True).post("/en/preferences/", {"theme": "dark"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_the_page_for_our_own_faults_asks_no_query(django_assert_num_queries):
    with translation.override("en"), django_assert_num_queries(0):
        response = server_error(RequestFactory().get("/en/"))
    assert response.status_code == 500
    assert 'class="app-bar"' in response.content.decode()
    assert re.search(r'<b class="num">[0-9a-f]{8}</b>', response.content.decode())


REFUSALS = {
    "yours": Refused(Reason.REFUSAL_NOT_YOURS),
    "late": Refused(Reason.REFUSAL_WRONG_STATE, state="closed"),
    "invalid": Invalid({"title": Reason.REFUSAL_TOO_LONG}, {"title": {"limit": 120}}),
    "stale": Stale(seen=1, current=2),
}


@show_refusals
def refusing(request, kind):
    raise REFUSALS[kind]


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("yours", 403, "this is not yours to change"),
        ("late", 409, "(closed)"),
        ("invalid", 422, "at most 120 characters"),
        ("stale", 409, "typed &lt;here&gt;"),
    ],
)
def test_refusals_become_pages_that_say_why(client, kind, status, said):
    request = RequestFactory().post("/en/x/", {"title": "typed <here>", "csrfmiddlewaretoken": "secret"})
    request.user = UserFactory()
    request.session = client.session
    request.resolver_match = None
    with translation.override("en"):
        response = refusing(request, kind=kind)
    body = response.content.decode()
    assert response.status_code == status
    assert said in body
    assert "secret" not in body


def test_counts_are_not_read_anew_after_every_change(django_assert_num_queries):
    owner = MembershipFactory()
    before = live_counts()
    save_draft(enterprise=owner.enterprise, actor=owner.user, direction=Direction.NEED, values={"title": "Draft"})

    with django_assert_num_queries(0):
        assert live_counts() == before


def test_counts_are_read_once_by_all_who_ask_at_once():
    started = Event()
    asked = []

    def read():
        asked.append(1)
        started.wait(0.2)
        return "counts"

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: kept_for(60, "sample", read), range(4)))

    assert (found, len(asked)) == (["counts"] * 4, 1)


def test_expired_postings_leave_the_counts_the_day_after():
    posting = PostingFactory(window_end=timezone.localdate())
    assert live_counts().total[Direction.NEED][""] == Group(1, 1)
    type(posting).objects.update(window_start=None, window_end=timezone.localdate() - timedelta(days=1))
    process_cache.clear()
    assert live_counts().total[Direction.NEED] == {}
