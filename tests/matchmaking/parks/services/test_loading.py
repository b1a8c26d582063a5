"""Loading parks: once or often the same, never over what people changed, never half."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.parks.models import Park, ParkBatch, ParkPartnership
from matchmaking.parks.queries.parks import batches_on, park_count_on
from matchmaking.parks.services.loading import load_parks
from matchmaking.parks.services.profiles import change_park
from reference.services import FIXTURE_FOLDER
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A copy of the fixtures, to be changed."""
    for name in ("park_batches", "parks", "park_partnerships"):
        (tmp_path / f"{name}.json").write_text((FIXTURE_FOLDER / f"{name}.json").read_text("utf-8"), "utf-8")
    return tmp_path


def changed(folder, name, change):
    path = folder / f"{name}.json"
    rows = json.loads(path.read_text("utf-8"))
    change(rows)
    path.write_text(json.dumps(rows), "utf-8")


def test_loading_makes_every_row_with_its_regions():
    figures = {one.kind: one.created for one in load_parks()}

    assert figures == {"park_batches": 2, "parks": 25, "park_partnerships": 11}
    gaozhu = Park.objects.get(slug="chuanyu-gaozhu")
    assert {region.province for region in gaozhu.regions.all()} == {"510000", "500000"}


def test_loading_again_changes_nothing():
    load_parks()
    before = [list(model.objects.values()) for model in (ParkBatch, Park, ParkPartnership)]

    figures = load_parks()

    assert [one.changed for one in figures] == [0, 0, 0]
    assert [list(model.objects.values()) for model in (ParkBatch, Park, ParkPartnership)] == before


def test_a_changed_file_changes_its_row_and_deletes_none(folder):
    load_parks(folder=folder)
    changed(folder, "parks", lambda rows: rows.pop(0))
    changed(folder, "parks", lambda rows: rows[0].update(name_en="Another name"))

    figures = {one.kind: (one.created, one.updated) for one in load_parks(folder=folder)}

    assert (figures["parks"], Park.objects.count(), Park.objects.filter(name_en="Another name").count()) == (
        (0, 1),
        25,
        1,
    )


def test_what_a_parks_people_wrote_stays(folder):
    load_parks(folder=folder)
    park = Park.objects.get(slug="zigong-hi-tech")
    change_park(park=park, values={"clusters": ["hydrogen"]}, actor=UserFactory(platform_admin=True))

    load_parks(folder=folder)

    park.refresh_from_db()
    assert park.clusters == ["hydrogen"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("parks", lambda rows: rows[-1].update(clusters=["nonsense"])),
        ("parks", lambda rows: rows[-1].update(source="")),
        ("parks", lambda rows: rows[-1].update(regions=["999999"])),
        ("park_partnerships", lambda rows: rows[-1].update(to_park="no-such-park")),
    ],
)
def test_a_row_that_does_not_fit_is_refused_and_nothing_is_written(folder, name, change):
    changed(folder, name, change)

    with pytest.raises(Invalid):
        load_parks(folder=folder)

    assert (Park.objects.exists(), ParkBatch.objects.exists()) == (False, False)


@pytest.mark.parametrize(("day", "count"), [(date(2021, 1, 7), 0), (date(2021, 6, 1), 20), (date(2023, 6, 1), 35)])
def test_park_count_on_a_day_includes_those_not_yet_named(day, count):
    load_parks()

    assert park_count_on(day) == count


def test_batches_on_a_day_tell_named_from_not_yet_named():
    load_parks()

    assert [(batch.number, batch.named, batch.not_yet_named) for batch in batches_on(date(2023, 6, 1))] == [
        (1, 18, 2),
        (2, 7, 8),
    ]


def test_partnerships_stand_from_their_day_until_they_end():
    load_parks()
    pair = ParkPartnership.objects.filter(agreed_on=date(2021, 5, 13)).first()
    pair.ended_on = date(2024, 1, 1)
    pair.save()

    days = [date(2021, 5, 12), date(2021, 5, 13), date(2023, 12, 31), date(2024, 1, 1)]

    assert [ParkPartnership.objects.standing_on(day).filter(pk=pair.pk).exists() for day in days] == [
        False,
        True,
        True,
        False,
    ]


def test_load_all_loads_reference_parks_and_facts_in_order(capsys):
    call_command("load_all")

    loaded = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert loaded == ["reference", "parks", "facts", "corridor"]


def test_a_file_that_calls_a_batch_complete_with_names_missing_is_refused(folder):
    changed(folder, "park_batches", lambda rows: rows[0].update(is_complete=True))

    with pytest.raises(Refused) as refusal:
        load_parks(folder=folder)

    assert (refusal.value.reason, Park.objects.exists()) == (Reason.REFUSAL_BATCH_INCOMPLETE, False)
