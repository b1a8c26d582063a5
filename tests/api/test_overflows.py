"""Overflows by partners' systems: begun, planned, followed; nobody but their own firm reads what joins their needs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from common.keeping import process_cache
from matchmaking.consortia.models import Consortium, Overflow
from matchmaking.consortia.queries.consortia import active_members
from matchmaking.consortia.services.consenting import leave_consortium
from matchmaking.matching.services.snapshots import build_snapshot
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.services.outcomes import state_outcome
from matchmaking.postings.models import Posting
from matchmaking.postings.services.life import expire_postings
from reference.models import Region
from tests.factories.overflows import LONGCHANG, RONGCHANG, SEWING, offered, overflowing
from tests.factories.parks import ParkFactory
from tests.factories.partnerships import PartnershipFactory
from tests.matchmaking.partnerships.talks import Talks

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16
ORDERED, OWN = "40123", "25123"
SECRETS = (ORDERED, OWN, "40000", "25000", "overflow")


@pytest.fixture
def world():
    made = overflowing()
    build_snapshot()
    return made


def wanted(**changes):
    told = {
        "node": SEWING,
        "ordered_amount": "40000",
        "own_lines_amount": "25000",
        "unit": "PCS",
        "window_start": (timezone.localdate() + timedelta(days=7)).isoformat(),
        "weeks": 10,
        "region": LONGCHANG,
        "radius_km": 60,
        "most_partners": 2,
        "least_share_percent": 20,
        "floor_area": "2000",
        "workers": "100",
        "visibility": "named",
    }
    return {name: value for name, value in (told | changes).items() if value is not ...}


def begun(world, make_partner, **changes):
    """The firm's system, and the key of the overflow that it began."""
    firm = make_partner(world.firm)
    made = firm.ask("overflows/", "POST", wanted(**changes))
    assert made.status_code == 201, made.content
    return firm, made.json()["key"]


def shares(world, *amounts, own="2000"):
    asked = [
        {"capacity": shop.number, "quantity_amount": str(amount)}
        for shop, amount in zip(world.shops, amounts, strict=False)
    ]
    return {"shares": asked, "own_amount": own}


def fields(answer):
    assert answer.status_code == 422, answer.content
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def consent(seller, key):
    share = seller.ask(f"consortia/{key}/").json()["own_share"]
    versions = {name: share[name] for name in ("need_version", "capacity_version")}
    return seller.ask(f"consortia/{key}/consent/", "POST", versions)


def test_from_the_gap_to_a_plan_with_nothing_open_and_everybodys_consent(world, make_partner):
    firm, key = begun(world, make_partner)
    read = firm.ask(f"overflows/{key}/").json()
    assert [read[name] for name in ("ordered_amount", "own_lines_amount", "gap_amount", "remainder_amount")] == [
        "40000.000",
        "25000.000",
        "15000.000",
        "15000.000",
    ]
    assert (read["plan"], read["shares"], read["allowed_acts"]) == (None, [], ["plan", "close"])
    assert (read["premises"]["unit"], read["workers"]["quantity_amount"]) == ("M2", "100.000")
    told = firm.ask(f"overflows/{key}/partners/").json()
    assert (told["open_amount"], told["room"], told["unit"]) == ("15000.000", 2, "PCS")
    first = [(one["posting"]["number"], one["proposed_amount"], one["most_amount"]) for one in told["partners"]]
    assert first[0] == (world.shops[0].number, "9000.000", "9000.000")
    assert [amount for _number, amount, _most in first] == ["9000.000", "4000.000", None]

    asked = firm.ask(f"overflows/{key}/plan/", "POST", shares(world, 9000, 4000))
    assert asked.status_code == 201, asked.content
    read = asked.json()
    assert (read["remainder_amount"], read["own_amount"], read["allowed_acts"]) == ("0.000", "2000.000", ["close"])
    assert firm.ask(f"overflows/{key}/partners/").json()["code"] == "refusal.wrong_state"
    for seller in (make_partner(shop.enterprise) for shop in world.shops[:2]):
        assert consent(seller, read["plan"]).status_code == 200
    row = firm.ask("overflows/").json()["results"][0]
    assert (row["plan_state"], row["remainder_amount"], row["plan"]) == ("complete", "0.000", read["plan"])


