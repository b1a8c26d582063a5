"""Putting a suggestion aside: for a reason, with a way back, by whom it belongs to alone."""

import re

import pytest
from django.urls import reverse

from matchmaking.matching.models import Dismissal
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def need():
    return PostingFactory()


@pytest.fixture
def owner(need):
    return MembershipFactory(enterprise=need.enterprise).user


def dismiss(client, need, other, reason="end.suggestion.too_far", **headers):
    address = reverse("web:matching:dismiss", args=[need.number, other.number])
    return client.post(address, {"reason": reason}, headers=headers)


def test_dismiss_puts_a_counterpart_aside_and_offers_the_way_back(need, owner, signed_in):
    other, client = PostingFactory(capacity=True), signed_in(owner)

    response = client.get(dismiss(client, need, other).url)

    assert Dismissal.objects.get().reason == "end.suggestion.too_far"
    html = response.content.decode()
    undo = reverse("web:matching:undo_dismiss", args=[need.number, other.number])
    assert f'id="match-{other.number}"' not in html
    assert undo in html
    client.post(undo)
    assert Dismissal.objects.count() == 0


def test_dismiss_answers_htmx_in_place(need, owner, signed_in):
    other = PostingFactory(capacity=True)
    html = dismiss(signed_in(owner), need, other, **{"HX-Request": "true"}).content.decode()

    assert 'role="status"' in html
    assert "<html" not in html
    assert re.search(r'id="matches-count" hx-swap-oob="true">0 ', html)
    assert 'id="toasts" hx-swap-oob' in html
    assert f'id="match-{other.number}"' not in html


def test_undo_returns_to_the_page_one_came_from(need, owner, signed_in):
    other, client = PostingFactory(capacity=True), signed_in(owner)
    undo = reverse("web:matching:undo_dismiss", args=[need.number, other.number])
    own_page = f"http://testserver{reverse('web:postings:need', args=[need.number])}"
    listed = reverse("web:matching:matches", args=[need.number])

    assert client.post(undo, headers={"Referer": own_page}).url == own_page
    assert client.post(undo, headers={"Referer": "https://elsewhere.example/"}).url == listed
    assert client.post(undo, headers={"Referer": f"http://testserver{listed}?dismissed={other.number}"}).url == listed


@pytest.mark.parametrize("reason", ["", "end.need.withdrawn", "x" * 9000])
def test_dismiss_takes_only_its_own_reasons(need, owner, signed_in, reason):
    other = PostingFactory(capacity=True)

    assert dismiss(signed_in(owner), need, other, reason).status_code == 422
    assert Dismissal.objects.count() == 0


@pytest.mark.parametrize("dismissed", ["x" * 2000, "NOSUCH0000"])
def test_a_strange_dismissed_one_is_passed_over(need, owner, signed_in, dismissed):
    page = reverse("web:matching:matches", args=[need.number])
    assert signed_in(owner).get(f"{page}?dismissed={dismissed}").status_code == 200


def test_dismiss_is_for_ones_own_postings(need, signed_in):
    stranger = signed_in(MembershipFactory().user)
    assert dismiss(stranger, need, PostingFactory(capacity=True)).status_code == 404
