"""Who may read which list, what its filters find, what it adds up to, and which second sources there are."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Evidence, SupplyRole
from accounts.models import ListedFirm, SupplyRelation
from accounts.querysets import is_platform_admin
from matchmaking.matching.services.snapshots import build_snapshot
from matchmaking.matching.services.sourcing import Wanted, second_sources
from matchmaking.networks.queries.lists import (
    buyers_visible_to,
    called,
    count_firms,
    filtered,
    firm_mark,
    network_of_buyer,
    perhaps_here,
    relations_of,
    released_counts,
)
from matchmaking.networks.services.deciding import decide_sameness
from matchmaking.postings.choices import Visibility
from reference.models import ChainNode, IndustryChain, Region, Unit
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseFactory,
    ListedFirmFactory,
    MembershipFactory,
    SupplyRelationFactory,
    UserFactory,
)
from tests.factories.parks import ParkAdministratorFactory, ParkFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
STAMPING, CASTING = "AUTO.BODY.STAMP", "AUTO.BODY.CAST"


def node(code):
    return ChainNode.objects.get(code=code)


def grant(*, regions=(), chains=()):
    made = CoordinatorGrantFactory()
    made.regions.set(Region.objects.filter(code__in=regions))
    made.chains.set(IndustryChain.objects.filter(code__in=chains))
    return made.user


def test_a_list_is_read_by_its_members_and_coordinators_of_its_region_and_by_nobody_else():
    home = Region.objects.get(code="510112")
    buyer = MembershipFactory(enterprise__region=home)
    here = MembershipFactory()
    row = ListedFirmFactory(buyer=buyer.enterprise, firm=here.enterprise)
    relation = SupplyRelationFactory(listed=row, node=node(STAMPING))
    chain = relation.node.chain.code
    park = ParkFactory()
    park.regions.set([home])
    readers = {
        "member": (buyer.user, True),
        "viewer": (MembershipFactory(enterprise=buyer.enterprise, viewer=True).user, True),
        "former": (MembershipFactory(enterprise=buyer.enterprise, former=True).user, False),
        "listed firm": (here.user, False),
        "outsider": (MembershipFactory().user, False),
        "nobody": (AnonymousUser(), False),
        "everywhere": (grant(), True),
        "of the region": (grant(regions=["510100"]), True),
        "of another region": (grant(regions=["500000"]), False),
        "of the chain": (grant(chains=[chain]), True),
        "of another chain": (grant(chains=[IndustryChain.objects.exclude(code=chain).first().code]), False),
        "runs a park there": (ParkAdministratorFactory(park=park).user, False),
        "platform": (UserFactory(platform_admin=True), True),
    }
    assert any(is_platform_admin(user) for user, _sees in readers.values())
    for who, (user, sees) in readers.items():
        assert ListedFirm.objects.visible_to(user).exists() is sees, who
        assert SupplyRelation.objects.visible_to(user).exists() is sees, who
        assert relations_of(user, buyer.enterprise).exists() is sees, who
    assert list(buyers_visible_to(grant(regions=["510100"]))) == [buyer.enterprise]
    assert not buyers_visible_to(buyer.user).exists()


def test_a_supplier_reads_what_it_agreed_here_and_nothing_that_is_only_listed():
    supplier, buyer = MembershipFactory(), EnterpriseFactory()
    SupplyRelationFactory(listed=ListedFirmFactory(buyer=buyer, firm=supplier.enterprise), node=node(STAMPING))
    agreed = SupplyRelation.objects.create(
        buyer=EnterpriseFactory(), supplier=supplier.enterprise, evidence=Evidence.AGREED_HERE
    )
    assert list(SupplyRelation.objects.visible_to(supplier.user)) == [agreed]


@pytest.fixture
def listed():
    """A buyer of Chengdu with five firms: a link here, another role, a former one, and places of all kinds."""
    buyer = MembershipFactory(enterprise__region=Region.objects.get(code="510112"))
    firm = buyer.enterprise

    def put(name, place, region, **told):
        row = ListedFirmFactory(
            buyer=firm, name=name, place=place, region=Region.objects.filter(code=region).first(), **told
        )
        return row

    here = EnterpriseFactory()
    one = put("示例甲", "四川", "510000", firm=here)
    two = put("示例乙", "重庆", "500000")
    three = put("示例丙", "宁波", "")
    four = put("示例丁", "", "")
    gone = put("示例戊", "", "", left_on="2026-01-31")
    SupplyRelationFactory(listed=one, node=node(STAMPING), evidence=Evidence.AGREED_HERE, share_percent=60)
    SupplyRelationFactory(listed=one, node=node(CASTING))
    SupplyRelationFactory(listed=two, node=node(STAMPING), tier=2)
    SupplyRelationFactory(listed=three, role=SupplyRole.DISTRIBUTOR)
    SupplyRelationFactory(listed=four)
    SupplyRelationFactory(listed=gone, node=node(CASTING))
    return buyer


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, "甲甲乙丙丁"),
        ({"former": "1"}, "甲甲乙丙丁戊"),
        ({"q": "示例乙"}, "乙"),
        ({"q": "成都"}, ""),
        ({"q": "重庆"}, "乙"),
        ({"role": "distributor"}, "丙"),
        ({"tier": "2"}, "乙"),
        ({"tier": "two"}, "甲甲乙丙丁"),
        ({"evidence": "agreed_here"}, "甲"),
        ({"here": "yes"}, "甲甲"),
        ({"here": "no"}, "乙丙丁"),
        ({"node": CASTING}, "甲"),
        ({"node": "AUTO.BODY"}, ""),
        ({"place": "510000"}, "甲甲"),
        ({"place": "elsewhere"}, "丙"),
        ({"place": "unknown"}, "丁"),
        ({"place": "nowhere"}, "甲甲乙丙丁"),
    ],
)
def test_filters_find_what_they_say(listed, asked, names):
    rows = filtered(relations_of(listed.user, listed.enterprise), asked)
    assert sorted(row.shown_name[-1] for row in rows) == sorted(names)
    assert count_firms(rows) == len(set(names))


def test_a_list_adds_up_by_firm_whatever_each_brings(listed):
    network = network_of_buyer(listed.user, listed.enterprise)
    assert (network.firms, network.suppliers, network.distributors, network.here) == (4, 3, 1, 1)
    assert network.by_place == [("510000", 1, 0), ("500000", 1, 0), ("elsewhere", 0, 1), ("unknown", 1, 0)]
    assert network.by_tier == [(1, 2), (2, 1)]
    nodes = {one.node.code: one for one in network.nodes}
    assert (nodes[STAMPING].suppliers, nodes[STAMPING].across, nodes[STAMPING].largest_share) == (2, 1, 60)
    assert [one.node.code for one in network.single] == [CASTING]
    with CaptureQueriesContext(connection) as queries:
        network_of_buyer(listed.user, listed.enterprise)
    few = len(queries)
    for _more in range(20):
        SupplyRelationFactory(listed__buyer=listed.enterprise, node=node(CASTING))
    with CaptureQueriesContext(connection) as queries:
        network_of_buyer(listed.user, listed.enterprise)
    assert len(queries) == few


def test_a_name_that_an_enterprise_here_has_is_asked_about_once(listed):
    here = EnterpriseFactory(name="示例乙")
    (one,) = perhaps_here(listed.enterprise)
    assert (one.listed.name, one.firm) == ("示例乙", here)
    decide_sameness(
        buyer=listed.enterprise,
        actor=listed.user,
        mark=called(one.listed).marks[0],
        other=firm_mark(here),
        is_same=False,
    )
    assert perhaps_here(listed.enterprise) == []


def test_counts_are_public_only_where_released_and_never_of_fewer_than_three(listed):
    firm = listed.enterprise
    assert released_counts(firm) is None
    firm.releases_network = True
    told = released_counts(firm)
    assert (told["suppliers"], told["distributors"], told["places"]) == (3, None, [])
    for place in ("510000", "500000"):
        for _firm in range(3):
            row = ListedFirmFactory(buyer=firm, place=place, region=Region.objects.get(code=place))
            SupplyRelationFactory(listed=row)
    assert released_counts(firm)["places"] == []  # one of unknown place would be told by what is left
    SupplyRelation.objects.filter(listed__place="").update(ended_on="2026-01-31")
    assert released_counts(firm)["places"] == [("510000", 4), ("500000", 4)]


def test_second_sources_are_live_capacities_of_others_and_aliases_give_nothing_away(listed):
    unit, place = Unit.objects.get(code="PCS"), Region.objects.get(code="500116")
    supplier = EnterpriseFactory()
    known = {"capacity": True, "node": node(CASTING), "unit": unit, "region": place}
    fresh = PostingFactory(**known, quantity_amount=Decimal(5000))
    own = PostingFactory(**known, quantity_amount=Decimal(5000), enterprise=supplier)
    alias = PostingFactory(**known, quantity_amount=Decimal(5000), enterprise=supplier, visibility=Visibility.ALIAS)
    build_snapshot()
    wanted = Wanted(listed.enterprise, node(CASTING), unit, Decimal(100), fresh.period)
    found = second_sources(wanted, viewer=listed.user, suppliers={supplier.pk})
    numbers = {one.posting.number for one in found.fitting}
    assert fresh.number in numbers
    assert own.number not in numbers
    both = second_sources(wanted, viewer=listed.user, suppliers=set())
    assert own.number in {one.posting.number for one in both.fitting} or alias.number in {
        one.posting.number for one in both.fitting
    }
    assert all(one.reasons for one in found.fitting)
