"""One engine finds, orders, counts, tells and resembles, and shows no role more than ``visible_to`` lets it see."""

from datetime import timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from accounts.choices import CheckState, MembershipStatus
from matchmaking.matching.models import SearchNews
from matchmaking.matching.services import searching
from matchmaking.matching.services.alerts import tell_searches
from matchmaking.matching.services.facets import facets_of, firms_in_standing
from matchmaking.matching.services.searching import found_numbers, partly_found_numbers, similar_numbers
from matchmaking.postings.choices import Direction, Subject, Visibility
from matchmaking.postings.filters import PostingFilter
from matchmaking.postings.models import Posting
from matchmaking.postings.queries.postings import listed_postings, reads_details
from reference.models import Certification, ChainNode, Region, Unit
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseCertificateFactory,
    EnterpriseFactory,
    MembershipFactory,
    NetworkMembershipFactory,
    UserFactory,
)
from tests.factories.parks import ParkAdministratorFactory
from tests.factories.postings import PostingCertificateFactory, PostingFactory, SavedSearchFactory, days_from_today
from web.lists import page_by_relevance
from web.views.postings.lists import list_asked_for

pytestmark = pytest.mark.django_db

FACETS = ("chain", "node", "region", "subject", "certificates")
MOST_COMPARED = 2
"""Values of one filter that are counted by hand, for each reader and search."""
WORD = "q=%E7%BD%95%E8%A7%81%E8%AF%8D"
STATES = ("draft", "in_review", "paused", "closed", "expired")
NODES = ("AUTO.BODY.CAST", "AUTO.BODY", "EQUIP.PROC.DIECAST", "AUTO")
REGIONS = ("510100", "510700", "500120", "510000")
QUERIES = (
    "",
    "q=%E7%BD%95",
    "chain=AUTO&chain=EQUIP",
    "node=AUTO.BODY",
    "node=AUTO&chain=AUTO",
    "region=510000",
    "region=510100&region=500000",
    "certificates=IATF16949&certificates=ISO9001&region=510000",
    "window_from=2030-01-01",
    "quantity_max=5000.5&subject=component",
    "unit=PCS&quantity_min=0.001",
    "unit=T&quantity_min=3&quantity_max=7",
    "q=%E7%BD%95%E8%A7%81%E8%AF%8D&node=AUTO.BODY&region=510100",
)


@pytest.fixture
def world():
    """Readers of all roles over a market."""
    return readers_of_a_market()


