"""The lists: what each reader sees, filters in the address, what to relax, constant queries, bad input."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from matchmaking.matching.services.snapshots import build_snapshot
from matchmaking.postings.models import Posting, SavedSearch
from reference.models import ChainNode, Region, Unit
from tests.factories.accounts import EnterpriseCertificateFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory, SavedSearchFactory, days_from_today
from tests.factories.reference import CertificationFactory, ChainNodeFactory
from web.lists import COUNTED_UP_TO, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(signed_in):
    return signed_in(MembershipFactory().user)


def titles(answer):
    return re.findall(r'<h3><a href="[^"]+" lang="[^"]+">([^<]*)</a>', answer.content.decode())


def without_token(answer):
    """The page without the token against forged requests, which is drawn anew each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def at(code):
    return Region.objects.get(code=code)


def node(code):
    return ChainNode.objects.get(code=code)


@pytest.mark.parametrize("path", ["/needs/", "/capacities/", "/en/needs/", "/en/capacities/"])
def test_lists_show_live_postings_of_their_direction_only(client, path):
    is_need = "needs" in path
    PostingFactory(title="Mine", capacity=not is_need)
    PostingFactory(title="Other way", capacity=is_need)
    for state in ("draft", "paused", "closed", "expired", "in_review"):
        PostingFactory(title=state, capacity=not is_need, **{state: True})
    PostingFactory(title="Suspended", capacity=not is_need, enterprise__suspended_at=timezone.now())
    PostingFactory(title="Over", capacity=not is_need, window_start=None, window_end=days_from_today(-1))

    assert titles(client.get(path)) == ["Mine"]


def test_list_hides_a_posting_from_the_firms_it_names(client, signed_in):
    rival = MembershipFactory()
    posting = PostingFactory(title="Not for rivals")
    posting.hidden_from.add(rival.enterprise)

    assert titles(signed_in(rival.user).get("/needs/")) == []
    assert titles(signed_in(MembershipFactory().user).get("/needs/")) == ["Not for rivals"]
    assert titles(client.get("/needs/")) == ["Not for rivals"]


def test_list_shows_visitors_bands_and_prefectures_and_firms_the_figure(client, member):
    PostingFactory(quantity_amount=Decimal(8765), region=at("511083"), visibility="alias", enterprise__alias="某厂")
    visitor, firm = client.get("/needs/").content.decode(), member.get("/needs/").content.decode()

    assert ("8,765" in visitor, "3,000" in visitor, "隆昌" in visitor, "内江" in visitor) == (False, True, False, True)
    assert ("8,765" in firm, "隆昌" in firm) == (True, True)
    name = Posting.objects.get().enterprise.name
    assert ("某厂" in visitor, name in visitor, name in firm) == (True, False, False)


def test_user_without_a_firm_sees_what_a_visitor_sees(signed_in):
    PostingFactory(quantity_amount=Decimal(8765))

    assert "8,765" not in signed_in(UserFactory()).get("/needs/").content.decode()


def test_two_databases_that_differ_inside_a_band_answer_a_visitor_alike(client):
    posting = PostingFactory(quantity_amount=Decimal(3001), region=at("511083"))
    addresses = [
        "/needs/",
        "/needs/?sort=largest",
        "/needs/?quantity_min=3500",
        "/needs/?quantity_max=5000",
        "/needs/?quantity_min=5000&quantity_max=7000",
        "/needs/?region=511083",
        "/needs/?region=511011",
        f"/needs/{posting.number}/",
    ]
    PostingFactory(quantity_amount=Decimal(4000))
    before = [without_token(client.get(address)) for address in addresses]

    Posting.objects.filter(pk=posting.pk).update(quantity_amount=Decimal(9999), region=at("511011"))

    assert [without_token(client.get(address)) for address in addresses] == before


@pytest.mark.parametrize("query", ["轴承", "减震器", "zhoucheng", "bearing", "轴", "ＢＥＡＲＩＮＧ"])
def test_list_finds_short_words_in_chinese_pinyin_and_english(client, query):
    PostingFactory(title="深沟球轴承 6204", node=node("AUTO.CHASSIS.BEARING"))
    PostingFactory(title="前减震器", node=node("AUTO.CHASSIS.SUSP"))
    PostingFactory(title="Something else")

    found = titles(client.get("/needs/", {"q": query}))

    assert found == (["前减震器"] if query == "减震器" else ["深沟球轴承 6204"])


