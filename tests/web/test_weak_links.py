"""The page of weak links: what it shows, to whom, how it is narrowed, and the same as a file."""

import io
import re

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from common.keeping import process_cache
from matchmaking.insights.models import WeakLink
from matchmaking.insights.services.weaklinks.refreshing import refresh_weak_links
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory
from tests.factories.reference import ChainNodeFactory, RegionFactory
from tests.factories.weak_links import thin_node

pytestmark = pytest.mark.django_db
PAGE = "/en/insights/weak-links/"


@pytest.fixture
def node():
    return thin_node()


def shown(client=None, query="?chain=XW"):
    return re.sub(r"\s+", " ", (client or Client()).get(f"{PAGE}{query}").content.decode())


def test_a_node_is_shown_with_its_figures_and_the_way_to_their_lists(node):
    html = shown()

    assert "Thin: fewer than three suppliers" in html
    assert "single point of failure" in html
    assert "a required certificate is missing" in html
    link = re.search(r'data-figure="4" href="([^"]*)"', html)[1].replace("&amp;", "&")
    assert 'data-total="4"' in Client().get(link).content.decode()


def test_a_figure_of_one_province_leads_to_the_list_of_that_province(node):
    html = shown(query="?chain=XW&region=510000")

    link = re.search(r'data-figure="4" href="([^"]*)"', html)[1].replace("&amp;", "&")
    assert "region=510000" in link
    assert 'data-total="4"' in Client().get(link).content.decode()
    assert "Missing: nobody supplies it" in html


def test_verdicts_are_told_for_both_provinces_together_only(node):
    assert "a required certificate is missing" not in shown(query="?chain=XW&region=510000")
    assert WeakLink.objects.get(node=node, place="510000").parts["waiting"] == 0


def test_fewer_than_three_firms_are_not_told_apart(node):
    firm = EnterpriseFactory()
    html = shown()
    PostingFactory(capacity=True, node=node, region=RegionFactory(code="500112"), enterprise=firm)
    refresh_weak_links(whole=True)

    assert shown().count("&lt;3") == html.count("&lt;3")
    assert firm.name not in shown()


def test_how_a_single_need_was_judged_is_told_neither_by_a_figure_nor_by_the_score(node):
    others = ChainNodeFactory(code="XW.B", parent=node.parent)
    need = PostingFactory(node=others, region=node.postings.first().region)
    for _ in range(3):
        PostingFactory(capacity=True, node=others, region=need.region)
    refresh_weak_links(whole=True)
    fits = shown(query="?chain=XW&sort=chain")
    PostingCertificateFactory(posting=need)

    refresh_weak_links(whole=True)

    row = WeakLink.objects.get(node=others, place="")
    assert row.unmet == 1
    rows = re.compile("<tbody>.*</tbody>")
    assert rows.search(shown(query="?chain=XW&sort=chain"))[0] == rows.search(fits)[0]


def test_who_is_not_signed_in_reads_nothing_of_answers(node, signed_in):
    member = MembershipFactory()

    assert "Unanswered</th>" not in shown()
    assert "Unanswered</th>" in shown(signed_in(member.user))


@pytest.mark.parametrize("query", ["?chain=nothing&region=1&sort=x&page=z", "", "?chain=XW&sort=hanging&page=2"])
def test_whatever_the_address_says_there_is_a_page(node, query):
    assert Client().get(f"{PAGE}{query}").status_code == 200


def test_before_anything_was_counted_the_page_says_so():
    assert "The weak links are being counted" in shown(query="")


def test_the_page_costs_a_fixed_number_of_queries(node):
    shown(query="")
    process_cache.clear()
    with CaptureQueriesContext(connection) as few:
        shown(query="")

    for number in range(5):
        PostingFactory(node=ChainNodeFactory(code=f"XW.B{number}", parent=node.parent))
    refresh_weak_links(whole=True)
    process_cache.clear()
    with CaptureQueriesContext(connection) as many:
        page = shown(query="")
    assert "XW.B4" in page
    assert len(many) == len(few) <= 12


def test_the_files_hold_what_the_page_shows(node):
    text = Client().get(f"{PAGE}export/csv/?chain=XW").content.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(Client().get(f"{PAGE}export/xlsx/?chain=XW").content)).active

    lines = [line for line in text.splitlines() if line.startswith("XW.A,")]
    assert len(lines) == 1
    assert ",4,<3," in lines[0]
    rows = list(sheet.values)
    assert rows[0][:4] == ("Code", "Node", "Chain", "Coverage")
    assert [row[0] for row in rows[1:]] == ["XW.A"]


def test_the_paper_holds_the_rows_of_the_page_and_says_what_was_asked_for(node):
    answer = Client().get(f"{PAGE}export/pdf/?chain=XW&sort=needs")

    assert answer["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.content) as document:
        text = re.sub(r"\s+", " ", "".join(page.get_textpage().get_text_range() for page in document))
    assert all(word in text for word in ("XW.A", "Most needs", node.chain.name_en, "<3"))
    assert "a required certificate is missing" in text.lower()
    assert Client().get(f"{PAGE}export/pdf/?chain=XW&sort=needs").content == answer.content


def test_a_file_of_another_kind_is_not_there(node):
    assert Client().get(f"{PAGE}export/exe/").status_code == 404
