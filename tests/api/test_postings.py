"""Postings for partners: who sees what, what is never told, stable pages, and writing through the services."""

import json
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from accounts.choices import Role
from accounts.models import ApiClient, User
from api.v1.serializers.postings import PostingSerializer, by_fields
from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.insights.services.facts import load_facts
from matchmaking.parks.services.loading import load_parks
from matchmaking.postings.choices import PriceKind, Status, Visibility
from matchmaking.postings.models import Posting
from tests.factories.accounts import EnterpriseFactory, MembershipFactory
from tests.factories.postings import (
    PostingCertificateFactory,
    PostingContactFactory,
    PostingFactory,
    PostingParameterFactory,
)

pytestmark = pytest.mark.django_db


def numbers(answer):
    return {row["number"] for row in answer.json()["results"]}


def test_the_list_holds_live_postings_of_all_firms_as_the_pages_do(partner):
    live = {PostingFactory().number, PostingFactory(enterprise=partner.enterprise).number}
    for state in ("draft", "paused", "closed", "in_review", "expired"):
        PostingFactory(**{state: True})
        PostingFactory(enterprise=partner.enterprise, **{state: True})

    assert numbers(partner.ask("postings/")) == live


def test_a_posting_hidden_from_the_firm_is_absent(partner):
    hidden = PostingFactory()
    hidden.hidden_from.add(partner.enterprise)

    assert (numbers(partner.ask("postings/")), partner.ask(f"postings/{hidden.number}/").status_code) == (set(), 404)


def test_another_firm_of_the_same_person_stays_out_of_reach(partner):
    other = MembershipFactory(user=partner.owner, enterprise=EnterpriseFactory()).enterprise
    draft = PostingFactory(draft=True, enterprise=other)

    assert partner.ask(f"postings/{draft.number}/").status_code == 404


def test_a_foreign_draft_and_a_number_that_is_none_get_the_same_answer(partner):
    draft = PostingFactory(draft=True)

    foreign, missing = partner.ask(f"postings/{draft.number}/"), partner.ask("postings/0000000000/")

    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content) == (404, missing.content)


def test_an_alias_hides_name_and_key(partner):
    posting = PostingFactory(visibility=Visibility.ALIAS)

    told = partner.ask(f"postings/{posting.number}/").json()["enterprise"]

    assert told == {"key": None, "name": posting.enterprise.alias, "is_alias": True, "is_verified": True}


def test_contacts_sealed_prices_and_amounts_left_are_never_told(partner):
    posting = PostingFactory(
        capacity=True, price_kind=PriceKind.SEALED, price_min="7777.1", price_max="8888.1", reserved_amount="4321"
    )
    PostingContactFactory(posting=posting, phone="13987654321")
    own = PostingFactory(
        enterprise=partner.enterprise, price_kind=PriceKind.SEALED, price_min="7777.1", price_max="8888.1"
    )

    bodies = [partner.ask(f"postings/{one.number}/").content.decode() for one in (posting, own)]
    bodies.append(partner.ask("postings/").content.decode())

    assert [word for word in ("7777", "8888", "4321", "13987654321") for body in bodies if word in body] == []


def test_an_open_price_and_the_exact_quantity_are_told_to_a_firm(partner):
    posting = PostingFactory(price_kind=PriceKind.OPEN, price_max="12.5", quantity_amount="1234")

    told = partner.ask(f"postings/{posting.number}/").json()

    assert (told["open_price"], told["quantity"], told["quantity_class"]) == (
        {"min": None, "max": "12.5000", "currency": "CNY"},
        {"amount": "1234.000", "unit": "XPCS"},
        1000,
    )


def test_the_filters_are_those_of_the_pages(partner):
    need, capacity = PostingFactory(), PostingFactory(capacity=True)

    assert numbers(partner.ask("postings/?direction=capacity")) == {capacity.number}
    assert numbers(partner.ask("postings/?node=XN0&direction=need")) == {need.number}
    assert partner.ask("postings/?node=NO_SUCH").status_code == 400


def test_pages_neither_repeat_nor_lose_a_row_while_rows_are_added(partner):
    first_rows = [PostingFactory().number for _ in range(7)]
    seen, path = [], "postings/?page_size=3"
    while path:
        page = partner.ask(path).json()
        seen += [row["number"] for row in page["results"]]
        path = (page["next"] or "").removeprefix("http://testserver")
        PostingFactory()

    assert seen == first_rows[::-1]


@pytest.mark.parametrize("path", ["postings/", "parks/", "facts/", "targets/", "nodes/", "regions/", "certificates/"])
def test_a_list_costs_the_same_few_queries_whatever_its_length(partner, path):
    PostingFactory.create_batch(30)
    load_parks()
    load_facts()
    partner.ask(f"{path}?page_size=1")

    asked, shown = [], []
    for size in (2, 30):
        with CaptureQueriesContext(connection) as captured:
            answer = partner.ask(f"{path}?page_size={size}")
        asked.append(len(captured))
        shown.append(len(answer.json()["results"]))

    assert shown[0] == 2 < shown[1]
    assert asked[0] == asked[1] <= 8


