"""Park administrators reach their own parks only, by list, address, history, choice and action."""

import re
from datetime import date

import pytest
from django.urls import reverse

from matchmaking.parks.models import ParkAdministrator, ParkIndicator
from matchmaking.postings.choices import PriceKind
from tests.factories.accounts import EnterpriseContactFactory, EnterpriseFactory, UserFactory
from tests.factories.parks import (
    CooperationProjectFactory,
    ParkAdministratorFactory,
    ParkFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)
from tests.factories.postings import PostingFactory
from tests.factories.reference import RegionFactory

pytestmark = pytest.mark.django_db


PARTS = {
    "park": ParkFactory,
    "parkpartnership": ParkPartnershipFactory,
    "cooperationproject": CooperationProjectFactory,
    "parkindicator": ParkIndicatorFactory,
}


def page(model, name="changelist", *args, app="parks"):
    return reverse(f"admin:{app}_{model}_{name}", args=args)


def rows(answer):
    return list(answer.context["cl"].result_list)


def part_of(model, park):
    column = {"parkpartnership": "from_park"}.get(model, "park")
    return park if model == "park" else PARTS[model](**{column: park})


@pytest.fixture
def grant():
    """The right to run a park, held by somebody with a second factor."""
    return ParkAdministratorFactory()


@pytest.fixture
def runs(grant, signed_in):
    """A client of that person."""
    return signed_in(grant.user)


@pytest.fixture
def platform(signed_in):
    """A client of a platform administrator with a second factor."""
    return signed_in(UserFactory(platform_admin=True, totp=True))


@pytest.mark.parametrize("model", PARTS)
def test_a_list_shows_rows_of_ones_own_park_only(model, grant, runs):
    own = part_of(model, grant.park)
    part_of(model, ParkFactory())

    assert rows(runs.get(page(model))) == [own]


@pytest.mark.parametrize("name", ["change", "history", "delete"])
@pytest.mark.parametrize("model", PARTS)
def test_another_parks_address_gives_nothing(model, name, grant, runs):
    foreign = part_of(model, ParkFactory())

    answer = runs.get(page(model, name, foreign.pk))

    assert answer.status_code in (302, 403, 404)
    assert str(foreign).encode() not in answer.content


@pytest.mark.parametrize("model", PARTS)
def test_an_earlier_version_of_another_parks_row_gives_nothing(model, grant, runs):
    foreign = part_of(model, ParkFactory())
    version = foreign.history.first().pk

    assert runs.get(page(model, "simple_history", foreign.pk, version)).status_code == 404


@pytest.mark.parametrize("model", PARTS)
def test_the_pages_of_ones_own_rows_open_with_their_history(model, grant, runs):
    own = part_of(model, grant.park)

    answers = [runs.get(page(model, name, own.pk)).status_code for name in ("change", "history")]
    answers.append(runs.get(page(model, "simple_history", own.pk, own.history.first().pk)).status_code)

    assert answers == [200, 200, 200]


@pytest.mark.parametrize("model", PARTS)
def test_no_link_on_ones_own_row_leads_to_a_closed_door(model, grant, runs):
    told = {"author": UserFactory()} if model == "parkindicator" else {}
    own = part_of(model, grant.park)
    type(own).objects.filter(pk=own.pk).update(**told)

    links = re.findall(r'href="(/manage/[^"#?]*/change/)', runs.get(page(model, "change", own.pk)).content.decode())

    assert {link: runs.get(link).status_code for link in links if runs.get(link).status_code != 200} == {}


@pytest.mark.parametrize(
    ("app", "model", "field"),
    [("parks", "parkadministrator", "park"), ("parks", "park", "regions"), ("accounts", "coordinatorgrant", "user")],
)
def test_autocomplete_gives_park_administrators_nothing_that_is_not_theirs(app, model, field, grant, runs):
    ParkFactory()

    answer = runs.get(
        reverse("admin:autocomplete"), {"app_label": app, "model_name": model, "field_name": field, "term": ""}
    )

    found = [row["id"] for row in answer.json()["results"]] if answer.status_code == 200 else []
    assert set(found) <= {str(grant.park.pk)}


def test_other_parks_cannot_be_chosen_for_a_figure(grant, runs):
    foreign = ParkFactory()
    data = {"park": foreign.pk, "kind": "jobs", "period_start": "2026-04-01", "value": "5", "source": "示例"}

    answer = runs.post(page("parkindicator", "add"), data)

    assert (answer.status_code, "park" in answer.context["adminform"].errors) == (200, True)
    assert not ParkIndicator.objects.exists()


def test_an_action_on_another_parks_figure_does_nothing(grant, runs):
    foreign = ParkIndicatorFactory()

    runs.post(page("parkindicator"), {"action": "lock", "_selected_action": foreign.pk, "confirmed": "yes"})

    foreign.refresh_from_db()
    assert foreign.is_locked is False


@pytest.mark.parametrize("model", ["user", "enterprise", "coordinatorgrant", "change", "enterprisecertificate"])
def test_accounts_are_closed_to_park_administrators(model, runs):
    assert runs.get(page(model, app="accounts")).status_code == 403


def test_first_page_lists_ones_own_area_alone(runs):
    areas = runs.get(reverse("admin:index")).context["app_list"]

    assert [area["app_label"] for area in areas] == ["accounts", "parks"]
    assert "Review" in [model["object_name"] for model in areas[0]["models"]]


@pytest.mark.parametrize("end", [{"revoked_at": "2026-01-01T00:00:00Z"}, {"ends_on": date(2020, 1, 1)}])
def test_a_grant_that_ended_opens_nothing(grant, runs, end):
    ParkAdministrator.objects.filter(pk=grant.pk).update(**end)

    assert runs.get(page("park")).status_code == 403


def test_firms_and_premises_of_ones_own_regions_are_listed_without_pages_contacts_or_prices(grant, runs):
    home = grant.park.regions.first()
    firm = EnterpriseFactory(region=home, name="示例园内企业")
    EnterpriseContactFactory(enterprise=firm, phone="13800009999")
    hall = PostingFactory(
        capacity=True, subject="premises", region=home, enterprise=firm, price_kind=PriceKind.OPEN, price_min=77777
    )
    away = RegionFactory(code="900999")
    elsewhere = PostingFactory(
        capacity=True, subject="premises", region=away, enterprise=EnterpriseFactory(region=away)
    )
    PostingFactory(capacity=True, subject="premises", region=home, enterprise=firm, draft=True)

    firms, premises = runs.get(page("parkfirm")), runs.get(page("parkpremises"))

    assert firm.pk in {row.pk for row in rows(firms)}
    assert elsewhere.enterprise_id not in {row.pk for row in rows(firms)}
    assert {row.pk for row in rows(premises)} == {hall.pk}
    assert [word for word in ("13800009999", "77777") if word in (firms.content + premises.content).decode()] == []
    assert runs.get(page("parkfirm", "change", firm.pk)).status_code == 403
    assert runs.get(page("parkpremises", "change", hall.pk)).status_code == 403
