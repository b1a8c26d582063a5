"""The hydrogen corridor of the demo: sample stations, a store, haulage routes and two fleet batches.

How much hydrogen a vehicle takes a day is not told: who keeps the corridor enters it with a source.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from accounts.services.changes import unit_of_work
from config.demo.rows import Book, Told, demo_object
from matchmaking.hydrogen.models import Facility
from matchmaking.hydrogen.services.keeping import keep_batch, keep_facility, keep_route

KEEPER = "admin"


@unit_of_work
def load_corridor_samples(*, people: Mapping[str, User], book: Book, day: date) -> int:
    """Sample rows of the corridor as of ``day``, unless there are some. Returns how many were made."""
    if Facility.objects.filter(is_sample=True).exists():
        return 0
    told, actor = demo_object("corridor"), people[KEEPER]
    always = {"source": told["source"], "is_sample": True}

    def since(one: Told) -> dict[str, object]:
        days = one["state_days"]
        return {"state": one["state"], "state_on": None if days is None else day + timedelta(days=days), **always}

    for one in told["facilities"]:
        plain = {name: one[name] for name in ("kind", "name_zh", "name_en", "kg_per_day", "store_kg", "pressure")}
        purity = Decimal(one["purity_percent"]) if one["purity_percent"] else None
        place = {"region": book.regions[one["region"]], "purity_percent": purity}
        keep_facility(facility=None, actor=actor, values={**plain, **place, **since(one)})
    for one in told["routes"]:
        ends = {name: book.regions[one[name]] for name in ("from_region", "to_region")}
        keep_route(route=None, actor=actor, values={**ends, "kg_per_day": one["kg_per_day"], **since(one)})
    for one in told["batches"]:
        plain = {name: one[name] for name in ("number", "vehicles", "state")}
        keep_batch(
            batch=None,
            actor=actor,
            values={**plain, "starts_on": day + timedelta(days=one["starts_in"]), **always},
            places=[(book.regions[code], number) for code, number in one["places"].items()],
        )
    return sum(len(told[name]) for name in ("facilities", "routes", "batches"))