def test_a_partner_reads_its_own_share_and_nothing_of_an_overflow(world, make_partner):
    firm, key = begun(world, make_partner, ordered_amount=ORDERED, own_lines_amount=OWN)
    plan = firm.ask(f"overflows/{key}/plan/", "POST", shares(world, 9000, 4000)).json()["plan"]
    gap = Overflow.objects.get().gap
    first, second = (make_partner(shop.enterprise) for shop in world.shops[:2])
    consent(first, plan)
    paths = (
        f"consortia/{plan}/",
        "consortia/",
        "partnerships/",
        "postings/?direction=need",
        f"postings/{gap.number}/",
        "messages/",
    )
    told = "".join(second.ask(path).content.decode() for path in paths)
    assert second.ask(f"consortia/{plan}/").json()["own_share"]["quantity_amount"] == "4000.000"
    assert [word for word in (*SECRETS, key, world.shops[0].number) if word in told] == []
    assert [second.ask(f"overflows/{key}/{rest}").status_code for rest in ("", "partners/")] == [404, 404]
    assert second.ask(f"overflows/{key}/plan/", "POST", shares(world, 9000, 4000)).status_code == 404
    assert second.ask("overflows/").json()["results"] == []


def test_a_system_of_another_firm_of_the_same_owner_finds_nothing(world, make_partner):
    _firm, key = begun(world, make_partner)
    stranger = make_partner()
    Membership.objects.create(user=stranger.owner, enterprise=world.firm, role="owner")
    assert stranger.ask("overflows/").json()["results"] == []
    assert [stranger.ask(f"overflows/{key}/{rest}").status_code for rest in ("", "partners/")] == [404, 404]
    assert stranger.ask(f"overflows/{key}/plan/", "POST", shares(world, 9000)).status_code == 404


def test_an_overflow_opens_for_a_system_where_its_page_opens_for_a_member(world, make_partner, signed_in):
    firm, key = begun(world, make_partner)
    opened = {}
    for asker in (firm, make_partner(world.shops[0].enterprise), make_partner()):
        opened[asker.enterprise.pk] = signed_in(asker.owner).get(f"/en/overflow/{key}/").status_code
        assert asker.ask(f"overflows/{key}/").status_code == opened[asker.enterprise.pk]
    assert sorted(opened.values()) == [200, 404, 404]


def test_when_a_partner_leaves_its_part_is_planned_again(world, make_partner):
    firm, key = begun(world, make_partner)
    plan = firm.ask(f"overflows/{key}/plan/", "POST", shares(world, 9000, 4000)).json()["plan"]
    seller = make_partner(world.shops[1].enterprise)
    seller.ask(f"consortia/{plan}/leave/", "POST", {"reason": "end.partnership.price"})
    read = firm.ask(f"overflows/{key}/").json()
    assert (read["plan_state"], read["remainder_amount"], read["allowed_acts"]) == (
        "short",
        "4000.000",
        ["plan", "close"],
    )
    told = firm.ask(f"overflows/{key}/partners/").json()
    assert [one["posting"]["number"] for one in told["partners"]] == [world.shops[2].number]
    assert (told["room"], told["partners"][0]["proposed_amount"]) == (1, "4000.000")
    rest = {"shares": [{"capacity": world.shops[2].number, "quantity_amount": "4000"}]}
    again = firm.ask(f"overflows/{key}/plan/", "POST", rest).json()
    assert (again["remainder_amount"], again["own_amount"], len(again["shares"])) == ("0.000", "2000.000", 2)