def make_postings(places, firm, other, second):
    """Two dozen postings, the first nine of members' firms."""
    nodes = {node.code: node for node in ChainNode.objects.filter(code__in=NODES)}
    units = list(Unit.objects.filter(code__in=("T", "KG", "PCS")).order_by("code"))
    papers = list(Certification.objects.filter(code__in=("IATF16949", "ISO9001")))
    for at in range(24):
        row = PostingFactory(
            capacity=at % 2 == 1,
            enterprise=(firm, other, second)[at % 3].enterprise if at < 9 else EnterpriseFactory(),
            title=f"罕见词示例{at}" if at % 4 < 3 else f"另一条{at}",
            text="罕见词" if at % 5 == 0 else "说明",
            node=nodes[NODES[at % 4]],
            region=places[at % len(places)],
            subject=list(Subject)[at % 3],
            unit=units[at % len(units)],
            quantity_amount=f"{(at % 7 + 1) * 1000}.5" if at % 3 else f"{at + 1}",
            visibility=Visibility.ALIAS if at % 6 == 5 else Visibility.NAMED,
            window_end=days_from_today(at * 40) if at % 5 else None,
            opens_on=days_from_today(1 if at % 4 else -1) if at % 3 == 1 else None,
        )
        if at in (7, 10, 13, 22):
            NetworkMembershipFactory(buyer=row.enterprise, supplier=(firm if at == 7 else other).enterprise)
        if at % 3 == 0:
            row.further_nodes.add(nodes[NODES[(at + 1) % 4]])
        if at % 4 == 2:
            row.hidden_from.add((firm, other, second)[at % 3].enterprise)
        if at % 2 == 0:
            PostingCertificateFactory(posting=row, certification=papers[at % 4 // 2], is_must=bool(at % 3))
        elif at % 4 == 1:
            EnterpriseCertificateFactory(enterprise=row.enterprise, certification=papers[0], state=CheckState.CHECKED)


def readers_of_a_market():
    """Readers of all roles, over postings in many places and states, some hidden, under alias or suspended."""
    regions = {region.code: region for region in Region.objects.filter(code__in=REGIONS)}
    firm, other = MembershipFactory(), MembershipFactory()
    second = MembershipFactory(user=other.user)
    shut = MembershipFactory(enterprise=EnterpriseFactory(suspended_at=timezone.now()))
    closed = Region.objects.filter(successor__isnull=False).order_by("code").first()
    make_postings([*regions.values(), closed], firm, other, second)
    node = ChainNode.objects.get(code="AUTO.BODY")
    for state in STATES:
        PostingFactory(title="罕见词示例", node=node, enterprise=firm.enterprise, **{state: True})
    PostingFactory(title="罕见词示例", node=node, enterprise=shut.enterprise)
    return {
        "visitor": AnonymousUser(),
        "user without a firm": UserFactory(),
        "asks to join": MembershipFactory(enterprise=firm.enterprise, status=MembershipStatus.REQUESTED).user,
        "viewer": MembershipFactory(enterprise=firm.enterprise, viewer=True).user,
        "owner": firm.user,
        "of two firms": other.user,
        "of a suspended firm": shut.user,
        "coordinator": CoordinatorGrantFactory().user,
        "coordinator of a province": coordinator_of(regions["510000"]),
        "coordinator of a firm": CoordinatorGrantFactory(user=MembershipFactory(enterprise=firm.enterprise).user).user,
        "park administrator": ParkAdministratorFactory().user,
        "platform administrator": UserFactory(platform_admin=True),
    }


def coordinator_of(region):
    grant = CoordinatorGrantFactory()
    grant.regions.add(region)
    return grant.user


def filters_for(rf, user, direction, query):
    request = rf.get("/")
    request.user = user
    rows = listed_postings(user=user, direction=direction)
    return PostingFilter(
        QueryDict(query), queryset=rows, request=request, reads=reads_details(user), search=found_numbers
    )


def numbers(rows):
    return set(rows.order_by().values_list("number", flat=True))


def narrowed(query, name, value):
    changed = QueryDict(query, mutable=True)
    changed.pop(name, None)
    if value:
        changed[name] = value
    return changed.urlencode()


def test_each_count_is_what_the_list_would_show(rf, world):
    compared = dict.fromkeys(FACETS, 0)
    for at, ((role, user), query) in enumerate(product(world.items(), QUERIES)):
        for direction in [("need", "capacity")[at % 2]]:
            filters = filters_for(rf, user, direction, query)
            facets = facets_of(filters=filters, viewer=user, direction=direction)
            assert facets.total == filters.qs.count(), (role, direction, query)
            for name in FACETS:
                told = [value for value in getattr(facets, name) if value.count]
                nothing = [value for value in getattr(facets, name) if value.count == 0]
                for value in (*told[:MOST_COMPARED], *nothing[:1]):
                    brute = filters_for(rf, user, direction, narrowed(query, name, value.code)).qs.count()
                    assert value.count == brute, (role, direction, query, name, value)
                    compared[name] += bool(value.count)
    assert min(compared.values()) > 20, compared


def by_texts(rf, user, query):
    """What the list finds when the texts themselves are read, without the engine."""
    request = rf.get("/")
    request.user = user
    rows = Posting.objects.visible_to(user).live()
    return numbers(PostingFilter(QueryDict(query), queryset=rows, request=request, reads=reads_details(user)).qs)


def test_box_order_by_relevance_and_similar_show_what_the_reader_may_see(rf, world):
    seen = set()
    for role, user in world.items():
        visible = numbers(Posting.objects.visible_to(user).live())
        boxes = set()
        for direction in ("need", "capacity"):
            filters = filters_for(rf, user, direction, WORD)
            shown = numbers(filters.qs)
            page, listed = page_by_relevance(filters.qs, filters.found, 1)
            assert {row.number for row in listed} == shown == set(page.object_list), (role, direction)
            boxes |= shown
        assert boxes == by_texts(rf, user, WORD), role
        for posting in Posting.objects.filter(number__in=sorted(visible)[:6]):
            found = similar_numbers(posting=posting, viewer=user, titles_only=not reads_details(user))
            keys = {one.key for one in found}
            assert keys <= visible - {posting.number}, role
            own = Posting.objects.filter(number__in=keys, enterprise__in=firms_in_standing(user, None))
            assert not own.exists(), role
            seen |= keys
    assert len(seen) > 5


PARTLY = f"{WORD}+zzqqx"
"""Words that nothing uses all of: most of the terms are those of WORD."""


def test_what_uses_a_part_of_the_words_is_what_the_reader_may_see(rf, world):
    seen = {}
    for (role, user), direction in product(world.items(), Direction):
        request = rf.get("/")
        request.user = user
        rows = listed_postings(user=user, direction=direction)
        shown = list_asked_for(request, QueryDict(PARTLY), rows, direction)
        numbers_shown = {row.number for row in shown.found}
        visible = Posting.objects.visible_to(user).live().filter(direction=direction)
        assert numbers_shown == by_texts(rf, user, WORD) & numbers(visible), (role, direction)
        found = partly_found_numbers("罕见词 zzqqx", not reads_details(user), direction.value, rows=rows)
        assert numbers_shown <= set(found)
        assert shown.is_partial == bool(numbers_shown)
        assert shown.facets.total == len(numbers_shown), (role, direction)
        seen[role, direction] = numbers_shown
    assert min(map(len, seen.values())) >= 2
    assert len(set(map(frozenset, seen.values()))) > 5


def test_what_is_hidden_takes_nobodys_place_among_what_uses_a_part_of_the_words(rf, world, monkeypatch):
    monkeypatch.setattr(searching, "MOST_PARTLY", 2)
    for (_role, user), direction in product(world.items(), Direction):
        request = rf.get("/")
        request.user = user
        shown = list_asked_for(request, QueryDict(PARTLY), listed_postings(user=user, direction=direction), direction)
        assert len(shown.found) == 2


def test_alerts_tell_what_the_readers_list_shows_and_nothing_of_their_own(rf, world):
    since = timezone.now() - timedelta(days=1)
    readers = {role: user for role, user in world.items() if user.is_authenticated}
    for user in readers.values():
        for direction in ("need", "capacity"):
            SavedSearchFactory(user=user, direction=direction, filters=WORD, tells_since=since)
    assert tell_searches().people > 5
    for role, user in readers.items():
        firms = firms_in_standing(user, None)
        theirs = numbers(Posting.objects.filter(enterprise__in=firms))
        told = set(SearchNews.objects.filter(search__user=user).values_list("posting__number", flat=True))
        assert told == by_texts(rf, user, WORD) - theirs, role
