"""Pages of coordinators: who gets in, what stands in the lists and files, and that nothing outside the scope shows."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.choices import Verb
from accounts.models import Change
from accounts.services.grants import revoke_coordination
from matchmaking.postings.choices import PriceKind, Visibility
from matchmaking.postings.models import Posting
from reference.models import IndustryChain, Region
from tests.factories.accounts import CoordinatorGrantFactory, EnterpriseFactory, MembershipFactory, UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.postings import PostingFactory

pytestmark = pytest.mark.django_db
LISTS = ("overview", "postings", "partnerships", "export_postings", "export_partnerships")
MOST_QUERIES = 12


@pytest.fixture
def inside():
    return Region.objects.get(code="510104")


@pytest.fixture
def outside():
    return Region.objects.get(code="500153")


@pytest.fixture
def grant(inside):
    made = CoordinatorGrantFactory()
    made.regions.add(inside)
    return made


@pytest.fixture
def client(grant, signed_in):
    return signed_in(grant.user)


@pytest.fixture
def need(inside):
    return PostingFactory(region=inside, title="范围内需求", enterprise=EnterpriseFactory(name="示例甲厂"))


@pytest.fixture
def stranger(outside):
    return PostingFactory(region=outside, title="范围外需求", enterprise=EnterpriseFactory(name="示例乙厂"))


def address(name, *args, **query):
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"web:coordination:{name}", args=args) + (f"?{asked}" if asked else "")


def text(response):
    return response.content.decode()


def lines(response):
    return list(csv.reader(io.StringIO(text(response).lstrip("\ufeff"))))


@pytest.mark.parametrize("name", LISTS)
def test_visitors_sign_in_and_everybody_without_a_right_is_refused(name, client, signed_in, django_user_model):
    member = MembershipFactory().user

    assert client.__class__().get(address(name)).status_code == 302
    assert signed_in(UserFactory()).get(address(name)).status_code == 403
    assert signed_in(member).get(address(name)).status_code == 403
    assert client.get(address(name)).status_code == 200


def test_platform_administrators_oversee_everything(signed_in, need, stranger):
    page = signed_in(UserFactory(platform_admin=True, totp=True)).get(address("postings"))

    assert need.title in text(page)
    assert stranger.title in text(page)


def test_a_coordinator_without_a_second_factor_is_sent_to_set_one_up(signed_in):
    client = signed_in(CoordinatorGrantFactory(user=UserFactory()).user)

    assert client.get(address("overview")).url == reverse("mfa_activate_totp")


def test_a_right_that_is_taken_back_closes_every_page_at_once(client, grant, need):
    pair = PartnershipFactory(need=need)
    pages = [*map(address, LISTS), address("posting", need.number), address("partnership", pair.key)]
    assert {client.get(page).status_code for page in pages} == {200}

    revoke_coordination(grant=grant, actor=grant.granted_by)

    assert {client.get(page).status_code for page in pages} == {403}
    assert client.post(address("posting_contact", need.number), {"reason": "示例"}).status_code == 403


@pytest.mark.parametrize(("days", "status"), [(0, 200), (-1, 403)])
def test_the_last_day_of_a_right_is_included(client, grant, days, status):
    grant.ends_on = timezone.localdate() + timedelta(days=days)
    grant.save()

    assert client.get(address("overview")).status_code == status


def test_an_ended_right_beside_one_in_force_opens_nothing(client, grant, outside, stranger):
    ended = CoordinatorGrantFactory(user=grant.user, ends_on=timezone.localdate() - timedelta(days=1))
    ended.regions.add(outside)

    assert client.get(address("posting", stranger.number)).status_code == 404
    assert stranger.title not in text(client.get(address("postings")))


def test_what_is_outside_the_scope_is_absent_everywhere(client, need, stranger):
    theirs = PartnershipFactory(need=stranger, capacity=PostingFactory(capacity=True, region=stranger.region))

    for name in LISTS:
        shown = text(client.get(address(name)))
        assert stranger.title not in shown
        assert theirs.key not in shown
        assert stranger.enterprise.name not in shown
    assert client.get(address("posting", stranger.number)).status_code == 404
    assert client.get(address("partnership", theirs.key)).status_code == 404
    assert stranger.number not in text(client.get(address("postings", q="范围外需求")))
    assert len(lines(client.get(address("export_postings", q="范围外需求")))) == 1
    assert client.get(address("overview")).context["figures"].needs == 1


@pytest.mark.parametrize("name", ["posting_contact", "remind_posting", "note_posting"])
def test_acts_on_postings_outside_the_scope_find_nothing(client, stranger, name):
    sent = {"reason": "示例", "text": "示例"}

    assert client.post(address(name, stranger.number), sent).status_code == 404
    assert not Change.objects.filter(thing_key=stranger.number).exists()


@pytest.mark.parametrize("name", ["remind_partnership", "note_partnership"])
def test_acts_on_partnerships_outside_the_scope_find_nothing(client, stranger, name):
    theirs = PartnershipFactory(need=stranger, capacity=PostingFactory(capacity=True, region=stranger.region))

    assert client.post(address(name, theirs.key), {"text": "示例"}).status_code == 404


def test_a_partnership_is_in_scope_by_either_side(client, need, stranger, outside):
    capacity = PostingFactory(capacity=True, region=need.region)
    by_need = PartnershipFactory(need=need, capacity=PostingFactory(capacity=True, region=outside))
    by_capacity = PartnershipFactory(need=stranger, capacity=capacity)

    shown = text(client.get(address("partnerships")))

    assert by_need.key in shown
    assert by_capacity.key in shown
    assert stranger.enterprise.name in shown
    assert client.get(address("posting", stranger.number)).status_code == 404


def test_a_scope_by_chain_takes_that_chain_alone(signed_in):
    grant = CoordinatorGrantFactory()
    auto, hydrogen = PostingFactory(node__code="AUTO.BODY"), PostingFactory(node__code="H2.PROD")
    grant.chains.add(IndustryChain.objects.get(code="AUTO"))
    client = signed_in(grant.user)

    assert client.get(address("posting", auto.number)).status_code == 200
    assert client.get(address("posting", hydrogen.number)).status_code == 404


@pytest.mark.parametrize(
    ("state", "shown"),
    [("paused", 200), ("closed", 200), ("expired", 200), ("in_review", 200), ("draft", 404)],
)
def test_all_states_but_drafts_are_shown(client, inside, state, shown):
    posting = PostingFactory(region=inside, **{state: True})

    assert client.get(address("posting", posting.number)).status_code == shown
    assert (posting.number in text(client.get(address("postings")))) is (shown == 200)


def test_both_names_are_shown_and_contact_data_and_sealed_prices_are_not(client, need):
    Posting.objects.filter(pk=need.pk).update(
        visibility=Visibility.ALIAS, price_kind=PriceKind.SEALED, price_min=4711, price_max=4811
    )
    page = text(client.get(address("posting", need.number)))

    assert need.enterprise.name in page
    assert "4,711" not in page
    assert "4711" not in page
    assert client.get(address("overview")).context["figures"].sealed == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"direction": "need"}, True),
        ({"direction": "capacity"}, False),
        ({"status": "published"}, True),
        ({"status": "paused"}, False),
        ({"q": "范围内"}, True),
        ({"q": "示例甲厂"}, True),
        ({"q": "nothing-like-it"}, False),
        ({"age": "week"}, True),
        ({"age": "older"}, False),
        ({"waits": "unanswered"}, True),
        ({"waits": "unconfirmed"}, False),
        ({"region": "510104"}, True),
        ({"region": "510000"}, True),
        ({"region": "500153"}, False),
        ({"chain": "H2"}, False),
        ({"node": "H2.PROD"}, False),
        ({"sort": "oldest"}, True),
        ({"sort": "ending"}, True),
    ],
)
def test_filters_narrow_the_list_and_its_file_alike(client, need, query, found):
    page, file = client.get(address("postings", **query)), client.get(address("export_postings", **query))

    assert (need.number in text(page)) is found
    assert (need.number in text(file)) is found


def test_a_filter_that_cannot_be_read_is_told(client, need):
    assert client.get(address("postings", status="no-such")).status_code == 400
    assert client.get(address("export_postings", age="no-such")).status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "interested"}, True),
        ({"state": "failed"}, False),
        ({"waits": "answer"}, True),
        ({"waits": "late"}, False),
        ({"q": "示例甲厂"}, True),
        ({"q": "nothing-like-it"}, False),
        ({"region": "510104"}, True),
        ({"chain": "H2"}, False),
        ({"sort": "due"}, True),
        ({"age": "week"}, True),
        ({"age": "month"}, False),
    ],
)
def test_filters_narrow_partnerships_and_their_file_alike(client, need, query, found):
    pair = PartnershipFactory(need=need)

    assert (pair.key in text(client.get(address("partnerships", **query)))) is found
    assert (pair.key in text(client.get(address("export_partnerships", **query)))) is found


def test_a_file_holds_no_formula_and_taking_it_is_recorded(client, need):
    Posting.objects.filter(pk=need.pk).update(title="=1+1")

    rows = lines(client.get(address("export_postings")))

    assert rows[1][:4] == [need.number, "需求", "'=1+1", "示例甲厂"]
    change = Change.objects.get(thing="user")
    assert (change.verb, change.facts["rows"], change.enterprise) == (Verb.EXPORTED, 1, None)


def test_the_overview_tells_what_waits(client, need, inside):
    late = PartnershipFactory(need=need, answer_by=timezone.localdate() - timedelta(days=3))
    PostingFactory(region=inside, in_review=True)

    page = client.get(address("overview"))

    figures = page.context["figures"]
    assert (figures.unanswered, figures.in_review, figures.interests, figures.overdue) == (1, 1, 1, 1)
    assert late.capacity.enterprise.name in text(page)


@pytest.mark.parametrize("name", ["overview", "postings", "partnerships"])
def test_a_page_costs_the_same_few_queries_for_ten_rows_and_for_many(client, need, name):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name)).status_code == 200
        return len(queries)

    for _ in range(10):
        PartnershipFactory(need=PostingFactory(region=need.region))
    client.get(address(name))
    few = asked()
    for _ in range(14):
        PartnershipFactory(need=PostingFactory(region=need.region))

    assert asked() == few <= MOST_QUERIES


@pytest.mark.parametrize("name", ["overview", "postings", "partnerships"])
def test_an_empty_scope_says_so(client, name):
    with translation.override("en"):
        page = client.get(address(name))

    assert page.status_code == 200
    assert "empty" in text(page)


def test_the_menu_offers_coordination_to_those_who_coordinate(client, signed_in):
    home = reverse("web:pages:home")

    assert address("overview") in text(client.get(home))
    assert address("overview") not in text(signed_in(MembershipFactory().user).get(home))
