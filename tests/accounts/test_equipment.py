"""Machines at a plant: told, confirmed, corrected, shown and checked."""

import io
from datetime import date
from functools import partial

import pytest
from django.utils import timezone
from PIL import Image

from accounts.models import Change, Equipment
from accounts.services.equipment import (
    add_equipment,
    check_equipment,
    confirm_equipment,
    edit_equipment,
    remove_equipment,
)
from accounts.services.sites import remove_site
from common.errors import Invalid, Refused
from common.reasons import Reason
from tests.factories.accounts import EquipmentFactory, MembershipFactory, SiteFactory, UserFactory
from tests.factories.talks import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return MembershipFactory(editor=True)


def photo_with_place():
    """A JPEG that says where it was taken, as a phone writes it."""
    out, told = io.BytesIO(), Image.Exif()
    told.get_ifd(0x8825).update({1: "N", 2: (29.0, 24.0, 0.0)})
    Image.new("RGB", (60, 40), "white").save(out, "JPEG", exif=told)
    return out.getvalue()


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


def test_machines_are_corrected_and_what_was_checked_is_checked_again_where_it_is_another(editor):
    machine = EquipmentFactory(site=SiteFactory(enterprise=editor.enterprise), kind="示例压机", size="800 t", count=2)
    admin = UserFactory(platform_admin=True)
    same = {"kind": "示例压机", "size": "800 t", "count": 1, "built_in": 2019}
    check_equipment(equipment=machine, actor=admin)

    assert edit_equipment(equipment=machine, actor=editor.user, **same).checked_by == admin
    for other in ({"count": 2}, {"size": "900 t"}, {"kind": "示例机床"}):
        edit_equipment(equipment=machine, actor=editor.user, **same | other)
        machine.refresh_from_db()
        assert (machine.checked_on, machine.checked_by) == (None, None)
        edit_equipment(equipment=machine, actor=editor.user, **same)
        check_equipment(equipment=machine, actor=admin)


def test_only_the_platform_checks_machines_on_site_and_twice_a_day_counts_once(editor):
    machine = EquipmentFactory(site=SiteFactory(enterprise=editor.enterprise))
    admin = UserFactory(platform_admin=True)
    for person in (editor.user, UserFactory()):
        with pytest.raises(Refused) as refusal:
            check_equipment(equipment=machine, actor=person)
        assert refusal.value.reason == Reason.REFUSAL_NOT_YOURS
    before = Change.objects.count()
    check_equipment(equipment=machine, actor=admin)
    check_equipment(equipment=machine, actor=UserFactory(platform_admin=True))
    machine.refresh_from_db()
    assert (machine.checked_on, machine.checked_by) == (timezone.localdate(), admin)
    assert Change.objects.count() == before + 1


def test_a_photo_is_kept_without_where_it_was_taken_and_stays_when_no_other_comes(editor):
    machine = EquipmentFactory(site=SiteFactory(enterprise=editor.enterprise))
    told = {"kind": machine.kind, "count": 2}
    edit_equipment(equipment=machine, actor=editor.user, photo=upload(photo_with_place(), "a.jpg"), **told)
    edit_equipment(equipment=machine, actor=editor.user, **told)

    machine.refresh_from_db()
    with machine.photo.open("rb") as kept:
        image = Image.open(io.BytesIO(kept.read()))
    assert (image.size, dict(image.getexif())) == ((60, 40), {})
    assert machine.photo.name.endswith(".jpg")


def test_a_photo_that_is_replaced_or_taken_away_or_goes_with_its_machines_is_kept_no_longer(
    editor, django_capture_on_commit_callbacks
):
    def on_disk(name):
        return Equipment._meta.get_field("photo").storage.exists(name)

    def tell(**values):
        with django_capture_on_commit_callbacks(execute=True):
            edit_equipment(equipment=machine, actor=editor.user, kind="示例压机", **values)
        machine.refresh_from_db()
        return machine.photo.name

    site = SiteFactory(enterprise=editor.enterprise)
    machine = EquipmentFactory(site=site)
    first = tell(photo=upload(photo_with_place(), "a.jpg"))
    second = tell(photo=upload(photo_with_place(), "a.jpg"))
    assert (first == second, on_disk(first), on_disk(second)) == (False, False, True)
    assert (tell(drop_photo=True), on_disk(second)) == ("", False)
    for goes_with in (partial(remove_equipment, equipment=machine), partial(remove_site, site=site)):
        machine.save()
        kept = tell(photo=upload(photo_with_place(), "a.jpg"))
        assert on_disk(kept)
        with django_capture_on_commit_callbacks(execute=True):
            goes_with(actor=editor.user)
        assert not on_disk(kept)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7 no photo", Reason.REFUSAL_FILE_KIND),
        (b"\x89PNG\r\n\x1a\n and nothing more", Reason.REFUSAL_FILE_UNREADABLE),
        (b"\xff\xd8\xff" + b"0" * (5 * 1024 * 1024), Reason.REFUSAL_FILE_LARGE),
    ],
)
def test_what_is_no_photo_is_refused_at_its_field_and_nothing_changes(content, reason, editor):
    machine = EquipmentFactory(site=SiteFactory(enterprise=editor.enterprise), count=2)

    with pytest.raises(Invalid) as refusal:
        edit_equipment(equipment=machine, actor=editor.user, kind="示例", count=9, photo=upload(content, "a.png"))

    assert refusal.value.fields == {"photo": reason}
    machine.refresh_from_db()
    assert (machine.count, machine.photo.name) == (2, "")
