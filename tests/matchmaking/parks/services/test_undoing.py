"""Taking the last change back: what stood before is a further version, and rights and locks hold as ever."""

from datetime import date
from decimal import Decimal

import pytest

from common.errors import Refused
from common.reasons import Reason
from matchmaking.parks.models import CooperationProject, ParkFirm
from matchmaking.parks.services.profiles import change_park, write_project
from matchmaking.parks.services.reporting import lock_quarter, report_indicator
from matchmaking.parks.services.undoing import undo_last_change
from tests.factories.accounts import EnterpriseFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory

pytestmark = pytest.mark.django_db
QUARTER = date(2026, 7, 1)


@pytest.fixture
def grant():
    return ParkAdministratorFactory()


def begun(grant):
    values = {
        "park": grant.park,
        "name_zh": "示例甲",
        "name_en": "Sample",
        "cooperation_type": "enclave-economy",
        "source": "示例通知",
    }
    return write_project(project=CooperationProject(), values=values, actor=grant.user)


def test_a_project_is_again_what_it_was_with_its_firms_and_both_versions_stay(grant):
    firm = ParkFirm.objects.get(pk=EnterpriseFactory(region=grant.park.regions.get()).pk)
    project = begun(grant)
    write_project(project=project, values={"name_zh": "示例乙", "enterprises": [firm]}, actor=grant.user)

    undone = undo_last_change(row=project, actor=grant.user)

    assert (undone.name_zh, list(undone.enterprises.all()), undone.version) == ("示例甲", [], 3)
    again = undo_last_change(row=project, actor=grant.user)
    assert (again.name_zh, [one.pk for one in again.enterprises.all()]) == ("示例乙", [firm.pk])
    assert set(project.history.values_list("version", flat=True)) == {1, 2, 3, 4}


def test_a_row_as_it_was_begun_has_nothing_to_take_back(grant):
    with pytest.raises(Refused) as refusal:
        undo_last_change(row=begun(grant), actor=grant.user)

    assert refusal.value.reason == Reason.REFUSAL_NOTHING_WAITS


def test_another_parks_people_take_nothing_back(grant):
    project = begun(grant)
    write_project(project=project, values={"name_zh": "示例乙"}, actor=grant.user)

    with pytest.raises(Refused) as refusal:
        undo_last_change(row=project, actor=ParkAdministratorFactory().user)

    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS


@pytest.mark.parametrize(("column", "is_own"), [("introduction_zh", True), ("name_zh", False)])
def test_a_parks_own_people_take_back_their_own_words_and_not_what_the_platform_announced(grant, column, is_own):
    platform = UserFactory(platform_admin=True)
    before = getattr(grant.park, column)
    change_park(park=grant.park, values={column: "示例新文字"}, actor=platform)

    if is_own:
        undo_last_change(row=grant.park, actor=grant.user)
    else:
        with pytest.raises(Refused):
            undo_last_change(row=grant.park, actor=grant.user)

    grant.park.refresh_from_db()
    assert getattr(grant.park, column) == (before if is_own else "示例新文字")


def test_a_draft_figure_is_taken_back_and_a_submitted_one_is_not(grant):
    told = {"park": grant.park, "kind": "jobs", "source": "示例", "actor": grant.user}
    report_indicator(**told, period_start=QUARTER, value=Decimal(5))
    row = report_indicator(**told, period_start=QUARTER, value=Decimal(50))

    assert undo_last_change(row=row, actor=grant.user).value == 5
    lock_quarter(park=grant.park, period_start=QUARTER, actor=grant.user)
    with pytest.raises(Refused) as refusal:
        undo_last_change(row=row, actor=grant.user)
    assert refusal.value.reason == Reason.REFUSAL_PERIOD_LOCKED
