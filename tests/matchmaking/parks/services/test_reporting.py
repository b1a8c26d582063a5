"""Figures by quarter: who reports, what is refused, locking and corrections."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Change
from common.errors import Invalid, Refused, Stale
from common.reasons import Reason
from matchmaking.parks.models import ParkIndicator
from matchmaking.parks.services.granting import grant_park, revoke_park
from matchmaking.parks.services.partnering import write_partnership
from matchmaking.parks.services.profiles import change_park, write_project
from matchmaking.parks.services.reporting import correct_indicator, lock_quarter, report_indicator
from tests.factories.accounts import UserFactory
from tests.factories.parks import (
    CooperationProjectFactory,
    ParkAdministratorFactory,
    ParkFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)

pytestmark = pytest.mark.django_db
QUARTER = date(2026, 7, 1)


@pytest.fixture
def grant():
    """Somebody who runs a park."""
    return ParkAdministratorFactory()


def report(grant, **changes):
    told = {"kind": "jobs", "period_start": QUARTER, "value": Decimal(5), "source": "示例", "actor": grant.user}
    return report_indicator(**({"park": grant.park} | told | changes))


def test_reporting_again_changes_the_row_and_names_the_new_author(grant):
    first = report(grant)
    colleague = ParkAdministratorFactory(park=grant.park).user

    second = report(grant, value=Decimal(7), actor=colleague, seen_version=first.version)

    assert (second.pk, second.value, second.author, second.version) == (first.pk, 7, colleague, 2)
    assert [change.verb for change in Change.objects.all()] == ["created", "changed"]


def test_reporting_for_another_park_is_refused_and_nothing_is_written(grant):
    with pytest.raises(Refused) as refusal:
        report(grant, park=ParkFactory())

    assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    assert (ParkIndicator.objects.exists(), Change.objects.exists()) == (False, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": "  "}, "source"),
        ({"value": Decimal(-1)}, "value"),
        ({"kind": "nonsense"}, "kind"),
        ({"period_start": date(2026, 7, 2)}, "__all__"),
    ],
)
def test_values_that_do_not_fit_are_named_by_field(grant, changes, field):
    with pytest.raises(Invalid) as refusal:
        report(grant, **changes)

    assert (field in refusal.value.fields, ParkIndicator.objects.exists()) == (True, False)


def test_the_second_of_two_reporters_is_told(grant):
    seen = report(grant).version
    report(grant, value=Decimal(6), seen_version=seen)

    with pytest.raises(Stale):
        report(grant, value=Decimal(7), seen_version=seen)

    assert ParkIndicator.objects.get().value == 6


def test_a_locked_quarter_is_corrected_and_no_longer_reported(grant):
    row = report(grant)
    assert lock_quarter(park=grant.park, period_start=QUARTER, actor=grant.user) == 1

    with pytest.raises(Refused) as refusal:
        report(grant, value=Decimal(9))
    corrected = correct_indicator(indicator=row, value=Decimal(9), source="示例更正", actor=grant.user)

    assert refusal.value.reason == Reason.REFUSAL_PERIOD_LOCKED
    assert (corrected.value, corrected.is_locked) == (9, True)
    assert [entry.value for entry in corrected.history.all()] == [9, 5, 5]


def test_correcting_what_is_not_locked_is_refused(grant):
    with pytest.raises(Refused) as refusal:
        correct_indicator(indicator=report(grant), value=Decimal(9), source="示例", actor=grant.user)

    assert refusal.value.reason == Reason.REFUSAL_WRONG_STATE


def test_locking_leaves_other_quarters_and_parks_open(grant):
    report(grant)
    other = [report(grant, period_start=date(2026, 4, 1)), ParkIndicatorFactory()]

    lock_quarter(park=grant.park, period_start=QUARTER, actor=grant.user)

    for row in other:
        row.refresh_from_db()
    assert [row.is_locked for row in other] == [False, False]


@pytest.mark.parametrize(
    "act",
    [
        lambda user: change_park(park=ParkFactory(), values={"clusters": []}, actor=user),
        lambda user: write_project(project=CooperationProjectFactory(), values={"state": "running"}, actor=user),
        lambda user: write_partnership(partnership=ParkPartnershipFactory(), values={"note": "x"}, actor=user),
        lambda user: lock_quarter(park=ParkFactory(), period_start=QUARTER, actor=user),
        lambda user: grant_park(park=ParkFactory(), user=user, actor=user),
        lambda user: revoke_park(grant=ParkAdministratorFactory(), actor=user),
    ],
)
def test_another_parks_people_are_refused_everywhere(grant, act):
    with pytest.raises(Refused) as refusal:
        act(grant.user)

    assert (refusal.value.reason, Change.objects.exists()) == (Reason.REFUSAL_NOT_YOURS, False)


def test_who_runs_a_second_park_keeps_the_door_to_the_administration(grant):
    platform = UserFactory(platform_admin=True)
    second = grant_park(park=ParkFactory(), user=grant.user, actor=platform)

    revoke_park(grant=grant, actor=platform)
    grant.user.refresh_from_db()
    with_one = grant.user.is_staff
    second.refresh_from_db()
    revoke_park(grant=second, actor=platform)

    second.user.refresh_from_db()
    assert (with_one, second.user.is_staff) == (True, False)
