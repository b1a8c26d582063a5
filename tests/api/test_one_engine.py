"""One engine at the REST door: partner systems find, count and resemble what ``visible_to`` lets their firm see."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Membership
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import Posting
from tests.api.conftest import Partner
from tests.factories.accounts import MembershipFactory
from tests.matchmaking.matching.services.test_one_engine import PARTLY, WORD, numbers, readers_of_a_market

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Readers of all roles over a market."""
    return readers_of_a_market()


@pytest.fixture
def systems(world):
    """Partner systems of firms in good standing, and one of the platform, which reads what a visitor reads."""
    one, two = (Membership.objects.filter(user=world[role]).first() for role in ("owner", "of two firms"))
    made = {
        "of a firm": Partner(one.enterprise, one.user),
        "of one of two firms": Partner(two.enterprise, two.user),
        "of the platform": Partner(None, world["platform administrator"], ("postings:read",)),
    }
    stranger = MembershipFactory()
    made["of a stranger"] = Partner(stranger.enterprise, stranger.user)
    return made


def test_partner_systems_find_count_and_resemble_what_their_firm_may_see(world, systems):
    found = {}
    for (role, partner), direction in product(systems.items(), Direction):
        visible = Posting.objects.visible_through(partner.enterprise).live().filter(direction=direction)
        firm = partner.enterprise
        reader = MembershipFactory(enterprise=firm).user if firm else AnonymousUser()
        assert numbers(visible) <= numbers(Posting.objects.visible_to(reader)), role
        listed = numbers_of(partner, f"postings/?direction={direction}&{WORD}&page_size=100")
        texts = {row.number: f"{row.title} {row.text}" if firm else row.title for row in visible}
        assert listed == {number for number, text in texts.items() if "罕见词" in text}, (role, direction)
        assert numbers_of(partner, f"postings/?direction={direction}&{PARTLY}") == set()
        counts = partner.ask(f"postings/counts/?direction={direction}&{WORD}").json()
        assert counts["total"] == len(listed), (role, direction)
        for number in sorted(listed)[:3]:
            like = numbers_of(partner, f"postings/{number}/similar/")
            assert like <= numbers(visible) - {number}, role
            assert not Posting.objects.filter(number__in=like, enterprise=partner.enterprise).exists(), role
        found[role, direction] = listed
    assert min(map(len, found.values())) >= 2
    assert len(set(map(frozenset, found.values()))) > 3


def test_a_system_of_a_firm_that_was_suspended_finds_nothing(partner, world):
    partner.enterprise.suspended_at = timezone.now()
    partner.enterprise.save()
    assert partner.ask(f"postings/?direction=need&{WORD}").status_code == 401
    assert partner.ask(f"postings/counts/?direction=need&{WORD}").status_code == 401


def numbers_of(partner, path):
    """Numbers of the postings in an answer, listed alone or within rows."""
    answer = partner.ask(path)
    assert answer.status_code == 200, answer.content
    return {row.get("posting", row)["number"] for row in answer.json()["results"]}