def test_a_row_of_the_list_is_what_its_fields_make_of_the_posting(partner):
    PostingFactory(visibility=Visibility.ALIAS, window_end=None, confirmed_on=None)
    PostingFactory(enterprise=partner.enterprise, capacity=True)
    Posting.objects.filter(pk=PostingFactory(enterprise=partner.enterprise, draft=True).pk).update(
        node=None, region=None, unit=None, quantity_amount=None
    )
    request = SimpleNamespace(auth=SimpleNamespace(enterprise=partner.enterprise))
    shape = PostingSerializer(context={"request": request})

    rows = [row for part in ("mine=false", "mine=true") for row in partner.ask(f"postings/?{part}").json()["results"]]

    assert len(rows) == 3
    for row in rows:
        expected = by_fields(shape, Posting.objects.get(number=row["number"]))
        assert list(row) == list(expected)
        assert row == json.loads(JSONRenderer().render(expected))


NEW = {
    "direction": "need",
    "subject": "component",
    "title": "示例：变速箱壳体",
    "node": "XN0",
    "region": "510100",
    "quantity": {"amount": "8000", "unit": "pcs"},
}


@pytest.fixture
def new():
    """What is needed to begin a need of the sample node."""
    sample = PostingFactory(draft=True)
    return NEW | {"quantity": {"amount": "8000", "unit": sample.unit.code}}


def test_a_posting_is_begun_changed_and_published(partner, new):
    made = partner.ask("postings/", "POST", new)
    number = made.json()["number"]
    changed = partner.ask(f"postings/{number}/", "PATCH", {"version": made.json()["version"], "title": "示例：壳体"})
    published = partner.ask(f"postings/{number}/publish/", "POST")

    assert (made.status_code, changed.status_code, published.status_code) == (201, 200, 200)
    posting = Posting.objects.get(number=number)
    assert (posting.status, posting.title, posting.enterprise, posting.created_by) == (
        Status.PUBLISHED,
        "示例：壳体",
        partner.enterprise,
        partner.owner,
    )


def test_an_old_version_is_answered_with_409_and_nothing_is_lost(partner, new):
    made = partner.ask("postings/", "POST", new).json()
    partner.ask(f"postings/{made['number']}/", "PATCH", {"version": made["version"], "title": "示例 A"})

    late = partner.ask(f"postings/{made['number']}/", "PATCH", {"version": made["version"], "title": "示例 B"})

    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert Posting.objects.get(number=made["number"]).title == "示例 A"


def test_values_that_do_not_fit_are_named_by_field_with_422(partner, new):
    answer = partner.ask("postings/", "POST", new | {"node": "NO_SUCH", "region": "000000"})

    assert (answer.status_code, {(error["field"], error["code"]) for error in answer.json()["errors"]}) == (
        422,
        {("node", "refusal.unknown_code"), ("region", "refusal.unknown_code")},
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": {"amount": "-1", "unit": "pcs"}},
        {"quantity": {"amount": "1e400", "unit": "pcs"}},
        {"quantity": 5},
        {"title": "x" * 121},
        {"window_start": "2026-13-45"},
        {"direction": "sideways"},
        {"further_nodes": "XN0"},
    ],
)
def test_a_wrong_shape_is_refused_and_nothing_is_written(partner, new, wrong):
    before = Posting.objects.count()

    answer = partner.ask("postings/", "POST", new | wrong)

    assert (answer.status_code in (400, 422), Posting.objects.count()) == (True, before)


def test_a_body_that_is_no_json_is_refused(partner):
    answer = partner.ask("postings/", "POST", None)

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_writing_to_another_firms_posting_is_answered_with_404(partner):
    foreign = PostingFactory()

    assert partner.ask(f"postings/{foreign.number}/", "PATCH", {"version": 1, "title": "示例"}).status_code == 404
    assert partner.ask(f"postings/{foreign.number}/publish/", "POST").status_code == 404


def test_a_system_ends_when_the_person_who_made_it_owns_the_firm_no_longer(partner, new):
    partner.owner.memberships.update(role=Role.EDITOR)

    assert partner.ask("postings/", "POST", new).status_code == 401


def test_publishing_twice_is_refused_in_the_language_asked_for(partner):
    posting = PostingFactory(enterprise=partner.enterprise, published_at=timezone.now())

    answers = {
        language: partner.ask(f"postings/{posting.number}/publish/", "POST", **{"Accept-Language": language})
        for language in ("en", "zh-hans")
    }

    assert {answer.status_code for answer in answers.values()} == {409}
    for language, answer in answers.items():
        opening = text_of(Reason.REFUSAL_WRONG_STATE, language, {}).split("\N{EM DASH}")[0]
        assert answer.json()["detail"].startswith(opening)
        assert answer.headers["Content-Language"] == language


def test_a_body_of_ten_megabytes_is_refused_with_413(partner):
    answer = partner.ask("postings/", "POST", {"title": "a" * 10_000_000})

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_system_that_acts_for_no_firm_learns_of_a_page_what_a_visitor_does(partner, market):
    posting = market["capacity"]
    PostingParameterFactory(posting=posting)
    PostingCertificateFactory(posting=posting)
    firm = partner.ask(f"postings/{posting.number}/").json()
    ApiClient.objects.update(enterprise=None)
    User.objects.filter(pk=partner.owner.pk).update(is_superuser=True)

    shown = partner.ask(f"postings/{posting.number}/").json()

    hidden = ("required_certificates", "parameters", "further_nodes", "lead_time_days", "region_preference")
    assert [shown[name] for name in (*hidden, "price_kind", "text")] == [None] * 7
    assert (len(firm["parameters"]), len(firm["required_certificates"])) == (1, 1)
    assert shown["title"] == posting.title
