"""Counts beside the filters of a list: with and without scripts, in the address, and nothing that they may not tell."""

import re

import pytest

from reference.models import Certification, ChainNode, Region
from tests.factories.accounts import EnterpriseCertificateFactory, EnterpriseFactory, MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


def page(client, address, **headers):
    return client.get(address, headers=headers).content.decode()


def boxes(html, name):
    """Value to (count, chosen) of each box or option of a filter."""
    if name in ("chain", "subject"):
        found = re.findall(
            rf'name="{name}" value="(\w+)"( checked)?> [^<]+<span class="num faint">([^<]+)</span>', html
        )
    else:
        part = re.search(rf'id="facet-{name}".*?</select>', html, re.S).group()
        found = re.findall(r'<option value="([\w-]+)"( selected)?>.*?\(([^)(]+)\)</option>', part)
    return {value: (count.replace("&lt;", "<"), bool(chosen)) for value, chosen, count in found}


def node(code):
    return ChainNode.objects.get(code=code)


@pytest.fixture
def postings():
    place = Region.objects.get(code="510100")
    PostingFactory.create_batch(2, node=node("AUTO.BODY.CAST"), region=place)
    PostingFactory(node=node("AUTO.BODY"), region=place, subject="processing")
    PostingFactory(node=node("EQUIP.PROC.DIECAST"), region=Region.objects.get(code="500120"))


def test_each_filter_value_says_how_many_it_would_show(client, postings):
    html = page(client, "/en/needs/")
    assert boxes(html, "chain")["AUTO"] == ("3", False)
    assert boxes(html, "chain")["EQUIP"] == ("1", False)
    assert boxes(html, "subject")["processing"] == ("1", False)
    assert boxes(html, "region")["510000"] == ("3", False)
    assert boxes(html, "region")["500000"] == ("1", False)


def test_counts_follow_the_other_filters_and_stay_open_for_a_second_value(client, postings):
    html = page(client, "/en/needs/?chain=AUTO&subject=processing")
    assert boxes(html, "chain")["AUTO"] == ("1", True)
    assert boxes(html, "chain")["EQUIP"] == ("0", False)
    assert boxes(html, "subject")["component"] == ("2", False)


def test_nodes_one_level_below_the_chosen_are_links_with_counts(client, postings):
    html = page(client, "/en/needs/?chain=AUTO&subject=component")
    below = re.findall(r'<a href="([^"]+)">[^<]+</a> <span class="num faint">(\d+)</span>', html)
    assert below == [("/en/needs/?chain=AUTO&amp;subject=component&amp;node=AUTO.BODY", "2")]
    deeper = page(client, "/en/needs/?chain=AUTO&node=AUTO.BODY")
    assert '<a href="/en/needs/?chain=AUTO&amp;node=AUTO.BODY.CAST">' in deeper
    assert re.search(r'<a href="/en/needs/\?chain=AUTO"><svg.*?One level up</a>', deeper, re.S)


def test_with_scripts_the_counts_change_with_the_results(client, postings):
    html = page(client, "/en/needs/?subject=processing", HX_Request="true", HX_Target="results")
    swapped = set(re.findall(r'id="(facet-\w+)" hx-swap-oob="true"', html))
    assert swapped == {"facet-chain", "facet-node", "facet-region", "facet-subject", "facet-certificates"}
    assert boxes(html, "chain")["AUTO"] == ("1", False)
    assert "<form" not in html
    whole = page(client, "/en/needs/?subject=processing")
    assert "hx-swap-oob" not in whole
    for facet in swapped:
        assert whole.count(f'id="{facet}"') == 1


def test_papers_that_fewer_than_three_firms_hold_are_not_counted_apart(client, signed_in):
    paper = Certification.objects.get(code="IATF16949")
    member = signed_in(MembershipFactory().user)
    firms = EnterpriseFactory.create_batch(3)
    for firm in firms[:2]:
        EnterpriseCertificateFactory(enterprise=firm, certification=paper, state="checked")
        PostingFactory.create_batch(2, capacity=True, enterprise=firm)
    few = page(member, "/en/capacities/")
    told = boxes(few, "certificates")
    assert told["IATF16949"] == told["ISO9001"] == ("<3", False)


def test_three_firms_with_a_paper_are_counted(signed_in):
    for firm in EnterpriseFactory.create_batch(3):
        EnterpriseCertificateFactory(
            enterprise=firm, certification=Certification.objects.get(code="IATF16949"), state="checked"
        )
        PostingFactory.create_batch(2, capacity=True, enterprise=firm)
    told = boxes(page(signed_in(MembershipFactory().user), "/en/capacities/"), "certificates")
    assert told["IATF16949"] == ("6", False)


def test_visitors_are_offered_no_papers_of_capacities(client):
    PostingFactory(capacity=True)
    assert "facet-certificates" not in page(client, "/en/capacities/")
    assert "facet-certificates" not in page(client, "/en/capacities/", HX_Request="true", HX_Target="results")


@pytest.mark.parametrize(
    "query", ["node=%00", "node=NO.SUCH", "region=999999", "chain=<b>", "q=%F0%9F%98%80", "quantity_min=NaN"]
)
def test_bad_input_is_left_aside(client, postings, query):
    answer = client.get(f"/en/needs/?{query}")
    assert answer.status_code in (200, 400)
    assert "<b>" not in answer.content.decode().replace("<b>&", "")
