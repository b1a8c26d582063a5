"""Every figure that links to a list is as long as that list; figures of what nobody lists lead to their definition."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.utils import timezone

from common.keeping import process_cache
from matchmaking.partnerships.choices import State
from matchmaking.postings.models import Posting
from tests.factories.accounts import MembershipFactory, NoticeFactory, UserFactory
from tests.factories.parks import ParkFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory, days_from_today

pytestmark = pytest.mark.django_db
LINK = re.compile(r"<a [^>]*data-figure=[^>]*>")
TOTAL = re.compile(r'data-total="(\d+)"')


def attribute(name, tag):
    return unescape(re.search(f' {name}="([^"]*)"', tag)[1])


def compared(client, page):
    """Each figure of a page with the length of the list behind its link."""
    html = client.get(page).content.decode()
    found = [(attribute("data-figure", tag), attribute("href", tag)) for tag in LINK.findall(html)]
    pairs = []
    for figure, address in found:
        answer = client.get(urljoin(page, address))
        assert answer.status_code == 200, address
        total = TOTAL.search(answer.content.decode())
        pairs.append((address, int(figure), int(total[1]) if total else 0))
    return pairs


def wrong(pairs):
    return [pair for pair in pairs if pair[1] != pair[2]]


@pytest.fixture
def market():
    """Needs and capacities of four firms at one node, in several states, with partnerships in several states."""
    owner = MembershipFactory()
    needs = PostingFactory.create_batch(4, enterprise=owner.enterprise)
    for status in ("draft", "paused", "in_review", "closed"):
        PostingFactory(enterprise=owner.enterprise, status=status)
    capacities = [PostingFactory(capacity=True, node=needs[0].node, region=needs[0].region) for _ in range(4)]
    others = [PostingFactory(node=needs[0].node, region=needs[0].region) for _ in range(3)]
    PostingFactory(capacity=True, enterprise=owner.enterprise)
    old = timezone.now() - timedelta(days=45)
    Posting.objects.filter(pk=others[0].pk).update(published_at=old, confirmed_on=days_from_today(-45))
    PartnershipFactory(need=needs[0], capacity=capacities[0])
    PartnershipFactory(need=needs[0], capacity=capacities[1], answer_by=days_from_today(-1))
    PartnershipFactory(need=needs[1], capacity=capacities[1], opened_by="capacity")
    PartnershipFactory(need=needs[2], capacity=capacities[2], introduced=True)
    PartnershipFactory(need=needs[3], capacity=capacities[2], state=State.DELIVERING, introduced_at=timezone.now())
    PartnershipFactory(need=needs[3], capacity=capacities[3], failed=True)
    process_cache.clear()
    return owner


def test_the_figures_of_the_home_page(market):
    pairs = compared(Client(), "/")
    assert len(pairs) >= 2
    assert wrong(pairs) == []


def test_the_figures_of_the_workbench(market, signed_in):
    pairs = compared(signed_in(market.user), "/me/")
    assert {figure for _address, figure, _total in pairs} >= {1, 2}
    assert len(pairs) == 9 + Posting.objects.filter(enterprise=market.enterprise).count()
    assert wrong(pairs) == []


def test_the_figures_of_partnerships_of_notices_and_of_ones_own_postings(market, signed_in):
    NoticeFactory.create_batch(2, reader=market.user)
    client = signed_in(market.user)
    need = Posting.objects.filter(enterprise=market.enterprise, direction="need").order_by("pk").first()
    pages = {"/partnerships/": 3, "/me/notices/": 1, "/me/postings/": 9, f"/needs/{need.number}/": 1}
    found = {page: compared(client, page) for page in pages}
    assert {page: len(pairs) for page, pairs in found.items()} == pages
    assert [wrong(pairs) for pairs in found.values()] == [[]] * 4
    assert found["/me/notices/"][0][1:] == (2, 2)
    assert found[f"/needs/{need.number}/"][0][1] == 2


def test_the_figures_of_a_chain(market):
    chain = Posting.objects.filter(enterprise=market.enterprise).first().node.chain.code
    pairs = compared(Client(), f"/chains/{chain}/")
    assert len(pairs) >= 2
    assert wrong(pairs) == []


def test_the_figures_of_a_park(market):
    region = Posting.objects.filter(enterprise=market.enterprise).first().region
    park = ParkFactory()
    park.regions.set([region])
    pairs = compared(Client(), f"/parks/{park.slug}/")
    assert len(pairs) == 3
    assert pairs[1][1] >= 4
    assert wrong(pairs) == []


def test_the_figures_of_coordination(market, signed_in):
    pairs = compared(signed_in(UserFactory(platform_admin=True, totp=True)), "/coordination/")
    assert len(pairs) == 10
    assert wrong(pairs) == []
    assert {figure for _address, figure, _total in pairs} >= {1, 2}


@pytest.mark.parametrize("language", ["", "/en"])
def test_own_postings_are_listed_in_every_state(market, signed_in, language):
    client = signed_in(market.user)
    for query, total in (("", 9), ("?direction=need", 8), ("?status=draft", 1), ("?status=nonsense&direction=x", 9)):
        html = client.get(f"{language}/me/postings/{query}").content.decode()
        assert int(TOTAL.search(html)[1]) == total
    assert client.get(f"{language}/me/postings/?status=expired").status_code == 200
