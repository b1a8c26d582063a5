"""Overflow on its pages: the gap as it is typed, the plan until nothing is open, and what nobody else reads."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matchmaking.consortia.choices import State
from matchmaking.consortia.models import Consortium, Overflow
from matchmaking.consortia.queries.overflows import plan_of
from matchmaking.consortia.services.consenting import leave_consortium
from matchmaking.partnerships.models import Partnership
from matchmaking.partnerships.permissions import WAITING_FOR_ONE_FIRM
from matchmaking.partnerships.services.interest import declare_interest
from matchmaking.postings.services.publishing import pause_posting
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory, UserFactory
from tests.factories.overflows import RONGCHANG, offered, overflowing, wanted
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world():
    return overflowing()


def typed(**changes):
    """The form as it is sent."""
    told = wanted(node_words="车缝加工 (CONS.SEW.SEWING)", key="ABCDEFGHJK")
    told.pop("node")
    return {name: "" if value is None else str(value) for name, value in (told | changes).items()}


def sent(world, *amounts, own="2000"):
    """A plan as it is sent."""
    shops = zip(world.shops, amounts, strict=False)
    return {"own": own, **{f"amount_{shop.number}": str(amount) for shop, amount in shops}}


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_short_form_posts_the_needs_and_leads_to_the_plan(world, signed_in, language):
    answer = signed_in(world.owner).post(f"{language}/overflow/new/", typed())
    overflow = Overflow.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{language}/overflow/{overflow.key}/")
    assert overflow.key == "ABCDEFGHJK"
    assert int(overflow.gap.quantity_amount) == 15_000


def test_sent_twice_the_form_leads_to_the_same_plan(world, signed_in):
    client = signed_in(world.owner)
    assert client.post("/overflow/new/", typed()).url == client.post("/overflow/new/", typed()).url
    assert Overflow.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("ordered=40,000&own=25000", "Gap: 15,000"),
        ("ordered=4万&own=2.5万", "Gap: 15,000"),
        ("ordered=40000&own=40000", "No gap"),
        ("ordered=&own=5", "worked out from both"),
        ("ordered=x&own=5", "worked out from both"),
        ("ordered=1e999&own=5", "worked out from both"),
        (f"ordered={'9' * 500}&own=5", "worked out from both"),
    ],
)
def test_the_gap_is_told_as_it_is_typed(world, signed_in, query, told):
    body = signed_in(world.owner).get(f"/en/overflow/new/?{query}", headers=HTMX).content.decode()
    assert told in body
    assert "<form" not in body


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"own": "40000"}, "own"),
        ({"own": ""}, "own"),
        ({"ordered": "viel"}, "ordered"),
        ({"node_words": "没有这种东西"}, "node_words"),
        ({"weeks": "x"}, "weeks"),
        ({"region": ""}, "region"),
        ({"partners": "9"}, "partners"),
        ({"text": "电话 13800138000"}, "text"),
        ({"floor_area": "-3"}, "floor_area"),
    ],
)
def test_what_does_not_fit_stands_at_its_field_and_nothing_typed_is_lost(world, signed_in, changes, field):
    answer = signed_in(world.owner).post("/overflow/new/", typed(**changes))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert answer.context["form"]["workers"].value() == "100"
    assert answer.context["key"] == "ABCDEFGHJK"
    assert not Overflow.objects.exists()


def test_the_plan_begins_with_the_best_partners_and_what_is_open(world, signed_in):
    overflow = world.begin()
    answer = signed_in(world.owner).get(f"/en/overflow/{overflow.key}/")
    body = answer.content.decode()
    assert [int(one.amount) for one in answer.context["form"].suppliers if one.amount] == [9000, 4000]
    assert "remainder 2,000" in body
    assert "Orders 40,000, own lines 25,000" in body


def test_where_nobody_fits_this_is_told_and_there_is_nobody_to_ask(world, signed_in):
    overflow = world.begin()
    asking = '<button class="btn btn-main btn-sm" type="submit">'
    client, address = signed_in(world.owner), f"/en/overflow/{overflow.key}/"
    assert asking in client.get(address).content.decode()

    for shop in world.shops:
        pause_posting(posting=shop, actor=MembershipFactory(enterprise=shop.enterprise).user)
    body = client.get(address).content.decode()

    assert "Nobody fits at the moment" in body
    assert asking not in body


@pytest.mark.parametrize(
    ("amounts", "own", "told"),
    [
        ((9000, 4000), "2000", "remainder 0"),
        ((9000, 4000), "", "remainder 2,000"),
        ((9000, "x"), "2,000", "remainder 4,000"),
        ((9000, 4000), "3000", "more than the gap"),
    ],
)
def test_the_remainder_is_reckoned_by_the_server(world, signed_in, amounts, own, told):
    overflow = world.begin()
    client = signed_in(world.owner)
    answer = client.get(f"/en/overflow/{overflow.key}/", sent(world, *amounts, own=own), headers=HTMX)
    body = answer.content.decode()
    assert told in body
    assert "<form" not in body


def test_the_plan_asks_each_partner_and_shows_nothing_open(world, signed_in):
    overflow = world.begin()
    client = signed_in(world.owner)
    assert client.post(f"/en/overflow/{overflow.key}/plan/", sent(world, 9000, 4000)).status_code == 302
    body = client.get(f"/en/overflow/{overflow.key}/").content.decode()
    assert "remainder 0" in body
    assert all(shop.shown_name in body for shop in world.shops[:2])
    assert sorted(map(int, Consortium.objects.get().members.values_list("amount", flat=True))) == [4000, 9000]


@pytest.mark.parametrize(
    ("amounts", "own", "field"),
    [((9000, 2000), "4000", 1), ((9500, 4000), "1500", 0), ((9000, -4), "2000", 1), ((9000, 4000), "15000", "own")],
)
def test_a_plan_that_does_not_fit_is_told_where_it_is_typed(world, signed_in, amounts, own, field):
    overflow = world.begin()
    answer = signed_in(world.owner).post(f"/overflow/{overflow.key}/plan/", sent(world, *amounts, own=own))
    assert answer.status_code == 422
    name = field if field == "own" else f"amount_{world.shops[field].number}"
    assert set(answer.context["form"].errors) == {name}
    assert answer.context["form"]["own"].value() == own
    assert not Partnership.objects.exists()


def test_a_partner_that_left_opens_its_part_on_the_page_and_is_not_offered_again(world, signed_in):
    overflow = world.begin()
    world.plan(overflow, 9000, 4000)
    world.consent(overflow, 0)
    member = plan_of(overflow).members.active().get(partnership__capacity=world.shops[1])
    leave_consortium(member=member, actor=world.sellers[1], reason="end.partnership.time")
    client = signed_in(world.owner)
    answer = client.get(f"/en/overflow/{overflow.key}/")
    assert "a partner has left" in answer.content.decode()
    assert [one.number for one in answer.context["form"].suppliers] == [world.shops[2].number]
    assert "remainder 0" in answer.content.decode()
    told = {"own": "2000", f"amount_{world.shops[2].number}": "4000"}
    assert client.post(f"/overflow/{overflow.key}/plan/", told).status_code == 302
    assert plan_of(overflow).state == State.FORMING


@pytest.mark.parametrize("name", ["premises", "workers"])
def test_premises_and_workers_show_who_fits_and_with_whom_one_talks(world, signed_in, name):
    offers = {
        "premises": offered("示例安富厂房", "SVC.SPACE.WORKSHOP", 2000, "M2", subject="premises"),
        "workers": offered("示例安富用工", "SVC.TALENT.SKILLED", 100, "PERSON", subject="talent"),
    }
    overflow, client = world.begin(), signed_in(world.owner)
    address = f"/en/overflow/{overflow.key}/{name}/"
    piece = client.get(address, headers=HTMX).content.decode()
    assert offers[name].shown_name in piece
    assert "Express interest" in piece
    need = getattr(overflow, name)
    assert client.get(address).url == f"/en/needs/{need.number}/matches/"
    pair = PartnershipFactory(introduced=True, need=need, capacity=offers[name])
    assert f"/en/partnerships/{pair.key}/" in client.get(f"/en/overflow/{overflow.key}/").content.decode()
    assert "Express interest" not in client.get(address, headers=HTMX).content.decode()


def test_a_part_that_is_none_is_not_found(world, signed_in):
    overflow, client = world.begin(workers=None), signed_in(world.owner)
    for name in ("workers", "gap", "enterprise", "objects"):
        assert client.get(f"/overflow/{overflow.key}/{name}/", headers=HTMX).status_code == 404


def test_nobody_else_reads_the_plan_the_orders_or_who_is_asked(world, signed_in, client):
    overflow = world.begin()
    plan = world.plan(overflow, 9000, 4000)
    coordinator = CoordinatorGrantFactory().user
    readers = [*world.sellers, MembershipFactory().user, coordinator, UserFactory(is_staff=True, is_superuser=True)]
    for user in readers:
        for address in ("", "premises/", "workers/"):
            answer = signed_in(user).get(f"/overflow/{overflow.key}/{address}", headers=HTMX if address else {})
            assert answer.status_code in (302, 404), (user, address)
        assert signed_in(user).post(f"/overflow/{overflow.key}/plan/", sent(world, 9000, 4000)).status_code in (
            302,
            404,
        )
    assert plan.members.count() == 2
    assert client.get(f"/overflow/{overflow.key}/").status_code == 302


def test_a_partner_reads_its_own_share_alone(world, signed_in):
    overflow = world.begin()
    plan = world.plan(overflow, 9000, 4000)
    for place, other in ((0, 1), (1, 0)):
        seen = signed_in(world.sellers[place])
        for address in (f"/en/consortia/{plan.key}/", "/en/me/notices/", f"/en/needs/{overflow.gap.number}/"):
            body = seen.get(address).content.decode()
            assert world.shops[other].enterprise.name not in body
            assert not re.search("40,?000|25,?000", body)
            assert f"/overflow/{overflow.key}/" not in body


def test_the_needs_do_not_tell_that_they_belong_together(world, signed_in):
    overflow = world.begin()
    body = signed_in(MembershipFactory().user).get(f"/en/needs/{overflow.gap.number}/").content.decode()
    assert overflow.key not in body
    assert overflow.premises.number not in body


def test_pages_ask_the_database_no_more_than_they_may(world, signed_in):
    overflow = world.begin()
    client = signed_in(world.owner)
    counts = {}
    for name in ("/overflow/", "/overflow/new/", f"/overflow/{overflow.key}/", f"/overflow/{overflow.key}/premises/"):
        headers = HTMX if name.endswith("premises/") else {}
        client.get(name, headers=headers)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(name, headers=headers).status_code == 200
        counts[name] = len(asked)
    world.plan(overflow, 9000, 4000)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/overflow/{overflow.key}/")
    counts["planned"] = len(asked)
    assert {name: count for name, count in counts.items() if count > MOST_QUERIES} == {}


def test_the_list_asks_as_much_for_many_as_for_one(world, signed_in):
    client, counts = signed_in(world.owner), []
    for first in (0, 1):
        overflow = world.begin(floor_area=None, workers=None)
        world.plan(overflow, *((9000, 4000) if not first else (4000,)), own=2000 if not first else 11_000, first=first)
        client.get("/overflow/")
        with CaptureQueriesContext(connection) as asked:
            body = client.get("/en/overflow/").content.decode()
        counts.append(len(asked))
        assert overflow.key in body
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", ["/en/me/", "/en/me/postings/"])
def test_people_find_it_where_their_postings_are(world, signed_in, address):
    world.begin()
    assert 'href="/en/overflow/' in signed_in(world.owner).get(address).content.decode()


def test_the_region_of_the_firm_is_chosen_beforehand(world, signed_in):
    assert signed_in(world.owner).get("/overflow/new/").context["form"]["region"].value() == world.firm.region.code
    assert world.firm.region.code != RONGCHANG


def test_a_plan_that_is_refused_keeps_its_amounts_and_says_why_beside_the_partner(world, signed_in):
    overflow = world.begin()
    other = PostingFactory(enterprise=world.firm)
    for _ in range(WAITING_FOR_ONE_FIRM):
        capacity = PostingFactory(capacity=True, enterprise=world.shops[0].enterprise)
        declare_interest(posting=other, counterpart=capacity, actor=world.owner)
    answer = signed_in(world.owner).post(f"/en/overflow/{overflow.key}/plan/", sent(world, 9000, 4000))
    name = f"amount_{world.shops[0].number}"
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {name})
    assert f'id="plan_{name}_error"' in answer.content.decode()
    assert [answer.context["form"][one].value() for one in ("own", name)] == ["2000", "9000"]
    assert not Consortium.objects.exists()


def test_an_amount_for_somebody_no_longer_suggested_is_kept_and_told(world, signed_in):
    overflow, gone = world.begin(), world.shops[1]
    pause_posting(posting=gone, actor=MembershipFactory(enterprise=gone.enterprise).user)
    client = signed_in(world.owner)
    answer = client.post(f"/en/overflow/{overflow.key}/plan/", sent(world, 9000, 4000))
    body = answer.content.decode()
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {f"amount_{gone.number}"})
    assert f'name="amount_{gone.number}" value="4000"' in body
    assert "No longer suggested" in body
    odd = {"amount_<b>x": "1", f"amount_{'A' * 99}": "2", "amount_": "3"}
    body = client.post(f"/en/overflow/{overflow.key}/plan/", sent(world, 1) | odd).content.decode()
    assert ("<b>x" in body, "A" * 99 in body) == (False, False)


def test_a_plan_for_work_that_is_over_can_be_copied(world, signed_in):
    overflow = world.begin()
    pause_posting(posting=overflow.gap, actor=world.owner)
    answer = signed_in(world.owner).post(f"/en/overflow/{overflow.key}/plan/", sent(world, 9000, 4000))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Copy from here what you still need" in body
    assert [value in body for value in ("9000", "4000", world.shops[0].shown_name)] == [True] * 3
    viewer = MembershipFactory(enterprise=world.firm, viewer=True)
    refused = signed_in(viewer.user).post(f"/overflow/{overflow.key}/plan/", sent(world, 9000))
    assert refused.status_code == 403
