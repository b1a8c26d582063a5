"""The page of the funnel: who gets in, lists behind figures, drawing, files and brief, filters, and what it costs."""

import csv
import io
import re
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import load_workbook

from accounts.choices import Verb
from accounts.models import Change
from common.keeping import process_cache
from matchmaking.insights.choices import FunnelPart, FunnelStep
from reference.models import Region
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory, ParkFactory
from tests.factories.postings import PostingFactory
from tests.matchmaking.insights.test_funnel import CHENGDU, market, partners
from tests.web.test_figures import compared, wrong

__all__ = ["market"]
pytestmark = pytest.mark.django_db
PAGE = "/coordination/funnel/"
FILES = [f"{PAGE}chart/svg/", f"{PAGE}chart/png/", f"{PAGE}chart/csv/"] + [
    f"{PAGE}export/{kind}/" for kind in ("csv", "xlsx", "docx")
]
MOST_QUERIES = 16
"""With nothing kept: names, parks and choices are read anew."""


@pytest.fixture
def admin(signed_in, market):
    process_cache.clear()
    return signed_in(UserFactory(platform_admin=True, totp=True))


@pytest.fixture
def runs_park(signed_in, market):
    process_cache.clear()
    return signed_in(ParkAdministratorFactory(park=ParkFactory(regions=[Region.objects.get(code=CHENGDU)])).user)


def bars(text):
    svg = re.search(r'<svg class="chart" .*?</svg>', text, re.S)[0]
    return [int(mark.get("data-value")) for mark in ET.fromstring(svg).iter() if mark.get("data-value")]


@pytest.mark.parametrize("page", [PAGE, *FILES])
def test_visitors_sign_in_and_members_are_refused(client, signed_in, page):
    assert client.get(page).status_code == 302
    assert signed_in(MembershipFactory().user).get(page).status_code == 403


@pytest.mark.parametrize("part", FunnelPart.values)
def test_every_figure_is_as_long_as_the_list_behind_it(admin, market, part):
    partners(market[0], "510700")
    ParkFactory(regions=[Region.objects.get(code=CHENGDU)])
    pairs = compared(admin, f"{PAGE}?by={part}")
    assert wrong(pairs) == []
    assert len(pairs) >= 2 * len(FunnelStep)


@pytest.mark.parametrize(
    "query",
    [
        "direction=capacity",
        "region=510104&by=flow",
        "other=510000",
        "other=500000&by=park&chain=AUTO",
        "direction=need&chain=&region=&other=&park=&month=&by=flow",
    ],
)
def test_filters_of_the_address_stay_with_the_figures(admin, market, query):
    partners(market[0], "510700")
    assert wrong(compared(admin, f"{PAGE}?{query}")) == []


@pytest.mark.parametrize("by", ["flow", "park"])
def test_a_region_that_is_none_is_told_and_nothing_fails(admin, by):
    answer = admin.get(f"{PAGE}?by={by}&region=abc")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_a_chosen_park_stands_alone_and_its_line_is_as_long_as_its_list(admin):
    chosen, other = (ParkFactory(regions=[Region.objects.get(code=code)]) for code in (CHENGDU, "510000"))
    text = admin.get(f"/en{PAGE}?by=park&park={chosen.slug}").content.decode()
    assert f"park={chosen.slug}" in text
    assert f"park={other.slug}" not in text
    assert wrong(compared(admin, f"{PAGE}?by=park&park={chosen.slug}")) == []


def test_the_drawing_and_every_file_hold_the_numbers_of_the_page(admin):
    text = admin.get(f"/en{PAGE}").content.decode()
    numbers = [8, 7, 6, 1, 4, 1, 1, 1]
    assert bars(text) == numbers
    chart = list(csv.reader(io.StringIO(admin.get(f"/en{FILES[2]}").content.decode("utf-8-sig"))))
    assert [int(row[1]) for row in chart[1:]] == numbers
    assert [row[2] for row in chart[1:]] == ["100", "88", "75", "12", "50", "12", "12", "12"]
    table = list(csv.reader(io.StringIO(admin.get(f"/en{FILES[3]}").content.decode("utf-8-sig"))))
    assert table[1] == ["All", *map(str, numbers)]
    sheet = load_workbook(io.BytesIO(admin.get(f"/en{FILES[4]}").content)).active
    assert [cell.value for cell in sheet[2]] == ["All", *numbers]
    assert admin.get(FILES[0])["Content-Type"] == "image/svg+xml"
    assert admin.get(FILES[1]).content[:4] == b"\x89PNG"
    assert admin.get(f"{PAGE}export/exe/").status_code == 404
    assert admin.get(f"{PAGE}chart/exe/").status_code == 404
    assert Change.objects.filter(verb=Verb.EXPORTED, facts__part="funnel").count() == 2


