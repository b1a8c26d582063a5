"""The weak links for partners: the figures of the page, nothing small."""

import pytest
from django.test import Client

from tests.factories.weak_links import thin_node

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(make_partner):
    return make_partner(scopes=("facts:read",))


def test_the_nodes_are_those_of_the_page(reader):
    node = thin_node()
    told = reader.ask("weak-links/?chain=XW").json()

    page = Client().get("/insights/weak-links/?chain=XW").context
    summary = page["summary"]
    assert (told["nodes"], told["covered"], told["missing"]) == (summary.nodes, summary.covered, summary.missing)
    (line,), ((shown, _parts),) = told["lines"], page["lines"]
    assert (line["node"], line["chain"], line["coverage"]) == (node.code, node.chain.code, "thin")
    assert (line["needs"], line["suppliers"], line["unmet"]) == (4, None, shown.unmet)
    assert (line["score"], line["hanging"], line["is_single_point"]) == (shown.row.score, shown.row.hanging, True)
    assert sum(line["parts"].values()) == line["score"]
    assert line["reasons"] == ["gap.certificate.missing"]
    assert bool(told["weeks"]) == bool(page["trend"])


def test_a_system_of_a_firm_reads_of_answers_what_its_people_read(reader):
    thin_node()
    assert reader.ask("weak-links/?chain=XW").json()["lines"][0]["unanswered"] == 4


def test_a_province_alone_tells_no_verdicts(reader):
    thin_node()
    line = reader.ask("weak-links/?chain=xw&region=510000").json()["lines"][0]
    assert (line["coverage"], line["unmet"], line["reasons"], line["unanswered"]) == ("missing", None, [], None)


@pytest.mark.parametrize("query", ["chain=NOSUCH", "region=510100", "sort=x", "colour=red", "chain=%00"])
def test_what_it_does_not_know_is_refused(reader, query):
    assert reader.ask(f"weak-links/?{query}").status_code == 400


def test_an_unknown_chain_is_refused_in_the_language_of_the_request(reader):
    told = [
        reader.ask("weak-links/?chain=XX", **{"Accept-Language": one}).json()["detail"] for one in ("zh-Hans", "en")
    ]
    assert told == ["列表中没有：XX", "this is not in the list: XX"]


def test_before_anything_was_counted_there_is_nothing(reader):
    assert reader.ask("weak-links/").json() == {
        "as_of": None, "nodes": 0, "covered": 0, "missing": 0, "weeks": [], "lines": [],
    }  # fmt: skip
