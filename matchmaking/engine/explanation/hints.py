"""Hints that hold: the smallest change by either side that takes a gap away, tried out before it is shown.

Every hint is computed on rows whose hidden figures were replaced by the worst of their class (``masked``), so that it
says nothing about them and still holds whatever they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import product
from typing import Any

from common.reasons import Reason
from common.values import plain_amount
from matchmaking.engine.constraints import DAYS_PARTS, MONTH_PARTS, PLENTY, YEAR_PARTS, left_class, masked, number_of
from matchmaking.engine.oracle import (
    WHOLE_SHARE,
    World,
    days_of,
    deadline_of,
    distance,
    excludes,
    failed_musts,
    least_of,
    left_for,
    meets,
    parts_of_pair,
    share_of,
    total_of,
)
from matchmaking.engine.scoring.building import longest_held
from matchmaking.engine.scoring.factors import EXPIRING_DAYS
from matchmaking.engine.types.results import BIT, WEIGHTS, Note
from matchmaking.engine.types.rows import LEVEL_MARK, ParameterDemand, PostingRow

UNCONFIRMED_DAYS = 30
"""From this age on a posting says that it was not confirmed lately."""
YUAN = Decimal(1_000_000)
PRICE_STEP = Decimal("0.0001")


@dataclass(frozen=True)
class Change:
    """A need and a capacity after a change, and the hint that names the change."""

    need: PostingRow
    capacity: PostingRow
    hint: Note


Pair = tuple[PostingRow, PostingRow]


def lifting(need: PostingRow, capacity: PostingRow, verdict: int, world: World) -> list[Change]:
    """Changes that each take one failed must of ``verdict`` away and add none, need's side first; rows are masked."""
    return [change for told in lifting_each(need, capacity, verdict, world) for change in told]


def lifting_each(need: PostingRow, capacity: PostingRow, verdict: int, world: World) -> list[list[Change]]:
    """The same by failed must. Where several fail, one change for each, whichever, makes the pair fit together with the
    others; where no such choice exists nothing is told.
    """
    found: list[list[Change]] = []
    for must, changes in CHANGES.items():
        if verdict & BIT[must]:
            found.append([])
            for change in changes(need, capacity, world):
                after = failed_musts(change.need, change.capacity, world)
                if after & ~verdict == 0 and not after & BIT[must]:
                    found[-1].append(change)
    if len(found) == 1 == verdict.bit_count():
        return found
    choices = list(product(*found)) if len(found) == verdict.bit_count() else []
    fitting = [choice for choice in choices if _fits(choice, need, capacity, world)]
    if len(fitting) == len(choices):
        return found if choices else []
    return [[change] for change in fitting[0]] if fitting else []


def _fits(choice: Iterable[Change], need: PostingRow, capacity: PostingRow, world: World) -> bool:
    """Whether the pair fits after all changes of a choice, as it would then be told: with figures masked anew."""
    rows = together(choice, need, capacity)
    return rows is not None and not failed_musts(masked(rows[0]), masked(rows[1]), world)


def together(choice: Iterable[Change], need: PostingRow, capacity: PostingRow) -> Pair | None:
    """The pair after several changes of it; None where two of them give the same thing different values.

    What both add to a list is added.
    """
    after_need, after_capacity = need, capacity
    for change in choice:
        asking, offering = _merged(need, after_need, change.need), _merged(capacity, after_capacity, change.capacity)
        if asking is None or offering is None:
            return None
        after_need, after_capacity = asking, offering
    return after_need, after_capacity


def _merged(before: PostingRow, one: PostingRow, other: PostingRow) -> PostingRow | None:
    values: dict[str, Any] = {}
    for field in fields(before):
        old, first, second = (getattr(row, field.name) for row in (before, one, other))
        if second in (old, first):
            continue
        values[field.name] = second
        if first != old:
            values[field.name] = _merged_list(old, first, second)
            if values[field.name] is None:
                return None
    return replace(one, **values)


def _merged_list(old: Any, first: Any, second: Any) -> tuple[Any, ...] | None:
    """A list that two changes give other entries, or that both add to; None where they contradict each other."""
    if not isinstance(old, tuple):
        return None
    if len(old) == len(first) == len(second):
        parts = [
            (b if a == was else a, a == was or b in (was, a)) for was, a, b in zip(old, first, second, strict=True)
        ]
        return tuple(part for part, _ in parts) if all(agree for _, agree in parts) else None
    size = len(old)
    return (*first, *second[size:]) if first[:size] == old == second[:size] else None


