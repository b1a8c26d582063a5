"""Projects in the administration: firms are found and chosen within the reader's regions."""

import pytest
from django.urls import reverse

from matchmaking.parks.models import CooperationProject
from tests.factories.accounts import EnterpriseFactory, UserFactory
from tests.factories.parks import CooperationProjectFactory, ParkAdministratorFactory, ParkFactory
from tests.factories.reference import RegionFactory

pytestmark = pytest.mark.django_db
FIRMS = {"app_label": "parks", "model_name": "cooperationproject", "field_name": "enterprises"}


@pytest.fixture
def grant():
    """The right to run a park, held by somebody with a second factor."""
    return ParkAdministratorFactory()


@pytest.fixture
def firms():
    """A firm in the park's region, and one elsewhere."""
    return EnterpriseFactory(), EnterpriseFactory(region=RegionFactory(code="900999"))


def project_values(park, **more):
    return {
        "park": park.pk,
        "name_zh": "示例项目",
        "name_en": "Sample",
        "cooperation_type": "enclave-economy",
        "state": "planned",
        "source": "示例通知",
        "milestones-TOTAL_FORMS": 0,
        "milestones-INITIAL_FORMS": 0,
        **more,
    }


@pytest.mark.parametrize(("who", "found"), [("own", [True, False]), ("platform", [True, True]), ("firm", None)])
def test_autocomplete_offers_firms_of_ones_own_regions(grant, firms, signed_in, who, found):
    users = {"own": grant.user, "platform": UserFactory(platform_admin=True, totp=True), "firm": UserFactory()}

    answer = signed_in(users[who]).get(reverse("admin:autocomplete"), FIRMS | {"term": "示例企业"})

    if found is None:
        assert answer.status_code == 403
    else:
        offered = {row["id"] for row in answer.json()["results"]}
        assert [str(firm.pk) in offered for firm in firms] == found


@pytest.mark.parametrize("is_own", [True, False])
def test_a_project_names_firms_of_ones_own_region_only(grant, firms, signed_in, is_own):
    chosen = firms[0 if is_own else 1]

    answer = signed_in(grant.user).post(
        reverse("admin:parks_cooperationproject_add"), project_values(grant.park, enterprises=[chosen.pk])
    )

    assert CooperationProject.objects.filter(enterprises=chosen.pk).exists() is is_own
    assert is_own or "enterprises" in answer.context["adminform"].errors


def test_saving_keeps_a_firm_that_the_platform_named_elsewhere(grant, firms, signed_in):
    project = CooperationProjectFactory(
        park=grant.park, partner_park=ParkFactory(regions=[RegionFactory(code="900999")])
    )
    project.enterprises.set([firms[1].pk])

    signed_in(grant.user).post(
        reverse("admin:parks_cooperationproject_change", args=[project.pk]),
        project_values(grant.park, seen_version=1, enterprises=[firm.pk for firm in firms], state="running"),
    )

    project.refresh_from_db()
    assert (project.state, project.enterprises.count()) == ("running", 2)
