"""Machines on the pages of their firm and in the administration."""

import pytest
from django.urls import reverse

from accounts.models import Equipment
from tests.factories.accounts import (
    CoordinatorGrantFactory,
    EnterpriseFactory,
    EquipmentFactory,
    MembershipFactory,
    SiteFactory,
    UserFactory,
)
from tests.factories.reference import RegionFactory
from tests.factories.talks import drawn, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return MembershipFactory(editor=True)


def test_machines_are_corrected_on_a_page_of_their_own_with_a_photo_for_the_firm_and_the_platform(editor, signed_in):
    machine = EquipmentFactory(site=SiteFactory(enterprise=editor.enterprise), count=2)
    page, client = f"/en/me/equipment/{machine.pk}/", signed_in(editor.user)
    assert f'href="{page}"' in client.get(f"/en/me/sites/{machine.site_id}/").content.decode()
    assert 'value="2"' in client.get(page).content.decode()

    told = {"kind": "示例压机", "size": "900 t", "count": "３", "built_in": "2020", "photo": upload(drawn(), "a.png")}
    answer = client.post(page, told, follow=True)

    machine.refresh_from_db()
    assert (machine.kind, machine.count, machine.built_in) == ("示例压机", 3, 2020)
    assert "The equipment is saved." in answer.content.decode()
    photo = f"{page}photo/"
    shown = client.get(photo)
    assert (shown["Content-Type"], shown["Content-Security-Policy"]) == ("image/png", "default-src 'none'; sandbox")
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    assert f'src="{page}photo/"' in client.get(page).content.decode()
    assert signed_in(UserFactory(platform_admin=True, totp=True)).get(photo).status_code == 200
    assert signed_in(MembershipFactory().user).get(photo).status_code == 404


def test_the_photo_is_taken_away_on_the_page(editor, signed_in):
    machine = EquipmentFactory(site=SiteFactory(enterprise=editor.enterprise), with_photo=True)
    page, client = f"/en/me/equipment/{machine.pk}/", signed_in(editor.user)
    assert "Take the photo away" in client.get(page).content.decode()

    client.post(page, {"kind": "示例压机", "count": "2", "drop_photo": "on"})

    machine.refresh_from_db()
    assert machine.photo.name == ""
    assert "Take the photo away" not in client.get(page).content.decode()


def test_a_refused_photo_keeps_what_was_typed(editor, signed_in):
    machine = EquipmentFactory(site=SiteFactory(enterprise=editor.enterprise), count=2)

    told = {"kind": "示例压机", "count": "7", "photo": upload(b"%PDF-1.7", "a.png")}
    answer = signed_in(editor.user).post(f"/en/me/equipment/{machine.pk}/", told)

    assert (answer.status_code, 'value="7"' in answer.content.decode()) == (422, True)
    assert "PNG, JPEG" in answer.content.decode()


def test_viewers_change_no_machine(editor, signed_in):
    machine = EquipmentFactory(site=SiteFactory(enterprise=editor.enterprise))
    viewer = MembershipFactory(enterprise=editor.enterprise, viewer=True)

    assert signed_in(viewer.user).get(f"/me/equipment/{machine.pk}/").status_code == 403


def test_moderators_check_the_machines_of_their_regions_alone(signed_in):
    near, far = (
        EquipmentFactory(site=SiteFactory(enterprise=EnterpriseFactory(region=RegionFactory(code=code))))
        for code in ("900101", "910201")
    )
    grant = CoordinatorGrantFactory(user__staff=True)
    grant.regions.set([near.site.enterprise.region])
    client, listed = signed_in(grant.user), reverse("admin:accounts_equipment_changelist")
    page = client.get(f"/en{listed}").content.decode()
    assert (near.site.enterprise.name in page, far.site.enterprise.name in page) == (True, False)

    asked = {"action": "mark_checked", "_selected_action": [near.pk, far.pk], "confirmed": "yes"}
    client.post(f"/en{listed}", asked)

    checked = Equipment.objects.exclude(checked_on=None)
    assert [row.checked_by for row in checked.filter(pk=near.pk)] == [grant.user]
    assert checked.count() == 1


def test_the_platform_says_in_the_administration_that_it_saw_machines(editor, signed_in):
    machine = EquipmentFactory(site=SiteFactory(enterprise=editor.enterprise), with_photo=True)
    client = signed_in(UserFactory(platform_admin=True, totp=True))
    listed = reverse("admin:accounts_equipment_changelist")
    asked = {"action": "mark_checked", "_selected_action": [machine.pk]}

    assert "checked on site today?" in client.post(f"/en{listed}", asked).content.decode()
    client.post(f"/en{listed}", asked | {"confirmed": "yes"})

    assert Equipment.objects.get().checked_on is not None
    opened = client.get(reverse("admin:accounts_equipment_change", args=[machine.pk])).content.decode()
    assert f"/me/equipment/{machine.pk}/photo/" in opened
