"""Reasons and gaps of one pair, as codes with facts, seen from the side that asks."""

from dataclasses import dataclass

from common.reasons import Reason
from matchmaking.engine.chains import closeness_of
from matchmaking.engine.constraints import STALE_DAYS, outcomes_band
from matchmaking.engine.explanation.hints import UNCONFIRMED_DAYS, held_for, said, unmet
from matchmaking.engine.oracle import World, distance, nearest, on_time
from matchmaking.engine.text.words import shared_identifiers, shared_terms
from matchmaking.engine.types.results import BIT, FACTORS, MEANING, MUSTS, Note, Weights
from matchmaking.engine.types.rows import PostingRow

REASONS_SHOWN = 5
NEAR_KM, FAR_KM = 100, 300
"""Within the first a place is called near, beyond the second far."""
FRESH_DAYS = 14
SIMILAR = 4_500
"""From this likeness on two texts are said to mean much the same: of a judged set one in twenty unrelated pairs reaches
3,400, and half of the relevant ones this."""
WEAK_TEXT = 2_000
"""A text factor under this says that few terms are shared."""


@dataclass(frozen=True)
class Seen:
    """A pair with its parts (hundredths of a point) and which of the two rows the asker does not own."""

    need: PostingRow
    capacity: PostingRow
    other: PostingRow
    parts: dict[str, int]
    verdict: int
    channels: tuple[int, ...]


def reasons_for(seen: Seen, world: World) -> tuple[Note, ...]:
    """At most five reasons why the pair fits, the telling ones first. A failed must is never praised."""
    need, capacity = seen.need, seen.capacity
    failed = {must for must in MUSTS if seen.verdict & BIT[must]}
    notes = [*_node_reasons(seen, world), *_place_reasons(seen, world)]
    certificates = {Reason.GAP_CERTIFICATE_MISSING, Reason.GAP_CERTIFICATE_EXPIRED}
    if any(asked.must for asked in need.certificates_asked) and not failed & certificates:
        notes.append(Note(Reason.FIT_CERTIFICATE_ALL))
    amounts = {Reason.GAP_QUANTITY_SHORT, Reason.GAP_CAPACITY_BOOKED, Reason.GAP_UNIT_INCOMPATIBLE}
    if not failed & amounts:
        notes.append(Note(Reason.FIT_QUANTITY_COVERS))
    if need.parameters_asked and not unmet(need, capacity, must=True) and not unmet(need, capacity, must=False):
        notes.append(Note(Reason.FIT_PARAMETER_ALL))
    if (need.start or need.end) and Reason.GAP_WINDOW_MISS not in failed:
        notes.append(Note(Reason.FIT_WINDOW_COVERS))
    wished = [
        code for code, state in held_for(need, capacity, world, must=False).items() if state in {"held", "ending"}
    ]
    if wished:
        notes.append(Note(Reason.FIT_CERTIFICATE_WISHED, {"certificates": ", ".join(wished)}))
    priced = need.price_max is not None and capacity.price_min is not None
    if priced and not failed & {Reason.GAP_PRICE_ABOVE, Reason.GAP_UNIT_INCOMPATIBLE}:
        notes.append(Note(Reason.FIT_PRICE_WITHIN))
    return tuple([*notes, *_softer_reasons(seen, world)][:REASONS_SHOWN])


def gaps_for(seen: Seen, world: World, weights: Weights) -> tuple[Note, ...]:
    """Failed musts in their order, then what costs points, dearest first."""
    soft = sorted(_soft_gaps(seen, world, weights), key=lambda pair: -pair[0])
    return (*_failed(seen, world), *(note for cost, note in soft))


def _node_reasons(seen: Seen, world: World) -> list[Note]:
    near = nearest(seen.need, seen.capacity, world.taxonomy)
    nodes = [
        (asked, offered)
        for asked in (seen.need.node, *seen.need.further_nodes)
        for offered in (seen.capacity.node, *seen.capacity.further_nodes)
    ]
    asked, offered = next((pair for pair in nodes if closeness_of(*pair, world.taxonomy) == near), nodes[0])
    if seen.verdict & BIT[Reason.GAP_NODE_MISMATCH]:
        linked = (asked, offered) in world.taxonomy.links or (offered, asked) in world.taxonomy.links
        return [Note(Reason.FIT_NODE_LINKED, {"node": offered})] if linked else []
    if asked == offered:
        return [Note(Reason.FIT_NODE_EXACT)]
    narrower = offered.startswith(f"{asked}.")
    return [Note(Reason.FIT_NODE_NARROWER if narrower else Reason.FIT_NODE_BROADER, {"node": offered})]