def raising(need: PostingRow, capacity: PostingRow, world: World) -> list[Change]:
    """Changes that add points to a pair that fits: wishes met, certificates renewed, postings confirmed."""
    changes = (*_wishes(need, capacity, world), *_confirmed(need, capacity, world, UNCONFIRMED_DAYS))
    before = _structured(need, capacity, world) if changes else 0
    return [
        change
        for change in changes
        if not failed_musts(change.need, change.capacity, world) and _structured(*_rows(change), world) > before
    ]


def held_for(need: PostingRow, capacity: PostingRow, world: World, *, must: bool | None = None) -> dict[str, str]:
    """State of each certificate that the need asks for: missing, ended, ending or held."""
    held, deadline = longest_held(capacity), deadline_of(need, world.today)
    states = {}
    for asked in need.certificates_asked:
        if must is not None and asked.must != must:
            continue
        last = held.get(asked.code)
        if last is None:
            states[asked.code] = "missing"
        elif last < deadline:
            states[asked.code] = "ended"
        else:
            states[asked.code] = "held" if (last - deadline).days >= EXPIRING_DAYS else "ending"
    return states


def unmet(need: PostingRow, capacity: PostingRow, *, must: bool) -> list[ParameterDemand]:
    """Parameters of one kind that the capacity does not meet."""
    return [asked for asked in need.parameters_asked if asked.must == must and not meets(asked, capacity)]


def said(parameters: list[ParameterDemand]) -> str:
    """Parameters as text, codes and values only: workers >= 100."""
    return ", ".join(f"{asked.key} {asked.operator} {asked.value.rpartition(LEVEL_MARK)[2]}" for asked in parameters)


def _rows(change: Change) -> Pair:
    return change.need, change.capacity


def _structured(need: PostingRow, capacity: PostingRow, world: World) -> int:
    return sum(parts_of_pair(need, capacity, world, 0, WEIGHTS, fit_only=True))


def _note(reason: Reason, side: str, **facts: str) -> Note:
    return Note(reason, {"side": side, **facts})