def test_list_searches_texts_only_for_those_who_may_read_them(client, member):
    PostingFactory(title="Casting", text="surface treated with zirconium")

    assert titles(client.get("/needs/?q=zirconium")) == []
    assert titles(member.get("/needs/?q=zirconium")) == ["Casting"]


def test_list_shows_what_uses_half_of_the_words_where_the_reader_sees_nothing_that_uses_all(client, signed_in):
    told = "没有哪条用到全部这些词"
    reader = MembershipFactory()
    PostingFactory(title="压铸电机壳")
    hidden = PostingFactory(title="压铸电机壳盖")
    hidden.hidden_from.add(reader.enterprise)
    page = signed_in(reader.user).get("/needs/?q=压铸电机壳盖")
    assert (titles(page), told in page.content.decode()) == (["压铸电机壳"], True)
    hidden.delete()
    assert without_token(signed_in(reader.user).get("/needs/?q=压铸电机壳盖")) == without_token(page)
    assert titles(client.get("/needs/?q=没有的词语")) == []


def test_list_filters_by_subtree_of_node_chain_and_region(client):
    below = PostingFactory(title="Below", node=node("AUTO.CHASSIS.SUSP"), region=at("510703"))
    PostingFactory(title="Elsewhere", node=node("EQUIP.PART.BEARING"), region=at("500116"))
    further = PostingFactory(title="Also", node=node("EQUIP.PART.BEARING"), region=at("500116"))
    further.further_nodes.add(below.node)

    assert titles(client.get("/needs/?node=AUTO.CHASSIS")) == ["Also", "Below"]
    assert titles(client.get("/needs/?chain=AUTO")) == ["Below"]
    assert titles(client.get("/needs/?chain=AUTO&chain=EQUIP")) == ["Also", "Elsewhere", "Below"]
    assert titles(client.get("/needs/?region=510700")) == ["Below"]
    assert titles(client.get("/needs/?region=510000")) == ["Below"]
    assert titles(client.get("/needs/?region=500000")) == ["Also", "Elsewhere"]


def test_list_finds_old_districts_under_their_successor(client):
    PostingFactory(title="Was in Yubei", region=at("500112"))

    assert titles(client.get("/needs/?region=500157")) == ["Was in Yubei"]


def test_list_filters_by_window_subject_and_quantity(member):
    first = days_from_today(10)
    PostingFactory(
        title="Soon", subject="talent", window_start=first, window_end=first + timedelta(days=5), quantity_amount=10
    )
    PostingFactory(title="Open end", window_start=None, quantity_amount=5000)

    assert titles(member.get(f"/needs/?window_from={first + timedelta(days=6)}")) == ["Open end"]
    assert titles(member.get(f"/needs/?window_to={first - timedelta(days=1)}")) == ["Open end"]
    assert titles(member.get("/needs/?subject=talent")) == ["Soon"]
    assert titles(member.get("/needs/?quantity_min=5千")) == ["Open end"]
    assert titles(member.get("/needs/?quantity_max=１０")) == ["Soon"]


def test_list_compares_quantities_across_units_of_one_dimension(member):
    units = {code: Unit.objects.get(code=code) for code in ("PCS", "KPCS", "SET")}
    PostingFactory(title="Pieces", unit=units["PCS"], quantity_amount=2000)
    PostingFactory(title="Thousands", unit=units["KPCS"], quantity_amount=3)
    PostingFactory(title="Sets", unit=units["SET"], quantity_amount=9000)

    assert titles(member.get("/needs/?quantity_min=2500&unit=PCS")) == ["Thousands"]
    assert titles(member.get("/needs/?unit=KPCS")) == ["Thousands", "Pieces"]


