"""Projects of parks: begun by their own people, with firms of the regions that these look after."""

import pytest

from common.errors import Invalid
from common.reasons import Reason
from matchmaking.parks.models import ParkFirm
from matchmaking.parks.services.profiles import write_project
from tests.factories.accounts import EnterpriseFactory, UserFactory
from tests.factories.parks import CooperationProjectFactory, ParkAdministratorFactory, ParkFactory
from tests.factories.reference import RegionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant():
    """Somebody who runs a park."""
    return ParkAdministratorFactory()


@pytest.fixture
def project(grant):
    """A project of that park together with a park elsewhere."""
    return CooperationProjectFactory(park=grant.park, partner_park=ParkFactory(regions=[RegionFactory(code="900201")]))


def firm_in(code):
    return ParkFirm.objects.get(pk=EnterpriseFactory(region=RegionFactory(code=code)).pk)


def name(project, actor, *firms):
    return write_project(project=project, values={"enterprises": list(firms)}, actor=actor)


def test_a_firm_of_the_parks_region_takes_part_and_that_stands_in_the_history(grant, project):
    firm = firm_in("900101")

    name(project, grant.user, firm)

    assert list(project.enterprises.all()) == [firm]
    assert [one.parkfirm_id for one in project.history.first().enterprises.all()] == [firm.pk]


@pytest.mark.parametrize("code", ["900201", "900301"])
def test_a_firm_that_the_actor_does_not_look_after_is_refused_by_name(grant, project, code):
    firm = firm_in(code)

    with pytest.raises(Invalid) as refusal:
        name(project, grant.user, firm)

    assert refusal.value.fields == {"enterprises": Reason.REFUSAL_FIRM_ELSEWHERE}
    assert refusal.value.facts == {"enterprises": {"name": firm.name}}
    assert not project.enterprises.exists()


def test_who_runs_another_park_too_names_firms_of_the_projects_parks_only(grant, project):
    elsewhere = ParkFactory(regions=[RegionFactory(code="900301")])
    ParkAdministratorFactory(park=elsewhere, user=grant.user)

    with pytest.raises(Invalid):
        name(project, grant.user, firm_in("900301"))


def test_the_platform_names_firms_of_both_parks_and_they_stay_when_the_park_adds_its_own(grant, project):
    partners, own = firm_in("900201"), firm_in("900101")
    name(project, UserFactory(platform_admin=True), partners)

    name(project, grant.user, partners, own)

    assert set(project.enterprises.all()) == {partners, own}
