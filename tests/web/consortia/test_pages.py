"""Sets of suppliers on their pages: proposed, asked, consented to, left; and what each may read of the others."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from matchmaking.consortia.choices import State
from matchmaking.consortia.models import Consortium, ConsortiumMember
from matchmaking.consortia.tasks import settle_consortia_for
from matchmaking.partnerships.services.quoting import make_quote
from tests.factories.accounts import CoordinatorGrantFactory, MembershipFactory
from tests.factories.consortia import together
from tests.factories.partnerships import PartnershipFactory
from tests.matchmaking.partnerships.talks import Talks, quote_terms

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
PRICE = "777.77"


@pytest.fixture
def world():
    return together()


@pytest.fixture
def read(signed_in):
    def fetch(user, address, status=200, **headers):
        response = signed_in(user).get(address, headers=headers)
        assert response.status_code == status, response.status_code
        return response.content.decode()

    return fetch


def sets_of(world):
    return f"/en/needs/{world.need.number}/suppliers/"


def sent(world, *amounts, own=0):
    values = {"own": str(own)}
    for one, amount in zip(world.capacities, amounts, strict=False):
        values[f"amount_{one.number}"] = str(amount)
    return values


def test_the_overflow_of_c5_comes_out_even(world, read, signed_in):
    """9,000 + 4,000 and 2,000 of the firm's own: the remainder shows 0, and one press asks both."""
    world.capacities[2].delete()
    html = read(world.owner, f"{sets_of(world)}?own=2000")
    assert "Suppliers 13,000 + own part 2,000 = 15,000" in html
    assert "remainder 0" in html
    response = signed_in(world.owner).post(sets_of(world), sent(world, 9000, 4000, own=2000), follow=True)
    assert "remainder 0" in response.content.decode()
    assert Consortium.objects.get().own_amount == 2000


def test_the_single_supplier_stands_first(read):
    world = together(9000, 8000, 20_000)
    html = read(world.owner, sets_of(world))
    single = html.index(world.capacities[2].title)
    assert html.index("One supplier for all of it") < single < html.index("Suppliers together")
    assert html.index("Suppliers together") < html.index(world.capacities[0].title)


def test_where_none_fits_alone_the_page_says_so(world, read):
    html = read(world.owner, sets_of(world))
    assert "No single supplier that meets all conditions" in html
    assert "Why this set" in html


def test_the_matches_of_a_need_lead_to_the_sets(world, read):
    assert sets_of(world) in read(world.owner, f"/en/needs/{world.need.number}/matches/")
    alone = together(9000, 8000, consortium_allowed=False)
    assert sets_of(alone) not in read(alone.owner, f"/en/needs/{alone.need.number}/matches/")


def test_a_part_is_not_praised_for_covering_all_and_its_amount_is_no_option(world, read):
    page = read(world.owner, sets_of(world)).partition('id="h-sets"')[2]
    assert "same product or process node" in page
    assert "free capacity covers the quantity" not in page
    assert "(optional)" not in page


def test_with_htmx_the_panel_alone_comes(world, read):
    assert "<html" not in read(world.owner, sets_of(world), **{"HX-Request": "true"})


def test_a_split_below_the_least_share_is_refused_and_nothing_typed_is_lost(world, signed_in):
    response = signed_in(world.owner).post(sets_of(world), sent(world, 9000, 2500, own=3500))
    html = response.content.decode()
    assert response.status_code == 422
    assert "at least 3000" in html
    assert 'value="2500"' in html
    assert not Consortium.objects.exists()


@pytest.mark.parametrize("text", ["", "-3", "many", "9" * 40])
def test_what_is_no_amount_is_told_at_its_field(world, signed_in, text):
    response = signed_in(world.owner).post(sets_of(world), sent(world, text, 4000))
    assert response.status_code == 422
    assert not Consortium.objects.exists()


def test_from_the_request_to_names(world, read, signed_in):
    consortium = world.form(9000, 4000, own=2000)
    address = f"/en/consortia/{consortium.key}/"
    first, second = world.suppliers[:2]
    assert world.capacities[1].enterprise.name not in read(first, address)
    for place, user in enumerate((first, second)):
        member = world.member(consortium, place)
        pair = member.partnership
        versions = {"need_version": pair.need.version, "capacity_version": pair.capacity.version}
        assert signed_in(user).post(f"{address}consent/", versions).status_code == 302
    consortium.refresh_from_db()
    assert consortium.state == State.COMPLETE
    assert world.capacities[1].enterprise.name in read(first, address)
    assert world.capacities[0].enterprise.name in read(second, address)


