"""At the doors: markets that differ only inside a band answer whoever may not see the figures byte for byte alike.

The same of the engine alone, over generated markets: tests/matchmaking/engine/test_bands.py.
"""

import re
from decimal import Decimal
from functools import partial

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import CheckState
from common.keeping import process_cache
from matchmaking.engine.scoring.building import build_market
from matchmaking.matching.services import snapshots
from matchmaking.postings.models import CapacityMonth, Posting
from matchmaking.postings.services.life import level_of
from tests.api.conftest import Partner
from tests.factories.accounts import EnterpriseCertificateFactory, EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory

pytestmark = pytest.mark.django_db

BOOKED = [(0, 3000), (600, 2900), (4900, 8900), (5000, 8000), (9700, 11_900), (9800, 11_000)]
"""Booked of 12,000 in the one market and in the other, twice each of plenty, some and low: a quarter and three quarters
left are the edges, and nothing left a class of its own on a capacity's page."""
OUTCOMES = (3, 9)
REQUESTS = (0, 1)
IN_A_MONTH = (5000, 5500)
"""Hidden figures of one band, likewise; of the month beside what is booked in all months."""
DRAWN_ANEW = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": ?"[^"]+|<span class="nowrap">[^<]*\d\d:\d\d[^<]*</span>'
)
"""Tokens against forged requests, and the minute at which a page was calculated."""


@pytest.fixture
def need():
    """A need that some capacities meet, some miss by one must, and some could meet if it asked for less."""
    need = PostingFactory(title="示例壳体", consortium_allowed=True)
    need.paper = PostingCertificateFactory(posting=need)
    return need


@pytest.fixture
def capacities(need):
    """Two of each class of what is left, and as many that lack nothing but a paper of the need."""
    made = []
    for at in range(2 * len(BOOKED)):
        firm = EnterpriseFactory()
        if at < len(BOOKED):
            paper = need.paper.certification
            EnterpriseCertificateFactory(enterprise=firm, certification=paper, state=CheckState.CHECKED)
        made.append(PostingFactory(capacity=True, enterprise=firm, title=f"示例壳体产能{at}", node=need.node))
    return made


@pytest.fixture
def doors(need, capacities):
    """Answers of all doors that tell of others' postings, by address: to the need's firm, other readers, a system."""
    owner = MembershipFactory(enterprise=need.enterprise).user
    partner = Partner(need.enterprise, owner)
    other, nobody = MembershipFactory().user, UserFactory()
    one = capacities[2]
    private = [reverse(f"web:matching:{name}", args=[need.number]) for name in ("matches", "others", "loosen")]
    public = [
        *(f"/capacities/{query}" for query in ("", "?q=壳体", "?sort=largest", "?quantity_min=5000&unit=XPCS")),
        *(reverse("web:postings:capacity", args=[row.number]) for row in capacities[:4]),
        reverse("web:postings:similar", args=[one.number]),
        f"/enterprises/{one.enterprise.key}/",
    ]
    asked = f"postings/{need.number}/suggestions/"
    api = [
        asked,
        f"{asked}?fit_only=true",
        "postings/?direction=capacity",
        "postings/?direction=capacity&q=壳体",
        "postings/counts/?direction=capacity",
        "postings/counts/?direction=capacity&quantity_min=5000&unit=XPCS",
        f"postings/{one.number}/",
        f"postings/{one.number}/similar/",
    ]

    def fetch():
        told = {}
        for reader, pages in ((owner, private + public), (other, public), (nobody, public), (None, public)):
            client = Client()
            if reader:
                client.force_login(reader, backend="accounts.adapters.SignInByAddress")
            for page in (f"{prefix}{page}" for page in pages for prefix in ("", "/en")):
                told[str(reader and reader.pk), page] = client.get(page)
        for path in api:
            told["system", path] = partner.ask(path, **{"Accept-Language": "en"})
        assert {answer.status_code for answer in told.values()} == {200}
        return {place: DRAWN_ANEW.sub("", answer.content.decode()) for place, answer in told.items()}

    return fetch


@pytest.fixture
def answers_of(capacities, doors):
    """What all doors tell of the one market or the other; afterwards the database is as it was."""

    def ask(which):
        with transaction.atomic():
            for at, row in enumerate(capacities):
                booked = Decimal(BOOKED[at % len(BOOKED)][which])
                requests = REQUESTS[which]
                assert level_of(REQUESTS[0]) == level_of(REQUESTS[1])
                Posting.objects.filter(pk=row.pk).update(reserved_amount=booked, open_interest_count=requests)
                type(row.enterprise).objects.filter(pk=row.enterprise_id).update(confirmed_outcomes=OUTCOMES[which])
            first = timezone.localdate().replace(day=1)
            CapacityMonth.objects.create(posting=capacities[0], month=first, booked_amount=IN_A_MONTH[which])
            forget()
            told = doors()
            transaction.set_rollback(True)
        return told

    return ask


def forget():
    """As a process that has just started."""
    snapshots._held.clear()
    process_cache.clear()
    caches["default"].clear()


def differing(one, other):
    """Places whose answers differ."""
    assert one.keys() == other.keys()
    return [place for place in one if one[place] != other[place]]


def test_markets_that_differ_inside_bands_answer_alike_at_every_door(answers_of, capacities, need):
    one, other = answers_of(0), answers_of(1)
    assert differing(one, other) == []
    page = next(told for (_, place), told in one.items() if place == f"/needs/{need.number}/matches/")
    assert sum(row.number in page for row in capacities) >= len(BOOKED)


def test_with_exact_values_in_place_of_bands_they_would_be_told_apart(answers_of, monkeypatch):
    monkeypatch.setattr(snapshots, "build_market", partial(build_market, exact=True))
    places = {place for _, place in differing(answers_of(0), answers_of(1))}
    assert any("/matches/" in place for place in places)
    assert any("/suggestions/" in place for place in places)
