"""Loads lines of the corridor and planned bases from fixtures/reference; what people changed since stays theirs."""

from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.services.checks import check_row
from matchmaking.hydrogen.models import CorridorLine, CorridorStop, Facility
from reference.models import Region
from reference.services import LoadFigures, read_fixture

LINE_COLUMNS = ("name_zh", "name_en", "kind", "position", "source", "note")
FACILITY_COLUMNS = ("name_zh", "name_en", "kind", "state", "source", "note")
UNTOUCHED = 1
"""The version of a row that nobody has edited since it was loaded."""


@transaction.atomic
def load_corridor(*, folder: Path | None = None) -> list[LoadFigures]:
    """Make lines and planned bases agree with the files; a second run changes nothing and none is deleted.

    Refuses (Invalid) rows that do not pass their own checks, and then changes nothing.
    """
    regions = {row.code: row for row in Region.objects.all()}
    return [_load_lines(folder, regions), _load_bases(folder, regions)]


def _load_lines(folder: Path | None, regions: dict[str, Region]) -> LoadFigures:
    stored = {row.code: row for row in CorridorLine.objects.prefetch_related("stops__region")}
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    for told in read_fixture("corridor_lines", folder):
        row = stored.get(told["code"]) or CorridorLine(code=told["code"])
        stops = [] if row.pk is None else [stop.region.code for stop in row.stops.all()]
        done = _write(row, told, LINE_COLUMNS, is_same=stops == told["stops"])
        counts[done] += 1
        if done != "unchanged":
            row.stops.all().delete()
            CorridorStop.objects.bulk_create(
                CorridorStop(line=row, region=regions[code], position=number)
                for number, code in enumerate(told["stops"])
            )
    return LoadFigures("corridor_lines", **counts, retired=0, deleted=0)


def _load_bases(folder: Path | None, regions: dict[str, Region]) -> LoadFigures:
    stored = {row.key: row for row in Facility.objects.select_related("region")}
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    for told in read_fixture("supply_bases", folder):
        row = stored.get(told["key"]) or Facility(key=told["key"])
        is_same = row.pk is not None and row.region.code == told["region"]
        row.region = row.region if row.version != UNTOUCHED else regions[told["region"]]
        counts[_write(row, told, FACILITY_COLUMNS, is_same=is_same)] += 1
    return LoadFigures("supply_bases", **counts, retired=0, deleted=0)


def _write(row: CorridorLine | Facility, told: dict[str, Any], columns: tuple[str, ...], *, is_same: bool) -> str:
    """Write the row as the file tells it, unless it stands so or somebody has edited it; says which it was."""
    is_new = row.pk is None
    is_same = is_same and all(getattr(row, column) == told[column] for column in columns)
    if not is_new and (is_same or row.version != UNTOUCHED):
        return "unchanged"
    for column in columns:
        setattr(row, column, told[column])
    check_row(row)
    row.save()
    return "created" if is_new else "updated"