def test_the_own_line_takes_what_a_partner_left(world, make_partner):
    firm, key = begun(world, make_partner)
    plan = Consortium.objects.get(
        key=firm.ask(f"overflows/{key}/plan/", "POST", shares(world, 9000, 4000)).json()["plan"]
    )
    member = plan.members.get(partnership__capacity=world.shops[1])
    leave_consortium(member=member, actor=world.sellers[1], reason="end.partnership.price")
    done = firm.ask(f"overflows/{key}/plan/", "POST", {"shares": [], "own_amount": "6000"}).json()
    assert (done["remainder_amount"], done["own_amount"]) == ("0.000", "6000.000")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"own_lines_amount": "40000"}, "own_lines_amount", "refusal.no_gap"),
        ({"ordered_amount": "99999999999999"}, "ordered_amount", "refusal.too_large"),
        ({"node": "NO.SUCH"}, "node", "refusal.unknown_code"),
        ({"unit": "NO"}, "unit", "refusal.unknown_code"),
        ({"region": "999999"}, "region", "refusal.unknown_code"),
        ({"text": "电话 13800138000"}, "text", "refusal.contact_in_text"),
        ({"floor_area": "0"}, "floor_area", "refusal.not_positive"),
        ({"workers": "0"}, "workers", "refusal.not_positive"),
        ({"window_start": "2020-01-01"}, "weeks", "refusal.window_past"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_posted(world, make_partner, changes, field, code):
    before = Posting.objects.count()
    firm = make_partner(world.firm)
    assert fields(firm.ask("overflows/", "POST", wanted(**changes))) == {field: code}
    assert (Posting.objects.count(), Overflow.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    "changes",
    [{"weeks": 0}, {"weeks": 105}, {"most_partners": 5}, {"visibility": "x"}, {"ordered_amount": ...}, {"region": ...}],
)
def test_what_has_another_shape_is_400(world, make_partner, changes):
    told = make_partner(world.firm).ask("overflows/", "POST", wanted(**changes))
    assert (told.status_code, [one["field"] for one in told.json()["errors"]]) == (400, list(changes))


def test_a_plan_that_does_not_fit_asks_nobody(world, make_partner):
    firm, key = begun(world, make_partner)
    first, second = (shop.number for shop in world.shops[:2])

    def refused(*amounts, own="2000"):
        return fields(firm.ask(f"overflows/{key}/plan/", "POST", shares(world, *amounts, own=own)))

    assert refused(9000, 3000) == {"shares": "refusal.shares_sum"}
    assert refused(9000, 4000, own="15000") == {"own_amount": "refusal.no_gap"}
    assert refused(5000, 4000, 4000) == {"shares": "refusal.set_size"}
    assert refused(12_900, 100) == {
        f"shares.{first}.quantity_amount": "refusal.share_large",
        f"shares.{second}.quantity_amount": "refusal.share_small",
    }
    assert not Consortium.objects.exists()
    assert not Partnership.objects.exists()


def test_once_its_days_are_over_it_is_found_as_expired_and_not_planned(world, make_partner):
    firm, key = begun(world, make_partner)
    yesterday = timezone.localdate() - timedelta(days=1)
    Posting.objects.filter(enterprise=world.firm).update(window_start=yesterday, window_end=yesterday)
    expire_postings()
    assert firm.ask("overflows/?status=published").json()["results"] == []
    (row,) = firm.ask("overflows/?status=expired").json()["results"]
    assert (row["key"], row["window_end"], row["status"]) == (key, yesterday.isoformat(), "expired")
    assert firm.ask(f"overflows/{key}/").json()["allowed_acts"] == ["close"]
    assert firm.ask(f"overflows/{key}/plan/", "POST", shares(world, 9000, 4000)).json()["code"] == "refusal.wrong_state"


def test_premises_and_people_are_told_with_whom_the_firm_talks(world, make_partner):
    firm, key = begun(world, make_partner)
    need = Overflow.objects.get().premises
    hall = offered("示例安富厂房", "SVC.SPACE.WORKSHOP", 2000, "M2")
    row = PartnershipFactory(need=need, capacity=hall, introduced=True)
    read = firm.ask(f"overflows/{key}/").json()
    (talk,) = read["premises"]["partnerships"]
    assert talk == {"partnership": row.key, "state": "introduced", "supplier": hall.enterprise.name}
    assert read["workers"]["partnerships"] == []


def test_work_alone_has_neither_premises_nor_people(world, make_partner):
    firm, key = begun(world, make_partner, floor_area=..., workers=None)
    read = firm.ask(f"overflows/{key}/").json()
    assert (read["premises"], read["workers"]) == (None, None)


def test_scopes_open_what_they_name(world, make_partner):
    firm, key = begun(world, make_partner)
    reads, writes, other = (
        make_partner(world.firm, scopes=(scope,)) for scope in ("overflows:read", "overflows:write", "consortia:write")
    )
    for path in ("overflows/", f"overflows/{key}/", f"overflows/{key}/partners/"):
        assert [one.ask(path).status_code for one in (reads, writes, other)] == [200, 403, 403]
    told = shares(world, 9000, 4000)
    assert [one.ask(f"overflows/{key}/plan/", "POST", told).status_code for one in (reads, other, writes)] == [
        403,
        403,
        201,
    ]


def test_reading_costs_no_more_queries_for_more_partners_and_more_overflows(make_partner):
    def counted(asker, path):
        asker.ask(path)
        with CaptureQueriesContext(connection) as queries:
            assert asker.ask(path).status_code == 200
        return len(queries)

    costs = []
    for amounts, own in (((9000,), 6000), ((9000, 4000), 2000)):
        world = overflowing()
        for _ in range(len(amounts)):
            overflow = world.begin()
        world.plan(overflow, *amounts, own=own)
        firm = make_partner(world.firm)
        costs.append([counted(firm, path) for path in ("overflows/", f"overflows/{overflow.key}/")])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= MOST_QUERIES


def test_a_park_tells_its_cases_without_who_is_behind_them(world, make_partner):
    overflow = world.begin()
    world.plan(overflow, 9000, 4000)
    plan = [world.consent(overflow, place) for place in range(2)][-1]
    park = ParkFactory(regions=[Region.objects.get(code=RONGCHANG)])
    asker, day, told = make_partner(), timezone.localdate(), []
    for member, seller in zip(active_members(plan), world.sellers, strict=False):
        talk = Talks(member.partnership, world.owner, seller)
        talk.agree(quantity_amount=member.amount, period="once", starts_on=day, ends_on=day + timedelta(days=70))
        for actor in (talk.buyer, talk.seller):
            state_outcome(partnership=talk.now, actor=actor, answer="yes", delivered_amount=member.amount)
        process_cache.clear()
        told.append(asker.ask(f"parks/{park.slug}/"))
    cases = [one.json()["overflow_cases"] for one in told]
    assert cases == [{"count": None, "is_small": True}, {"count": 1, "is_small": False}]
    names = (world.firm.name, world.firm.alias, *(shop.enterprise.name for shop in world.shops))
    assert [name for name in names if name in "".join(one.content.decode() for one in told)] == []


def test_one_act_closes_its_needs_its_plan_and_what_is_not_signed(world, make_partner):
    firm, key = begun(world, make_partner)
    firm.ask(f"overflows/{key}/plan/", "POST", shares(world, 9000, 4000))
    partner = make_partner(world.shops[0].enterprise)
    reads = make_partner(world.firm, scopes=("overflows:read",))
    path, told = f"overflows/{key}/close/", {"reason": "end.need.filled_elsewhere"}
    assert [one.ask(path, "POST", told).status_code for one in (partner, reads)] == [404, 403]
    assert fields(firm.ask(path, "POST", {"reason": "end.capacity.sold_out"})) == {"reason": "refusal.unknown_code"}
    assert firm.ask(path, "POST", {}).status_code == 400

    closed = firm.ask(path, "POST", told)
    assert closed.status_code == 200, closed.content
    read = closed.json()
    assert (read["status"], read["plan"], read["allowed_acts"]) == ("closed", None, [])
    assert {read[name]["status"] for name in ("premises", "workers")} == {"closed"}
    assert set(Partnership.objects.values_list("state", flat=True)) == {"failed"}
    assert firm.ask(path, "POST", told).json()["code"] == "refusal.nothing_waits"
