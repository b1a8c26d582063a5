"""Loads batches, parks and park partnerships from fixtures/reference; what people changed since then stays theirs."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from common.errors import Invalid
from common.values import parse_day
from matchmaking.parks.choices import PairState
from matchmaking.parks.models import Park, ParkBatch, ParkPartnership
from matchmaking.parks.services.batches import require_complete
from reference.models import Region
from reference.services import LoadFigures, read_fixture

PARK_COLUMNS = ("name_zh", "name_en", "batch", "listed_from", "clusters", "source", "source_status", "note")
PAIR_COLUMNS = ("direction", "type_status", "pair_status", "agreed_on", "source", "note", "clusters", "state")
BATCH_COLUMNS = ("announced_on", "licensed_on", "size", "source", "is_complete")
DAYS = ("listed_from", "agreed_on", "announced_on", "licensed_on")
LEFT_OUT: dict[str, Any] = {"clusters": [], "licensed_on": None, "is_complete": False, "state": PairState.ANNOUNCED}
"""What a row of a file means where it says nothing: what official sources tell stands as announced."""
UNTOUCHED = 1
"""The version of a row that nobody has edited since it was loaded."""


@transaction.atomic
def load_parks(*, folder: Path | None = None) -> list[LoadFigures]:
    """Make batches, parks and partnerships agree with the files; a second run changes nothing.

    A row that its park's people changed (its version grew) is left alone, and none is ever deleted. Refuses (Invalid)
    rows that do not pass their own checks, and (batch_incomplete) a batch that a file calls complete while names are
    missing; then it changes nothing.
    """
    figures = [
        load_kind("park_batches", ParkBatch, ("number",), BATCH_COLUMNS, folder),
        load_kind("parks", Park, ("slug",), PARK_COLUMNS, folder),
        load_kind(
            "park_partnerships", ParkPartnership, ("from_park", "to_park", "cooperation_type"), PAIR_COLUMNS, folder
        ),
    ]
    for batch in ParkBatch.objects.filter(is_complete=True):
        require_complete(batch)
    return figures


def load_kind(
    name: str, model: type[Any], key: tuple[str, ...], columns: tuple[str, ...], folder: Path | None
) -> LoadFigures:
    """Create and update the rows of one file; counts of what was done."""
    created = updated = unchanged = 0
    for written in read_fixture(name, folder):
        values = values_of(written)
        wanted = {column: values[column] for column in key}
        row = model.objects.filter(**wanted).order_by("pk").first() or model(**wanted)
        differs = row.pk is None or any(getattr(row, column) != values[column] for column in columns)
        if row.pk is not None and getattr(row, "version", UNTOUCHED) != UNTOUCHED:
            unchanged += 1
            continue
        created, updated = created + (row.pk is None), updated + (row.pk is not None and differs)
        unchanged += not differs
        if differs:
            write_row(row, {column: values[column] for column in columns}, f"{name} {wanted}")
        if model is Park:
            stand_in_regions(row, written["regions"])
    return LoadFigures(name, created, updated, unchanged, 0, 0)


def values_of(written: dict[str, Any]) -> dict[str, Any]:
    """Values of a fixture row as the columns take them: days as days, parks as parks."""
    values = {**LEFT_OUT, **written}
    for column in DAYS:
        if values.get(column):
            values[column] = parse_day(values[column])
    for column in ("from_park", "to_park"):
        if column in values:
            park = Park.objects.filter(slug=values[column]).first()
            if park is None:
                raise Invalid({column: values[column]})
            values[column] = park
    return values


def write_row(row: Any, values: dict[str, Any], where: str) -> None:
    """Save a row that passes its own checks. Refuses (Invalid) another one, naming ``where`` it stands."""
    for column, value in values.items():
        setattr(row, column, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid({f"{where} {name}": "; ".join(texts) for name, texts in error.message_dict.items()}) from error
    row.save()


def stand_in_regions(park: Park, codes: list[str]) -> None:
    """Put ``park`` into the regions with ``codes``. Refuses an unknown code."""
    if sorted(park.regions.values_list("code", flat=True)) == sorted(codes):
        return
    regions = list(Region.objects.filter(code__in=codes))
    if len(regions) != len(set(codes)):
        raise Invalid({f"parks {park.slug} regions": ", ".join(codes)})
    park.regions.set(regions)
