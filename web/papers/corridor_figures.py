"""The hydrogen corridor drawn: lines with stations, bases and vehicles; and the balance as a grid with its table."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from matchmaking.hydrogen.choices import PRODUCTION_NODE, FacilityKind, FacilityState
from matchmaking.hydrogen.models import Facility, FleetBatch
from matchmaking.hydrogen.queries.balance import Balance, Cell, PlaceLine, balance_table
from matchmaking.hydrogen.queries.courses import Along, Course
from web.charts.corridor import Base, Load, Stop, Track, corridor_chart
from web.charts.drawing import Figure
from web.charts.grid import GridCell, grid_chart
from web.templatetags.formats import written_amount, written_day

IDEA = "idea"
NONE, MET, SHORT, UNFILLED = "g-none", "g-met", "g-short", "g-fill"


def facts_of(row: Facility) -> str:
    """What is known of a facility in one line: kilograms a day, store, pressure, purity."""
    parts = []
    if row.kg_per_day:
        parts.append(_("%(amount)s kg/d") % {"amount": written_amount(row.kg_per_day)})
    if row.store_kg:
        parts.append(_("store %(amount)s kg") % {"amount": written_amount(row.store_kg)})
    if row.pressure:
        parts.append(str(row.get_pressure_display()))
    if row.purity_percent is not None:
        parts.append(f"{row.purity_percent.normalize():f}%")
    return " · ".join(parts)


def state_of(row: Any) -> str:
    """The state of a facility or route, with its day."""
    state = str(row.get_state_display())
    return f"{state} · {written_day(row.state_on)}" if row.state_on else state


def corridor_figure(courses: Sequence[Course], facilities: Sequence[Facility], batches: Sequence[FleetBatch]) -> Figure:
    """The lines with their stations, the bases, and the vehicles where they are filled; the table lists facilities."""
    vehicles = vehicles_by_region(batches)
    bases = [row for row in facilities if row.kind == FacilityKind.BASE and row.state != FacilityState.CLOSED]
    chart = corridor_chart(
        key="corridor",
        title=_("Hydrogen corridor: stations, supply bases and vehicles"),
        description=_(
            "Each line to scale from Chengdu at the left. Circles are stations: full where they run, thick rings where "
            "they are being built, dashed rings where they are planned. Squares are supply bases, triangles vehicles. "
            "The dashed stretch is the longest without a running station."
        ),
        tracks=[_track(course, vehicles) for course in courses],
        bases=[_base(row) for row in bases],
        bases_title=_("Supply bases, wherever they lie"),
    )
    head = [
        *(_("Kind"), _("Name"), _("Region"), _("State"), pgettext("facility", "Since")),
        *(_("Kilograms a day"), _("Store, kg"), "MPa", _("Purity, %"), _("Source"), _("Sample data")),
    ]
    return Figure(chart, head, [_facility_row(row) for row in facilities])


def _facility_row(row: Facility) -> list[Any]:
    return [
        *(str(row.get_kind_display()), row.name, row.region.name, str(row.get_state_display()), row.state_on or ""),
        *(row.kg_per_day or "", row.store_kg or "", row.pressure, row.purity_percent or "", row.source),
        _("yes") if row.is_sample else "",
    ]


def vehicles_by_region(batches: Sequence[FleetBatch]) -> dict[Any, int]:
    """Vehicles of all batches by the region in which they are filled."""
    found: dict[Any, int] = defaultdict(int)
    for batch in batches:
        for place in batch.places.all():
            found[place.region] += place.vehicles
    return dict(found)


def _track(course: Course, vehicles: dict[Any, int]) -> Track:
    at = dict(course.stops) | {one.region: one.km for one in course.stations}
    gap = course.longest
    return Track(
        name=f"{course.line.name} · {course.stops[0][0].name} → {course.stops[-1][0].name} · {course.km} km",
        km=course.km,
        stops=[_stop(one) for one in course.stations],
        loads=[_load(region, at[region], number) for region, number in vehicles.items() if region in at],
        gap=(gap.from_km, gap.to_km, _("longest gap %(km)s km") % {"km": gap.km}) if gap else None,
    )


def _load(region: Any, km: int, number: int) -> Load:
    told = ngettext("%(place)s: %(count)s vehicle", "%(place)s: %(count)s vehicles", number)
    return Load(km, written_amount(number), told % {"place": region.name, "count": number}, number)


def _stop(one: Along) -> Stop:
    row = one.facility
    if row is None:
        told = _("%(place)s: station that is thought of") % {"place": one.region.name}
        return Stop(one.km, one.region.short_name, IDEA, told)
    parts = [row.name, state_of(row), facts_of(row), f"{one.km} km"]
    mark = FacilityState.RUNNING if one.is_running else row.state
    if mark == FacilityState.RUNNING and not one.is_running:
        mark = FacilityState.BUILDING
    return Stop(one.km, row.region.short_name, str(mark), " · ".join(filter(None, parts)), f"#f-{row.key}")


def _base(row: Facility) -> Base:
    facts = facts_of(row)
    note = f"{row.get_state_display()} · {facts}" if facts else str(row.get_state_display())
    return Base(row.name, note, row.state, " · ".join(filter(None, [row.name, state_of(row), facts])), f"#f-{row.key}")


def balance_figure(balance: Balance) -> Figure:
    """Places by months: what lacks by number and pattern, what is met; the table holds every amount."""
    chart = grid_chart(
        key="balance",
        title=_("Hydrogen short by place and month, kg"),
        description=_(
            "A row a place, a column a month. Hatched cells with a minus say how many kilograms lack; dashed cells say "
            "what running stations cannot fill; “met” is enough; a dash is no demand."
        ),
        columns=[f"{month:%y-%m}" for month in balance.months],
        rows=[(line.region.name, [_cell(line, cell) for cell in line.cells]) for line in balance.lines],
    )
    return Figure(chart, *balance_table(balance))


def _cell(line: PlaceLine, cell: Cell) -> GridCell:
    facts = {
        "place": line.region.name,
        "month": f"{cell.month:%Y-%m}",
        "demand": written_amount(cell.demand),
        "offered": written_amount(cell.offered),
        "short": written_amount(cell.short),
        "unfilled": written_amount(cell.unfilled),
    }
    told = _("%(place)s, %(month)s: demand %(demand)s kg, offered %(offered)s kg") % facts
    address = f"#p-{line.region.code}"
    if cell.short:
        told = f"{told}; " + _("short %(short)s kg") % facts
        return GridCell(SHORT, f"−{written_amount(cell.short)}", told, cell.short, is_hatched=True, address=address)
    if cell.unfilled:
        told = f"{told}; " + _("running stations cannot fill %(unfilled)s kg") % facts
        return GridCell(UNFILLED, pgettext("balance", "met, not filled"), told, 0, address=address)
    if cell.demand:
        return GridCell(MET, pgettext("balance", "met"), told, 0, address=address)
    return GridCell(NONE, "–", told, address=address if cell.offered else "")


def offers_address(code: str, *, needs: bool = False) -> str:
    """The list of postings of hydrogen at a place, which the figures of the balance count."""
    route = "web:postings:needs" if needs else "web:postings:capacities"
    return f"{reverse(route)}?node={PRODUCTION_NODE}&region={code}"
