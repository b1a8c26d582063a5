"""Roles with scopes: granted, changed and taken back in the administration, over by themselves, kept in the record."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Verb
from accounts.models import Change, CoordinatorGrant
from reference.models import IndustryChain, Region
from tests.factories.accounts import CoordinatorGrantFactory, UserFactory
from tests.factories.parks import ParkAdministratorFactory

pytestmark = pytest.mark.django_db
LIST = "admin:accounts_coordinatorgrant_changelist"


@pytest.fixture
def platform(signed_in):
    """A client of a platform administrator with a second factor."""
    return signed_in(UserFactory(platform_admin=True, totp=True))


def change(client, grant, **data):
    return client.post(reverse("admin:accounts_coordinatorgrant_change", args=[grant.pk]), data)


def test_the_scope_and_the_last_day_of_a_right_are_changed_and_recorded(platform):
    grant = CoordinatorGrantFactory()
    region, chain = Region.objects.get(code="510100"), IndustryChain.objects.get(code="AUTO")

    answer = change(platform, grant, regions=[region.pk], chains=[chain.pk], ends_on="2099-01-01")

    grant.refresh_from_db()
    assert (answer.status_code, list(grant.regions.all()), str(grant.ends_on)) == (302, [region], "2099-01-01")
    line = Change.objects.get(verb=Verb.CHANGED, thing="coordinatorgrant")
    assert (line.facts["regions"], line.facts["chains"], "before" in line.facts) == (["510100"], ["AUTO"], True)


def test_a_right_that_was_taken_back_is_not_changed_any_more(platform):
    grant = CoordinatorGrantFactory(revoked_at=timezone.now())

    assert change(platform, grant, regions=[], chains=[], ends_on="2099-01-01").status_code == 403


def test_taking_back_asks_first_and_stands_in_the_record_that_the_administration_lists(platform):
    grant = CoordinatorGrantFactory()
    act = {"action": "revoke", "_selected_action": grant.pk}

    asked = platform.post(reverse(LIST), act)
    before = CoordinatorGrant.objects.get(pk=grant.pk).revoked_at
    platform.post(reverse(LIST), act | {"confirmed": "yes"})
    listed = platform.get(reverse("admin:accounts_change_changelist"), {"thing": "coordinatorgrant"})

    assert (asked.status_code, before, CoordinatorGrant.objects.in_force().count()) == (200, None, 0)
    assert [row.verb for row in listed.context["cl"].result_list] == [Verb.REVOKED]


@pytest.mark.parametrize(("days", "holds"), [(0, True), (-1, False)])
def test_a_right_ends_after_its_last_day_at_once(days, holds, platform):
    CoordinatorGrantFactory(ends_on=timezone.localdate() + timedelta(days=days))

    shown = platform.get(reverse(LIST), {"standing": "holds"}).context["cl"].result_count

    assert (CoordinatorGrant.objects.in_force().exists(), shown) == (holds, int(holds))


def test_a_park_right_that_is_over_closes_the_next_request(signed_in):
    grant = ParkAdministratorFactory()
    client = signed_in(grant.user)
    before = client.get(reverse("admin:parks_park_changelist")).status_code
    type(grant).objects.filter(pk=grant.pk).update(ends_on=timezone.localdate() - timedelta(days=1))

    assert (before, client.get(reverse("admin:parks_park_changelist")).status_code) == (200, 403)