def test_list_filters_by_certificates_asked_for_and_held(client, member):
    paper = CertificationFactory(code="XC-TEST")
    PostingCertificateFactory(certification=paper, posting=PostingFactory(title="Asks"))
    PostingFactory(title="Asks nothing")
    holder, claimer = PostingFactory(title="Holds", capacity=True), PostingFactory(title="Claims", capacity=True)
    EnterpriseCertificateFactory(enterprise=holder.enterprise, certification=paper, state="checked")
    EnterpriseCertificateFactory(enterprise=claimer.enterprise, certification=paper, state="claimed")

    assert titles(client.get("/needs/?certificates=XC-TEST")) == ["Asks"]
    assert titles(member.get("/capacities/?certificates=XC-TEST")) == ["Holds"]
    assert "f-papers" in member.get("/capacities/").content.decode()


def test_list_tells_visitors_nothing_of_the_papers_behind_an_alias(client):
    paper = CertificationFactory(code="XC-TEST")
    holder = PostingFactory(title="Holds", capacity=True, visibility="alias")
    PostingFactory(title="Holds none", capacity=True, visibility="alias")
    EnterpriseCertificateFactory(enterprise=holder.enterprise, certification=paper, state="checked")

    answer = client.get("/capacities/?certificates=XC-TEST")

    assert sorted(titles(answer)) == ["Holds", "Holds none"]
    assert "f-papers" not in answer.content.decode()
    assert "f-papers" in client.get("/needs/").content.decode()


def test_a_further_node_is_found_however_many_ended_postings_name_it_too(client):
    named = node("AUTO.CHASSIS.SUSP")
    for number in range(3):
        PostingFactory(title=f"Ended {number}", node=node("EQUIP.PART.BEARING"), closed=True).further_nodes.add(named)
    PostingFactory(title="Also", node=node("EQUIP.PART.BEARING")).further_nodes.add(named)

    with CaptureQueriesContext(connection) as asked:
        assert titles(client.get("/needs/?node=AUTO.CHASSIS.SUSP")) == ["Also"]
    assert not [query["sql"] for query in asked if f"LIMIT {COUNTED_UP_TO}" in query["sql"]]


def test_list_sorts_by_end_and_by_quantity_class(client):
    PostingFactory(title="Later and large", quantity_amount=10_000, window_end=days_from_today(90))
    PostingFactory(title="Sooner and small", quantity_amount=10, window_end=days_from_today(9))

    assert titles(client.get("/needs/?sort=ending")) == ["Sooner and small", "Later and large"]
    assert titles(client.get("/needs/?sort=largest")) == ["Later and large", "Sooner and small"]
    assert titles(client.get("/needs/?sort=newest")) == ["Sooner and small", "Later and large"]


def test_empty_list_says_which_filter_to_give_up(client):
    PostingFactory(title="Bearing", subject="component")

    page = client.get("/en/needs/?q=bearing&subject=talent").content.decode()

    assert "without “Category”: 1" in page
    assert "/en/needs/?q=bearing" in page
    assert "without “Keyword”" not in page


def test_chips_remove_one_filter_value_each(client):
    page = client.get("/needs/?chain=AUTO&chain=EQUIP&q=a&page=3").content.decode()

    assert 'href="/needs/?chain=EQUIP&amp;q=a"' in page
    assert 'href="/needs/?chain=AUTO&amp;chain=EQUIP"' in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("window_from=2027-02-31", "2027-01-31"),
        ("window_to=soon", "2027-01-31"),
        ("quantity_min=many", "8,000"),
        ("q=" + "x" * 61, "60"),
        ("node=NO.SUCH", ""),
        ("region=zzz", ""),
        ("subject=cars", ""),
        ("certificates=%3Cscript%3E", ""),
        ("unit=furlong", ""),
        ("sort=secret", ""),
    ],
)
def test_list_leaves_aside_filters_it_cannot_read_and_says_so(client, query, told):
    PostingFactory(title="Still here")

    answer = client.get(f"/en/needs/?{query}")

    page = answer.content.decode()
    assert answer.status_code == 400
    assert titles(answer) == ["Still here"]
    assert 'role="alert"' in page
    assert told in page
    assert "<script>" not in page.replace("<script src", "")


