"""The page of a posting that takes no new requests for a while: set and ended by its form, read by everybody."""

import pytest
from django.urls import reverse

from matchmaking.postings.models import Posting
from matchmaking.postings.services.busy import set_busy
from tests.factories.accounts import MembershipFactory
from tests.factories.postings import PostingFactory, days_from_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def capacity():
    return PostingFactory(capacity=True)


@pytest.fixture
def seller(capacity):
    return MembershipFactory(enterprise=capacity.enterprise).user


def page(client, posting):
    return client.get(reverse("web:postings:capacity", args=[posting.number])).content.decode()


def test_its_owner_sets_and_ends_it_by_form(capacity, seller, signed_in):
    client, until = signed_in(seller), days_from_today(5)
    address = reverse("web:postings:busy", args=[capacity.number])

    assert client.post(address, {"until": until.isoformat()}).status_code == 302
    assert Posting.objects.get().busy_until == until
    assert until.isoformat() in page(client, capacity)
    assert client.post(address).status_code == 302
    assert Posting.objects.get().busy_until is None


@pytest.mark.parametrize("typed", ["soon", "2020-01-01", "2999-01-01"])
def test_a_day_that_does_not_fit_is_told(capacity, seller, signed_in, typed):
    answer = signed_in(seller).post(reverse("web:postings:busy", args=[capacity.number]), {"until": typed})

    assert (answer.status_code, Posting.objects.get().busy_until) == (422, None)


def test_others_read_it_before_they_ask_and_get_no_button(capacity, seller, signed_in):
    need = PostingFactory()
    client = signed_in(MembershipFactory(enterprise=need.enterprise).user)
    button = reverse("web:partnerships:interest")
    assert button in page(client, capacity)

    set_busy(posting=capacity, actor=seller, until=days_from_today(5))
    told = page(client, capacity)

    assert days_from_today(5).isoformat() in told
    assert button not in told


def test_strangers_cannot_set_it(capacity, signed_in):
    stranger = signed_in(MembershipFactory().user)

    answer = stranger.post(reverse("web:postings:busy", args=[capacity.number]), {"until": days_from_today(5)})

    assert (answer.status_code, Posting.objects.get().busy_until) == (404, None)