@pytest.mark.parametrize(("prefix", "title"), [("", "需求"), ("/en", "Needs")])
def test_the_brief_can_be_opened_and_written_on(admin, prefix, title):
    answer = admin.get(f"{prefix}{FILES[5]}?other=500000&region=510104")
    assert answer["Content-Disposition"].endswith('.docx"')
    document = Document(io.BytesIO(answer.content))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert document.core_properties.title.startswith(title)
    assert "Chongqing" in words if prefix else "重庆" in words
    steps, parts = document.tables
    assert [row.cells[1].text for row in steps.rows][1:] == ["8", "7", "6", "1", "4", "1", "1", "1"]
    assert [cell.text for cell in parts.rows[1].cells][1:] == ["8", "7", "6", "1", "4", "1", "1", "1"]
    assert len(document.inline_shapes) == 1
    assert document.inline_shapes[0]._inline.docPr.get("descr").count(":") == len(FunnelStep)
    assert sum(paragraph.style.name == "Heading 1" for paragraph in document.paragraphs) == 4


def test_a_flow_leads_from_the_need_to_the_capacity(admin):
    for direction in ("need", "capacity"):
        query = f"?by=flow&other={'500000' if direction == 'need' else '510000'}&direction={direction}"
        table = list(csv.reader(io.StringIO(admin.get(f"/en{FILES[3]}{query}").content.decode("utf-8-sig"))))
        assert [row[0] for row in table[1:]] == ["All", "Sichuan \N{RIGHTWARDS ARROW} Chongqing"]


def test_each_figure_names_its_definition(admin):
    text = admin.get(PAGE).content.decode()
    described = set(re.findall(r'aria-describedby="(def-\w+)"', text))
    assert described == {f"def-{step.value}" for step in FunnelStep}
    assert all(text.count(f'id="{name}"') == 1 for name in described)


@pytest.mark.parametrize("query", ["month=2026-13", "month=9999-12", "park=none", "other=510100", "region=999999"])
def test_filters_that_cannot_be_read_are_told(admin, query):
    answer = admin.get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    for page in FILES:
        assert admin.get(f"{page}?{query}").status_code == 400
    assert admin.get(f"/coordination/postings/?{query}").status_code == 400


def test_unknown_words_count_as_not_asked(admin):
    assert admin.get(f"{PAGE}?direction=x&by=x&q=x&status=x&page=x").status_code == 200


def test_where_nothing_was_published_the_page_says_so(admin):
    assert "Nothing was published that fits" in admin.get(f"/en{PAGE}?month=2001-01").content.decode()


def test_coordinators_count_their_scope_alone(signed_in, market):
    process_cache.clear()
    grant = CoordinatorGrantFactory()
    grant.regions.add(Region.objects.get(code="510700"))
    client = signed_in(grant.user)
    assert "Nothing was published here yet" in client.get(f"/en{PAGE}").content.decode()
    PostingFactory(node=market[0].node, region=grant.regions.get())
    process_cache.clear()
    assert bars(client.get(PAGE).content.decode()) == [1, 0, 0, 0, 0, 0, 0, 0]
    assert wrong(compared(client, PAGE)) == []


def test_who_runs_a_park_reads_it_whole_and_no_rows(runs_park):
    for query in ("", "?by=month&chain=NONE&month=2001-01&other=510000"):
        text = runs_park.get(f"/en{PAGE}{query}").content.decode()
        assert bars(text) == [8, 7, 6, 4]
        assert text.count("&lt;3") == 4 * 3  # drawing, its table, and the table of parts
        assert "data-figure" not in text
        assert "/coordination/postings/" not in text
        assert text.count('scope="row"') == len(FunnelStep) + 1
    table = list(csv.reader(io.StringIO(runs_park.get(f"/en{FILES[3]}?by=month").content.decode("utf-8-sig"))))
    assert [row[1:] for row in table[1:]] == [["8", "7", "6", "<3", "4", "<3", "<3", "<3"]]
    assert runs_park.get("/coordination/postings/?step=agreed").status_code == 403


@pytest.mark.parametrize("query", ["", "?by=park", "?by=flow&direction=capacity&other=500000"])
def test_the_page_asks_a_fixed_number_of_queries(admin, market, query):
    def asked():
        process_cache.clear()
        with CaptureQueriesContext(connection) as made:
            assert admin.get(f"{PAGE}{query}").status_code == 200
        return len(made)

    ParkFactory()
    before = asked()
    ParkFactory.create_batch(3)
    for _ in range(10):
        partners(PostingFactory(node=market[0].node))
    assert asked() == before <= MOST_QUERIES