def _window(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    if need.start and capacity.start and need.end and capacity.end:
        start, end = max(need.start, capacity.start), min(need.end, capacity.end)
        lost = (need.end - need.start).days - (end - start).days
        if start <= end:
            facts = {"days": str(lost), "start": start.isoformat(), "end": end.isoformat()}
            yield Change(
                replace(need, start=start, end=end), capacity, _note(Reason.HINT_WINDOW_SHIFT, "need", **facts)
            )
    days, facts, longer = 0, {}, capacity
    if need.start and capacity.start and capacity.start > need.start:
        days, longer = days + (capacity.start - need.start).days, replace(longer, start=need.start)
        facts["start"] = need.start.isoformat()
    if need.end and capacity.end and capacity.end < need.end:
        days, longer = days + (need.end - capacity.end).days, replace(longer, end=need.end)
        facts["end"] = need.end.isoformat()
    yield Change(need, longer, _note(Reason.HINT_WINDOW_EXTEND, "capacity", days=str(days), **facts))


def _certificates(reason: Reason, codes: list[str], need: PostingRow, capacity: PostingRow, world: World) -> Change:
    until = deadline_of(need, world.today) + timedelta(days=EXPIRING_DAYS)
    held = (*capacity.certificates_held, *((code, until) for code in codes))
    note = _note(reason, "capacity", certificates=", ".join(codes), until=until.isoformat())
    return Change(need, replace(capacity, certificates_held=held), note)


def _missing(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    codes = [code for code, state in held_for(need, capacity, world, must=True).items() if state == "missing"]
    yield _wished(codes, need, capacity)
    yield _certificates(Reason.HINT_CERTIFICATE_ADD, codes, need, capacity, world)


def _ended(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    codes = [code for code, state in held_for(need, capacity, world, must=True).items() if state == "ended"]
    yield _wished(codes, need, capacity)
    yield _certificates(Reason.HINT_CERTIFICATE_RENEW, codes, need, capacity, world)


def _wished(codes: list[str], need: PostingRow, capacity: PostingRow) -> Change:
    asked = tuple(replace(one, must=one.must and one.code not in codes) for one in need.certificates_asked)
    note = _note(Reason.HINT_CERTIFICATE_WISH, "need", certificates=", ".join(codes))
    return Change(replace(need, certificates_asked=asked), capacity, note)


def _wishes(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    states = held_for(need, capacity, world)
    lacking = [code for code, state in states.items() if state == "missing"]
    ending = [code for code, state in states.items() if state in {"ended", "ending"}]
    if lacking:
        yield _certificates(Reason.HINT_CERTIFICATE_ADD, lacking, need, capacity, world)
    if ending:
        yield _certificates(Reason.HINT_CERTIFICATE_RENEW, ending, need, capacity, world)
    if unmet(need, capacity, must=False):
        yield _recorded(need, capacity, must=False)


def _recorded(need: PostingRow, capacity: PostingRow, *, must: bool) -> Change:
    lacking = unmet(need, capacity, must=must)
    offered = {**dict(capacity.parameters_offered), **{asked.key: asked.value for asked in lacking}}
    note = _note(Reason.HINT_PARAMETER_RECORD, "capacity", parameters=said(lacking))
    return Change(need, replace(capacity, parameters_offered=tuple(offered.items())), note)


def _parameters(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    offered = dict(capacity.parameters_offered)
    relaxed = []
    for asked in need.parameters_asked:
        value = offered.get(asked.key)
        if not asked.must or meets(asked, capacity):
            relaxed.append(asked)
        elif value is not None and asked.operator != "=" and None not in {number_of(value), number_of(asked.value)}:
            relaxed.append(replace(asked, value=value))
        else:
            relaxed.append(replace(asked, must=False))
    changed = [new for new, old in zip(relaxed, need.parameters_asked, strict=True) if new != old]
    note = _note(Reason.HINT_PARAMETER_RELAX, "need", parameters=said(changed))
    yield Change(replace(need, parameters_asked=tuple(relaxed)), capacity, note)
    yield _recorded(need, capacity, must=True)


def _amount(thousandths: int, row: PostingRow, rounding: str) -> tuple[int, str]:
    """An amount in whole units of a row (thousandths under ten): back in thousandths of the base unit, and as text."""
    units = Decimal(thousandths) / Decimal(row.unit_size)
    step = Decimal(1) if units >= 10 else Decimal("0.001")
    rounded = units.quantize(step, rounding)
    return int((rounded * row.unit_size).to_integral_value(rounding)), plain_amount(rounded)


def _per_period(total: int, row: PostingRow, days: int, *, up: bool) -> int:
    """The least amount per the row's period whose total over ``days`` is ``total``; else the most that is no more."""
    if row.period == "once":
        return total
    parts = days * (MONTH_PARTS if row.period == "month" else YEAR_PARTS)
    return -(-total * DAYS_PARTS // parts) if up else ((total + 1) * DAYS_PARTS - 1) // parts


def _split(need: PostingRow, capacity: PostingRow) -> Iterator[Change]:
    if not need.split_allowed:
        yield Change(replace(need, split_allowed=True), capacity, _note(Reason.HINT_QUANTITY_SPLIT, "need"))


def _lowered(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    left = total_of(left_for(need, capacity, world), capacity, days_of(need))
    if need.split_allowed:
        # The most of which one supplier's least share is still what this one carries.
        left = left * WHOLE_SHARE // share_of(need)
    amount, text = _amount(_per_period(left, need, days_of(need), up=False), need, ROUND_FLOOR)
    if amount > 0:
        note = _note(Reason.HINT_QUANTITY_LOWER, "need", amount=text, unit=need.unit)
        yield Change(replace(need, quantity=amount), capacity, note)


def _short(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    yield from _split(need, capacity)
    yield from _lowered(need, capacity, world)
    booked = most_booked(capacity)
    room = 1 if left_class(capacity.quantity, booked) == PLENTY else 2
    wanted = max(_per_period(least_of(need), capacity, days_of(need), up=True) * room, -(-booked * 4 // 3))
    amount, text = _amount(wanted, capacity, ROUND_CEILING)
    note = _note(Reason.HINT_QUANTITY_RAISE, "capacity", amount=text, unit=capacity.unit)
    yield Change(need, replace(capacity, quantity=amount), note)


def _booked(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    yield from _split(need, capacity)
    yield from _lowered(need, capacity, world)
    half = total_of(capacity.quantity // 2, capacity, days_of(need))
    kept = -(-capacity.quantity * (1 if half >= least_of(need) else 3) // 4)
    booked = most_booked(capacity)
    amount, text = _amount(booked - (capacity.quantity - kept), capacity, ROUND_CEILING)
    note = _note(Reason.HINT_CAPACITY_FREE, "capacity", amount=text, unit=capacity.unit)
    yield Change(need, freed(capacity, max(booked - amount, 0)), note)


def most_booked(capacity: PostingRow) -> int:
    """What is booked of a capacity per its period on its fullest day."""
    return max((capacity.booked, *(days.booked for days in capacity.calendar)))


def freed(capacity: PostingRow, booked: int) -> PostingRow:
    """The capacity with no more than ``booked`` booked on any day."""
    calendar = tuple(replace(days, booked=min(days.booked, booked)) for days in capacity.calendar)
    return replace(capacity, booked=min(capacity.booked, booked), calendar=calendar)


def _minimum_order(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    days = days_of(need)
    amount, text = _amount(_per_period(capacity.minimum_order, need, days, up=True), need, ROUND_CEILING)
    note = _note(Reason.HINT_QUANTITY_RAISE, "need", amount=text, unit=need.unit)
    yield Change(replace(need, quantity=amount), capacity, note)
    amount, text = _amount(total_of(need.quantity, need, days), capacity, ROUND_FLOOR)
    note = _note(Reason.HINT_MINIMUM_ORDER_LOWER, "capacity", amount=text, unit=capacity.unit)
    yield Change(need, replace(capacity, minimum_order=amount), note)


def _units(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    amount = _per_period(total_of(need.quantity, need, days_of(need)), capacity, days_of(need), up=True)
    told = replace(
        capacity, dimension=need.dimension, unit=need.unit, unit_size=need.unit_size, quantity=amount, booked=0,
        calendar=(), minimum_order=0, price_min=None, price_max=None,
    )  # fmt: skip
    yield Change(need, told, _note(Reason.HINT_UNIT_CHANGE, "capacity", unit=need.unit))


def _price(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    for reason, side, price, row, rounding in (
        (Reason.HINT_PRICE_RAISE, "need", capacity.price_min, need, ROUND_CEILING),
        (Reason.HINT_PRICE_LOWER, "capacity", need.price_max, capacity, ROUND_FLOOR),
    ):
        factor = Decimal(row.unit_size) / 1000 / YUAN
        yuan = (Decimal(price or 0) * factor).quantize(PRICE_STEP, rounding)
        micro = int((yuan / factor).to_integral_value(rounding))
        note = _note(reason, side, amount=plain_amount(yuan), currency="CNY", unit=row.unit)
        if side == "need":
            yield Change(replace(need, price_max=micro), capacity, note)
        else:
            yield Change(need, replace(capacity, price_min=micro), note)


def _region(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    km = distance(need, capacity, world.taxonomy)
    pair = {"need": need, "capacity": capacity}
    for side, other in (("need", capacity), ("capacity", need)):
        ruler = pair[side]
        if not excludes(ruler, other, world):
            continue
        if ruler.region_rule == "radius":
            note = _note(Reason.HINT_RADIUS_WIDEN, side, km=str(km))
            changed = {**pair, side: replace(ruler, radius_km=km)}
        else:
            code = world.taxonomy.current_region(other.region)
            note = _note(Reason.HINT_REGION_ALLOW, side, region=code)
            changed = {**pair, side: replace(ruler, regions_allowed=(*ruler.regions_allowed, code))}
        yield Change(changed["need"], changed["capacity"], note)


def _stale(need: PostingRow, capacity: PostingRow, world: World) -> Iterator[Change]:
    yield from _confirmed(need, capacity, world, UNCONFIRMED_DAYS)


def _confirmed(need: PostingRow, capacity: PostingRow, world: World, older_than: int) -> Iterator[Change]:
    old = [row for row in (need, capacity) if (world.today - row.confirmed).days > older_than]
    if old:
        side = "both" if len(old) == 2 else old[0].direction
        fresh = [replace(row, confirmed=world.today) if row in old else row for row in (need, capacity)]
        yield Change(fresh[0], fresh[1], _note(Reason.HINT_CAPACITY_CONFIRM, side))


CHANGES: Mapping[Reason, Callable[[PostingRow, PostingRow, World], Iterator[Change]]] = {
    Reason.GAP_REGION_EXCLUDED: _region,
    Reason.GAP_UNIT_INCOMPATIBLE: _units,
    Reason.GAP_QUANTITY_SHORT: _short,
    Reason.GAP_CAPACITY_BOOKED: _booked,
    Reason.GAP_MINIMUM_ORDER_HIGH: _minimum_order,
    Reason.GAP_WINDOW_MISS: _window,
    Reason.GAP_CERTIFICATE_MISSING: _missing,
    Reason.GAP_CERTIFICATE_EXPIRED: _ended,
    Reason.GAP_PRICE_ABOVE: _price,
    Reason.GAP_PARAMETER_UNMET: _parameters,
    Reason.GAP_STALE: _stale,
}
"""What could be changed for each must; another product cannot be turned into this one."""
