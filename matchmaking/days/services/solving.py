"""From the wishes of a day to a plan, and back from the engine's plan to figures that name nobody's wish."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from matchmaking.days.choices import Wish
from matchmaking.days.models import DayMeeting, Guest, Mark, MatchDay
from matchmaking.engine.meetings import DayPlan as EnginePlan
from matchmaking.engine.meetings import Hall, Placed, Rule, planned_day
from matchmaking.engine.meetings import Wish as EngineWish


@dataclass(frozen=True)
class Inputs:
    """What a plan is made from: firms by their keys with their row numbers as guests, their limits and wishes.

    ``digest`` tells these from any other.
    """

    guests: dict[str, int]
    most: dict[str, int]
    marks: dict[tuple[str, str], EngineWish]
    hall: Hall
    digest: str


def inputs_of(day: MatchDay) -> Inputs:
    """The firms that take part and what they wish of each other, in two queries."""
    rows = Guest.objects.filter(day=day).coming().order_by("enterprise__key")
    told = list(rows.values_list("enterprise__key", "pk", "most"))
    guests = {key: pk for key, pk, _most in told}
    most = {key: limit or day.slots for key, _pk, limit in told}
    keys = {pk: key for key, pk in guests.items()}
    said = Mark.objects.filter(guest__in=keys, about__in=keys).order_by("pk").values_list("guest", "about", "wish")
    marks = {(keys[who], keys[whom]): EngineWish(wish) for who, whom, wish in said}
    plain = [sorted(most.items()), sorted([*pair, wish.value] for pair, wish in marks.items()), day.slots, day.tables]
    digest = sha256(json.dumps(plain).encode()).hexdigest()
    return Inputs(guests, most, marks, Hall(day.slots, day.tables), digest)


def solved(inputs: Inputs, *, seed: int, standing: Sequence[DayMeeting] = ()) -> EnginePlan:
    """The best plan; ``standing`` meetings stay where they are. The same input and seed give the same plan."""
    keys = {pk: key for key, pk in inputs.guests.items()}
    kept = []
    for one in standing:
        if one.first_id in keys and one.second_id in keys:
            first, second = sorted((keys[one.first_id], keys[one.second_id]))
            kept.append(Placed(first, second, slot=one.slot, table=one.table, worth=0))
    return planned_day(marks=inputs.marks, most=inputs.most, hall=inputs.hall, seed=seed, kept=kept)


def figures_of(inputs: Inputs, plan: EnginePlan) -> dict[str, Any]:
    """Counts of a plan: pairs of whom one wished and none refused, musts among them, tables.

    What one side refused is in no figure: a difference would tell that somebody did.
    """
    met = {(one.first, one.second) for one in plan.meetings}
    open_pairs = met | {(one.first, one.second) for one in plan.reserve}
    musts = [tuple(sorted(pair)) for pair, wish in inputs.marks.items() if wish == EngineWish(Wish.MUST)]
    placed = [firm for pair in met for firm in pair]
    by_slot = Counter(one.slot for one in plan.meetings)
    return {
        "firms": len(inputs.guests),
        "without": len(set(inputs.guests) - set(placed)),
        "pairs": len(open_pairs),
        "meetings": len(met),
        "musts": sum(pair in open_pairs for pair in musts),
        "musts_kept": sum(pair in met for pair in musts),
        "places": inputs.hall.slots * inputs.hall.tables,
        "tables": max(by_slot.values(), default=0),
    }


def left_of(plan: EnginePlan) -> list[dict[str, str]]:
    """Pairs that do not meet with their rule, by keys; neither who wished nor how much, and none that was refused."""
    pairs = [(one.first, one.second, one.rule) for one in plan.left if one.rule != Rule.NO]
    return [{"first": first, "second": second, "rule": rule.value} for first, second, rule in sorted(pairs)]


def meetings_from(plan: EnginePlan, inputs: Inputs) -> list[DayMeeting]:
    """Rows, not yet written, of a plan's meetings."""
    return [
        DayMeeting(
            slot=one.slot, table=one.table, first_id=inputs.guests[one.first], second_id=inputs.guests[one.second]
        )
        for one in plan.meetings
    ]
