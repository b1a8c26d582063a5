"""Plants of an enterprise."""

import pytest

from accounts.models import Site
from accounts.services import sites
from accounts.services.equipment import add_equipment, remove_equipment
from accounts.services.sites import add_site, edit_site, remove_site
from common.errors import Refused
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
