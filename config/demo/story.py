"""What has happened in the demo before a visitor comes: interests, introductions, kept searches, figures of parks, a
capability passport, a list of suppliers.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from accounts.choices import Evidence
from accounts.models import Enterprise, Equipment, User
from accounts.services.changes import unit_of_work
from accounts.services.equipment import check_equipment
from accounts.services.passports import set_passport_level
from config.demo.rows import demo_object
from matchmaking.networks.services.listing import list_supplier
from matchmaking.parks.models import Park, ParkIndicator
from matchmaking.parks.queries.figures import Quarter
from matchmaking.parks.services.reporting import report_indicator
from matchmaking.partnerships.services.interest import accept_interest, declare_interest, decline_interest
from matchmaking.postings.choices import Direction
from matchmaking.postings.models import Posting
from matchmaking.postings.services.searches import save_search
from reference.queries.nodes import nodes_by_codes

ACCEPT, DECLINE = "accept", "decline"


@unit_of_work
def play_interests(*, people: Mapping[str, User], postings: Mapping[str, Posting]) -> int:
    """Interests by the people concerned, some of them answered; their notices come with them. Returns how many.

    To be played once, with postings just made.
    """
    told = demo_object("story")["interests"]
    for one in told:
        partnership = declare_interest(
            posting=postings[one["posting"]],
            counterpart=postings[one["counterpart"]],
            actor=people[one["by"]],
            note=one["note"],
        )
        if one["then"] == ACCEPT:
            accept_interest(partnership=partnership, actor=people[one["answered_by"]])
        if one["then"] == DECLINE:
            decline_interest(partnership=partnership, actor=people[one["answered_by"]], reason=one["reason"])
    return len(told)


@unit_of_work
def keep_searches(*, people: Mapping[str, User], new: Collection[str]) -> int:
    """Kept searches of people who are ``new``. Returns how many."""
    told = [one for one in demo_object("story")["searches"] if one["user"] in new]
    for one in told:
        save_search(
            actor=people[one["user"]],
            direction=Direction(one["direction"]),
            name=one["name"],
            filters=one["filters"],
        )
    return len(told)


@unit_of_work
def open_passports(*, people: Mapping[str, User], firms: Mapping[str, Enterprise], new: Collection[str]) -> int:
    """Capability passports opened by people who are ``new``, some machines seen on site before. Returns how many."""
    told = [one for one in demo_object("story")["passports"] if one["by"] in new]
    for one in told:
        for machine in Equipment.objects.filter(site__enterprise=firms[one["firm"]], kind__in=one["seen"]):
            check_equipment(equipment=machine, actor=people[one["seen_by"]])
        set_passport_level(enterprise=firms[one["firm"]], actor=people[one["by"]], level=one["level"])
    return len(told)


@unit_of_work
def list_suppliers(*, people: Mapping[str, User], firms: Mapping[str, Enterprise], new: Collection[str]) -> int:
    """Lists of suppliers kept by people who are ``new``. Returns how many rows."""
    told = [one for one in demo_object("story")["suppliers"] if one["by"] in new]
    nodes = {node.code: node for node in nodes_by_codes({one["node"] for one in told})}
    for one in told:
        values = {**one, "node": nodes.get(one["node"])}
        list_supplier(buyer=firms[one["firm"]], actor=people[one["by"]], values=values, evidence=Evidence.IMPORTED)
    return len(told)


@unit_of_work
def report_figures(*, people: Mapping[str, User], day: date) -> int:
    """Figures of past quarters, marked as samples; one that somebody has reported stays. Returns how many were new."""
    story, made = demo_object("story"), 0
    parks = {park.slug: park for park in Park.objects.all()}
    for one in story["indicators"]:
        place = {
            "park": parks[one["park"]],
            "kind": one["kind"],
            "period_start": Quarter.of(day).back(one["quarters_ago"]).start,
        }
        if ParkIndicator.objects.filter(**place).exists():
            continue
        row = report_indicator(
            **place, value=Decimal(one["value"]), source=story["indicator_source"], actor=people[one["author"]]
        )
        row.is_sample, row.is_locked = True, one["is_locked"]
        row.save(update_fields=["is_sample", "is_locked"])
        made += 1
    return made
