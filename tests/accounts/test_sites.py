"""Plants and their equipment."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Change, Equipment, Site
from accounts.services import sites
from accounts.services.sites import add_equipment, add_site, confirm_equipment, edit_site, remove_equipment, remove_site
from common.errors import Invalid, Refused
from common.reasons import Reason
from tests.factories.accounts import EquipmentFactory, MembershipFactory, SiteFactory
from tests.factories.reference import RegionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return MembershipFactory(editor=True)


def test_editors_add_change_and_remove_a_plant(editor, changes):
    region = RegionFactory(code="900101")
    site = add_site(enterprise=editor.enterprise, actor=editor.user, name="示例\n厂区", region=region, workers=100)
    edit_site(site=site, actor=editor.user, name="示例新厂区", region=region, floor_area_m2=2000)

    fresh = Site.objects.get()
    assert (site.name, fresh.name, fresh.floor_area_m2, fresh.workers) == ("示例 厂区", "示例新厂区", 2000, None)
    remove_site(site=site, actor=editor.user)
    assert Site.objects.count() == 0
    assert changes() == [("enterprise", "changed", "")] * 3


def test_equipment_comes_and_goes(editor):
    site = SiteFactory(enterprise=editor.enterprise)

    machine = add_equipment(site=site, actor=editor.user, kind="示例注塑机", size="800 t", count=3, built_in=2019)
    assert (machine.kind, machine.count) == ("示例注塑机", 3)
    remove_equipment(equipment=machine, actor=editor.user)

    assert Equipment.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "x" * 121}, "kind"),
        ({"kind": "x", "count": 0}, "__all__"),
        ({"kind": "x", "count": -1}, "count"),
    ],
)
def test_add_equipment_says_which_value_is_wrong(values, field, editor):
    site = SiteFactory(enterprise=editor.enterprise)

    with pytest.raises(Invalid) as refusal:
        add_equipment(site=site, actor=editor.user, **values)

    assert set(refusal.value.fields) <= {field, ""}


def test_add_site_stops_at_a_number_of_plants(editor, monkeypatch):
    monkeypatch.setattr(sites, "MOST_SITES", 1)
    SiteFactory(enterprise=editor.enterprise)

    with pytest.raises(Refused) as refusal:
        add_site(enterprise=editor.enterprise, actor=editor.user, name="示例", region=RegionFactory(code="900101"))

    assert refusal.value.reason == Reason.REFUSAL_LIMIT_REACHED


def test_viewers_and_strangers_change_no_plant(editor, changes):
    viewer = MembershipFactory(enterprise=editor.enterprise, viewer=True).user
    site = SiteFactory(enterprise=editor.enterprise)
    machine = EquipmentFactory(site=site)

    for person in (viewer, MembershipFactory().user):
        for act in (
            lambda p=person: add_site(enterprise=editor.enterprise, actor=p, name="x", region=site.region),
            lambda p=person: edit_site(site=site, actor=p, name="x", region=site.region),
            lambda p=person: remove_site(site=site, actor=p),
            lambda p=person: add_equipment(site=site, actor=p, kind="x"),
            lambda p=person: remove_equipment(equipment=machine, actor=p),
        ):
            with pytest.raises(Refused) as refusal:
                act()
            assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    assert changes() == []


def test_machines_are_confirmed_when_told_and_again_by_one_press_that_counts_once_a_day(editor):
    site = SiteFactory(enterprise=editor.enterprise)
    machine = add_equipment(site=site, actor=editor.user, kind="示例压机")
    assert machine.confirmed_on == timezone.localdate()
    Equipment.objects.update(confirmed_on=date(2026, 1, 1))
    before = Change.objects.count()
    confirm_equipment(equipment=machine, actor=editor.user)
    confirm_equipment(equipment=machine, actor=editor.user)
    machine.refresh_from_db()
    assert (machine.confirmed_on, Change.objects.count() - before) == (timezone.localdate(), 1)
    viewer = MembershipFactory(enterprise=editor.enterprise, viewer=True).user
    with pytest.raises(Refused):
        confirm_equipment(equipment=machine, actor=viewer)