def _place_reasons(seen: Seen, world: World) -> list[Note]:
    if seen.verdict & BIT[Reason.GAP_REGION_EXCLUDED]:
        return []
    if _crosses(seen, world):
        return [Note(Reason.FIT_REGION_OTHER_PROVINCE)]
    km = distance(seen.need, seen.capacity, world.taxonomy)
    return [Note(Reason.FIT_REGION_NEAR, {"km": str(km)})] if km <= NEAR_KM else []


def _softer_reasons(seen: Seen, world: World) -> list[Note]:
    notes = []
    numbers = shared_identifiers(seen.need.text, seen.capacity.text)
    if numbers:
        notes.append(Note(Reason.FIT_TEXT_NUMBERS, {"numbers": ", ".join(numbers)}))
    if seen.channels[MEANING] >= SIMILAR:
        notes.append(Note(Reason.FIT_TEXT_MEANING))
    terms = shared_terms(seen.need.text, seen.capacity.text)
    if terms:
        notes.append(Note(Reason.FIT_TEXT_TERMS, {"terms": ", ".join(terms)}))
    if (world.today - seen.other.confirmed).days <= FRESH_DAYS:
        notes.append(Note(Reason.FIT_FRESH, {"days": str(FRESH_DAYS)}))
    if band := outcomes_band(seen.other.outcomes):
        notes.append(Note(Reason.FIT_TRUST_CONFIRMED, {"count": str(band) if band == 1 else f"{band}+"}))
    return notes


def _failed(seen: Seen, world: World) -> list[Note]:
    states = held_for(seen.need, seen.capacity, world, must=True)
    facts = {
        Reason.GAP_CERTIFICATE_MISSING: {"certificates": _listed(states, "missing")},
        Reason.GAP_CERTIFICATE_EXPIRED: {"certificates": _listed(states, "ended")},
        Reason.GAP_PARAMETER_UNMET: {"parameters": said(unmet(seen.need, seen.capacity, must=True))},
    }
    return [Note(must, facts.get(must, {})) for must in MUSTS if seen.verdict & BIT[must]]


def _listed(states: dict[str, str], *wanted: str) -> str:
    return ", ".join(code for code, state in states.items() if state in wanted)


def _crosses(seen: Seen, world: World) -> bool:
    regions = [world.taxonomy.current_region(row.region)[:2] for row in (seen.need, seen.capacity)]
    return regions[0] != regions[1]


def _soft_gaps(seen: Seen, world: World, weights: Weights) -> list[tuple[int, Note]]:
    lost = {factor: 100 * share - seen.parts[factor] for factor, share in zip(FACTORS, weights.shares(), strict=False)}
    gaps = [(lost["requirements"], note) for note in _requirement_gaps(seen, world)]
    gaps += [(lost["region"], note) for note in _place_gaps(seen, world)]
    if seen.parts["load"] < 0:
        gaps.append((-seen.parts["load"], Note(Reason.GAP_BUSY)))
    if seen.parts["text"] * 100 < WEAK_TEXT * weights.text:
        gaps.append((lost["text"], Note(Reason.GAP_TEXT_WEAK)))
    if seen.capacity.lead_days is not None and on_time(seen.need, seen.capacity, world.today) < 10_000:
        gaps.append((lost["window"], Note(Reason.GAP_WINDOW_LATE)))
    if not seen.other.verified:
        gaps.append((lost["trust"], Note(Reason.GAP_NOT_VERIFIED)))
    age = (world.today - seen.other.confirmed).days
    if UNCONFIRMED_DAYS < age <= STALE_DAYS:
        gaps.append((lost["freshness"], Note(Reason.GAP_UNCONFIRMED, {"days": str(age)})))
    return gaps


def _requirement_gaps(seen: Seen, world: World) -> list[Note]:
    notes = []
    ending = _listed(held_for(seen.need, seen.capacity, world), "ending")
    lacking = _listed(held_for(seen.need, seen.capacity, world, must=False), "missing", "ended")
    unwished = unmet(seen.need, seen.capacity, must=False)
    if ending:
        notes.append(Note(Reason.GAP_CERTIFICATE_EXPIRING, {"certificates": ending}))
    if lacking:
        notes.append(Note(Reason.GAP_CERTIFICATE_WISH_MISSING, {"certificates": lacking}))
    if unwished:
        notes.append(Note(Reason.GAP_PARAMETER_WISH_UNMET, {"parameters": said(unwished)}))
    return notes


def _place_gaps(seen: Seen, world: World) -> list[Note]:
    if seen.verdict & BIT[Reason.GAP_REGION_EXCLUDED]:
        return []
    notes = []
    preferring = "other_province" in {seen.need.region_rule, seen.capacity.region_rule}
    if preferring and not _crosses(seen, world):
        notes.append(Note(Reason.GAP_REGION_SAME_PROVINCE))
    km = distance(seen.need, seen.capacity, world.taxonomy)
    if km > FAR_KM:
        notes.append(Note(Reason.GAP_REGION_FAR, {"km": str(km)}))
    return notes