def test_no_member_reads_another_members_share_title_or_price(world, read):
    """Privacy: page of the set and page of the partnership, before and after all have consented."""
    consortium = world.form(9000, 4000, own=2000)
    for place in range(2):
        world.consent(consortium, place)
    other = world.member(consortium, 0)
    talk = Talks(other.partnership, world.owner, world.suppliers[0])
    make_quote(
        partnership=talk.now,
        actor=world.suppliers[0],
        terms=quote_terms(other.partnership, unit_price=PRICE, quantity_amount=9000, period="once"),
    )
    mine = world.member(consortium, 1).partnership
    for address in (f"/en/consortia/{consortium.key}/", f"/en/partnerships/{mine.key}/"):
        html = read(world.suppliers[1], address)
        assert "4,000" in html
        assert [word for word in (PRICE, "9,000", world.capacities[0].title, "own part") if word in html] == []
    assert read(world.suppliers[1], f"/en/partnerships/{other.partnership.key}/", 404)


def test_strangers_coordinators_and_who_left_find_nothing(world, read, signed_in):
    consortium = world.form(9000, 4000, own=2000)
    address = f"/en/consortia/{consortium.key}/"
    for user in (world.suppliers[2], MembershipFactory().user, CoordinatorGrantFactory().user):
        assert signed_in(user).get(address).status_code in (302, 404)
    signed_in(world.suppliers[0]).post(f"{address}leave/", {"reason": "end.partnership.time"})
    assert read(world.suppliers[0], address, 404)
    assert read(MembershipFactory().user, sets_of(world), 404)


def test_an_end_on_the_page_of_the_partnership_is_left_to_the_worker(world, signed_in):
    """What ends there is no act on a set; the worker settles it, and the nightly round what it missed."""
    consortium = world.form(9000, 4000, own=2000)
    key = world.member(consortium, 0).partnership.key
    answer = signed_in(world.suppliers[0]).post(f"/partnerships/{key}/decline/", {"reason": "end.partnership.time"})
    assert answer.status_code == 302
    (task,) = DBTaskResult.objects.filter(task_path=settle_consortia_for.module_path)
    assert task.args_kwargs["args"] == [[key]]
    settle_consortia_for.call([key])
    consortium.refresh_from_db()
    assert consortium.state == State.DISSOLVED
    call_command("settle_consortia", stdout=(said := StringIO()))
    assert said.getvalue() == "0 consortia settled\n"


def test_other_partnerships_start_no_task(world, signed_in):
    pair = PartnershipFactory()
    seller = MembershipFactory(enterprise=pair.capacity.enterprise).user
    signed_in(seller).post(f"/partnerships/{pair.key}/decline/", {"reason": "end.partnership.time"})
    assert not DBTaskResult.objects.filter(task_path=settle_consortia_for.module_path).exists()


def test_an_exit_without_a_reason_is_told_at_the_form(world, signed_in):
    consortium = world.form(9000, 4000, own=2000)
    response = signed_in(world.suppliers[0]).post(f"/en/consortia/{consortium.key}/leave/", {})
    assert response.status_code == 422
    assert ConsortiumMember.objects.filter(left_at=None).count() == 2


def test_the_owner_fills_an_open_part(signed_in, read):
    world = together(9000, 4000, 4500)
    consortium = world.form(9000, 4000, own=2000)
    address = f"/en/consortia/{consortium.key}/"
    signed_in(world.suppliers[1]).post(f"{address}leave/", {"reason": "end.partnership.time"})
    html = read(world.owner, address)
    assert "remainder 4,000" in html
    assert world.capacities[2].title in html
    values = {"own": "0", f"amount_{world.capacities[2].number}": "4000"}
    assert signed_in(world.suppliers[0]).post(f"{address}add/", values).status_code == 403
    assert signed_in(world.owner).post(f"{address}add/", values).status_code == 302
    assert "remainder 0" in read(world.owner, address)
    assert signed_in(world.suppliers[0]).post(f"{address}dissolve/").status_code == 403
    assert signed_in(world.owner).post(f"{address}dissolve/").status_code == 302


def test_the_first_agreement_on_a_share_begins_with_the_share(world, read):
    consortium = world.consent(world.form(9000, 4000, own=2000), 0)
    html = read(world.owner, f"/en/partnerships/{world.member(consortium, 0).partnership.key}/")
    assert 'id="propose_quantity_amount"' in html
    assert 'value="9000"' in html
    assert 'value="15000"' not in html


def test_proposals_cost_as_many_queries_for_many_suppliers(signed_in):
    counts = []
    for world in (together(9000, 8000), together(9000, 8000, *[5000] * 8)):
        client = signed_in(world.owner)
        client.get(sets_of(world))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(sets_of(world)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_cost_few_queries(signed_in):
    world = together(9000, 3000, 3000)
    consortium = world.form(9000, 3000, 3000)
    counts = {}
    for name, user, address in (
        ("owner", world.owner, f"/consortia/{consortium.key}/"),
        ("member", world.suppliers[0], f"/consortia/{consortium.key}/"),
    ):
        client = signed_in(user)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts[name] = len(queries)
    assert max(counts.values()) <= MOST_QUERIES, counts
