"""How a park stands on its page in the administration: counted figures open their rows, quarters what is to be done."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from matchmaking.parks.queries.figures import Quarter
from tests.factories.accounts import EnterpriseFactory, UserFactory
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


@pytest.fixture
def grant():
    """The right to run a park, held by somebody with a second factor."""
    return ParkAdministratorFactory()


@pytest.fixture
def runs(grant, signed_in):
    """A client of that person."""
    return signed_in(grant.user)


def last_quarter():
    return Quarter.of(timezone.localdate()).back(1).start


def part(client, park, name):
    body = client.get(reverse("admin:parks_park_change", args=[park.pk])).content.decode()
    return re.search(rf'field-{name}">.*?<ul>(.*?)</ul>', body, re.DOTALL)[1]


def links(client, park, name):
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', part(client, park, name))
    return [(address.replace("&amp;", "&"), text) for address, text in found]


def test_every_counted_figure_opens_as_many_rows(grant, runs):
    home, elsewhere = grant.park.regions.first(), ParkFactory(regions=[RegionFactory(code="900301")])
    ParkAdministratorFactory(park=elsewhere, user=grant.user)
    EnterpriseFactory(region=RegionFactory(code="900301"))
    PostingFactory(capacity=True, subject="premises", region=home)
    PostingFactory(capacity=True, subject="premises", region=home, paused=True)
    CooperationProjectFactory(park=grant.park)
    CooperationProjectFactory(park=elsewhere)
    asking = ParkAdministratorFactory().park
    ParkPartnershipFactory(from_park=asking, to_park=grant.park, state="proposed", proposed_by=asking)

    counted = links(runs, grant.park, "counted_now")

    for address, text in counted:
        assert runs.get(address).context["cl"].result_count == int(text.split()[0]), text
    assert [int(text.split()[0]) for _address, text in counted][1:4] == [1, 1, 1]


def test_a_counted_figure_cannot_be_typed(grant, runs):
    answer = runs.get(reverse("admin:parks_park_change", args=[grant.park.pk]))

    assert not {"counted_now", "by_quarter"} & set(answer.context["adminform"].form.fields)


def test_a_missing_quarter_leads_to_its_form_and_a_draft_to_its_figures(grant, runs):
    missing = links(runs, grant.park, "by_quarter")[0]
    form = runs.get(missing[0]).context["adminform"].form
    row = ParkIndicatorFactory(park=grant.park, period_start=last_quarter())

    draft = links(runs, grant.park, "by_quarter")[0]

    assert (str(form.initial["park"]), str(form.initial["period_start"])) == (
        str(grant.park.pk),
        last_quarter().isoformat(),
    )
    assert list(runs.get(draft[0]).context["cl"].result_list) == [row]
    assert str(Quarter(last_quarter())) in draft[1]


@pytest.mark.parametrize(("state", "index"), [("missing", 0), ("draft", 1), ("submitted", 2)])
def test_parks_are_listed_by_how_far_the_last_quarter_is(signed_in, state, index):
    parks = ParkFactory.create_batch(3)
    ParkIndicatorFactory(park=parks[0], period_start=date(2020, 1, 1), is_locked=True)
    ParkIndicatorFactory(park=parks[1], period_start=last_quarter())
    for kind in ("jobs", "output"):
        ParkIndicatorFactory(park=parks[2], period_start=last_quarter(), is_locked=True, kind=kind)
    platform = signed_in(UserFactory(platform_admin=True, totp=True))

    found = platform.get(reverse("admin:parks_park_changelist"), {"last_quarter": state}).context["cl"].result_list

    assert {park for park in found if park in parks} == {parks[index]}


@pytest.mark.parametrize("model", ["parkfirm", "parkpremises"])
def test_rows_of_another_parks_region_are_not_asked_for_by_its_name(model, grant, runs):
    away = RegionFactory(code="900999")
    foreign = ParkFactory(regions=[away])
    PostingFactory(capacity=True, subject="premises", region=away, enterprise=EnterpriseFactory(region=away))

    answer = runs.get(reverse(f"admin:parks_{model}_changelist"), {"park": foreign.slug})

    assert list(answer.context["cl"].result_list) == []