@pytest.mark.parametrize("page", ["abc", "0", "-1", "999999999999999999999999", ""])
def test_list_goes_to_the_nearest_page(client, page):
    PostingFactory(title="Here")

    answer = client.get(f"/needs/?page={page}")

    assert (answer.status_code, titles(answer)) == (200, ["Here"])


def test_list_pages_without_losing_the_filters(client):
    for number in range(41):
        PostingFactory(title=f"Bearing {number}")
    PostingFactory(title="Gear")

    first, second, last = (client.get(f"/needs/?q=Bearing&page={page}") for page in (1, 2, 3))

    assert (len(titles(first)), len(titles(last))) == (20, 1)
    assert {*titles(first), *titles(second), *titles(last)} == {f"Bearing {number}" for number in range(41)}
    assert "?q=Bearing&amp;page=2" in first.content.decode()


@pytest.mark.parametrize("address", ["/needs/", "/needs/?q=x&region=510700&chain=AUTO&sort=largest"])
def test_list_asks_the_database_the_same_for_one_page_and_for_many(client, address):
    """A list that fits a page may spare the query that counts the rest, never need one more."""
    counts = []
    for more in (1, 20, 24):
        for number in range(more):
            PostingFactory(title=f"x {number}", node=node("AUTO.CHASSIS.SUSP"), region=at("510703"))
        build_snapshot()
        client.get(address)
        counts.append(queries_of(client, address))

    one, full, many = counts
    assert one <= full == many <= 12


@pytest.mark.parametrize(("number", "total", "shown", "pages"), [(1, 5, 20, 3), (5, 100, 1, 3), (3, 41, 1, 3)])
def test_page_is_one_of_the_rows_that_are_there_whatever_was_counted(number, total, shown, pages):
    for place in range(41):
        PostingFactory(title=f"x {place}")

    page, rows = page_of(Posting.objects.live().order_by("-id"), number, total)

    assert (len(rows), page.paginator.num_pages) == (shown, pages)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_list_gives_htmx_the_results_and_the_short_address(client):
    PostingFactory(title="Bearing")

    answer = client.get("/needs/?q=Bearing&region=&sort=", headers={"HX-Request": "true", "HX-Target": "results"})

    page = answer.content.decode()
    assert (titles(answer), "<html" in page) == (["Bearing"], False)
    assert answer["HX-Push-Url"] == "/needs/?q=Bearing"
    assert "HX-Target" in answer["Vary"]


def test_searches_are_kept_shown_and_forgotten(signed_in):
    user = MembershipFactory(role=Role.VIEWER).user
    browser = signed_in(user)

    answer = browser.post("/searches/", {"direction": "need", "name": "轴承", "filters": "q=轴承&page=4&region="})

    assert (answer.status_code, answer.url) == (302, "/needs/?q=%E8%BD%B4%E6%89%BF")
    search = SavedSearch.objects.get()
    assert "轴承</a>" in browser.get("/needs/").content.decode()
    assert browser.post(f"/searches/{search.pk}/forget/").status_code == 302
    assert SavedSearch.objects.count() == 0


def test_searches_of_others_are_not_there(signed_in):
    search = SavedSearchFactory(user=UserFactory())

    assert signed_in(UserFactory()).post(f"/searches/{search.pk}/forget/").status_code == 404


def test_nodes_answer_the_picker_and_are_a_page_of_their_own(client):
    told = client.get("/en/nodes/?q=zhoucheng", headers={"Accept": "application/json"}).json()

    assert "AUTO.CHASSIS.BEARING" in [one["code"] for one in told["nodes"]]
    assert told["nodes"][0]["path"][0]
    page = client.get("/nodes/?q=轴承").content.decode()
    assert "AUTO.CHASSIS.BEARING" in page
    assert "<html" in page
    assert client.get("/nodes/").status_code == 200


def test_usual_units_of_a_node(client):
    usual = client.get("/nodes/AUTO.CHASSIS.SUSP/usual/").json()

    assert "PCS" in usual["units"]
    assert client.get("/nodes/NO.SUCH/usual/").status_code == 404


def test_row_escapes_what_firms_write(client):
    PostingFactory(title="<script>alert(1)</script>", node=ChainNodeFactory(code="XN9"))

    page = client.get("/needs/").content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
