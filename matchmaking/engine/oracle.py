"""The plain definition of the ranking: one pair at a time, in whole numbers, to be read.

``ranking`` must give the same lists from columns, number for number; tests compare the two.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from common.reasons import Reason
from matchmaking.engine.chains import FITTING, closeness_of
from matchmaking.engine.constraints import (
    DAYS_PARTS,
    LONGEST_DAYS,
    LONGEST_LEAD,
    MONTH_PARTS,
    OPEN_DAYS,
    STALE_DAYS,
    YEAR_PARTS,
    clamped,
    left_amount,
    left_by_days,
    number_of,
    outcomes_band,
)
from matchmaking.engine.encoding import vector_columns
from matchmaking.engine.geography import BORDER_SHARE, FAR_KM, NEAR_KM, km_between, point_of, span_of
from matchmaking.engine.scoring.building import longest_held
from matchmaking.engine.scoring.factors import (
    EXPIRING_CREDIT,
    EXPIRING_DAYS,
    FRESH_DAYS,
    LATE_DAYS,
    OUTCOME_STEPS,
    UNTOLD_LEAD,
    VERIFIED,
)
from matchmaking.engine.text.blending import blended, cosines, identifier_share
from matchmaking.engine.text.lexical import FULL_IMPACT, impact_of, lexical_share, weight_of
from matchmaking.engine.text.manner import crosses, fit_of
from matchmaking.engine.text.reading import Reading, reading_of
from matchmaking.engine.text.taxonomy import concepts_for, taxonomy_share
from matchmaking.engine.text.words import term_number
from matchmaking.engine.types.columns import Vocabulary
from matchmaking.engine.types.results import (
    BIT,
    MATCHES,
    MUSTS,
    NEAR_MISSES,
    NEIGHBOURS,
    SILENT,
    WEIGHTS,
    Ranked,
    RankedLists,
    Weights,
)
from matchmaking.engine.types.rows import (
    AMOUNT_LIMIT,
    CertificateDemand,
    ParameterDemand,
    PostingRow,
    Taxonomy,
    is_open_to,
)

WHOLE_SHARE = 1000
"""All of a need, in thousandths."""


@dataclass(frozen=True)
class World:
    """What a verdict depends on besides the pair itself."""

    taxonomy: Taxonomy
    vocabulary: Vocabulary
    today: date
    exact: bool = False


def total_of(amount: int, row: PostingRow, days: int) -> int:
    """Total of ``amount`` per the row's period over ``days``, thousandths of the base unit."""
    if row.period == "once":
        return min(amount, AMOUNT_LIMIT)
    parts = days * (MONTH_PARTS if row.period == "month" else YEAR_PARTS)
    return min(amount * parts // DAYS_PARTS, AMOUNT_LIMIT)


def days_of(need: PostingRow) -> int:
    """Days over which the need's quantity counts."""
    if need.start is None or need.end is None:
        return OPEN_DAYS
    return min(max((need.end - need.start).days + 1, 1), LONGEST_DAYS)


def first_of(need: PostingRow, today: date) -> int:
    """The day from which the need's days are counted."""
    if need.start is None:
        return today.toordinal()
    return need.start.toordinal() if need.end is not None else max(need.start, today).toordinal()


def left_for(need: PostingRow, capacity: PostingRow, world: World) -> int:
    """What may be counted on of a capacity per its period: the mean over the need's days, by its calendar."""
    most, days, first = left_amount(capacity, exact=world.exact), days_of(need), first_of(need, world.today)
    apart, left = 0, 0
    for start, last, amount in left_by_days(capacity, exact=world.exact):
        common = max(min(last, first + days - 1) - max(start, first) + 1, 0)
        apart += common
        left += amount * common // days
    return left + most * (days - apart) // days


def least_of(need: PostingRow) -> int:
    """The least that one supplier must carry of the need."""
    total = total_of(clamped(need.quantity), need, days_of(need))
    return max(-(-total * share_of(need) // WHOLE_SHARE), 1) if need.split_allowed else total


def share_of(need: PostingRow) -> int:
    """The least share of a need that may be shared, in thousandths."""
    return min(max(need.minimum_share, 1), WHOLE_SHARE)


def deadline_of(need: PostingRow, today: date) -> date:
    """The day to which the need's certificates must hold."""
    if need.end is not None:
        return need.end
    return max(need.start, today) if need.start is not None else today


def failed_musts(need: PostingRow, capacity: PostingRow, world: World) -> int:
    """Failed musts of a pair as bits (see ``BIT``); 0 fits."""
    held = longest_held(capacity)
    musts = [asked.code for asked in need.certificates_asked if asked.must]
    deadline = deadline_of(need, world.today)
    failed = {
        Reason.GAP_NODE_MISMATCH: nearest(need, capacity, world.taxonomy) < FITTING,
        Reason.GAP_REGION_EXCLUDED: excludes(need, capacity, world) or excludes(capacity, need, world),
        Reason.GAP_WINDOW_MISS: misses_window(need, capacity),
        Reason.GAP_CERTIFICATE_MISSING: any(code not in held for code in musts),
        Reason.GAP_CERTIFICATE_EXPIRED: any(code in held and held[code] < deadline for code in musts),
        Reason.GAP_PARAMETER_UNMET: any(not meets(asked, capacity) for asked in need.parameters_asked if asked.must),
        Reason.GAP_STALE: (world.today - min(need.confirmed, capacity.confirmed)).days > STALE_DAYS,
        Reason.GAP_UNIT_INCOMPATIBLE: need.dimension != capacity.dimension,
    }
    if need.dimension == capacity.dimension:
        failed |= failed_amounts(need, capacity, world)
    return sum(BIT[reason] for reason, fails in failed.items() if fails)


def failed_amounts(need: PostingRow, capacity: PostingRow, world: World) -> dict[Reason, bool]:
    """The musts that compare amounts and prices, for a pair of one dimension."""
    days = days_of(need)
    posted = total_of(clamped(capacity.quantity), capacity, days)
    left = total_of(left_for(need, capacity, world), capacity, days)
    least = least_of(need)
    prices = (need.price_max, capacity.price_min)
    return {
        Reason.GAP_QUANTITY_SHORT: posted < least,
        Reason.GAP_CAPACITY_BOOKED: posted >= least > left,
        Reason.GAP_MINIMUM_ORDER_HIGH: clamped(capacity.minimum_order) > total_of(clamped(need.quantity), need, days),
        Reason.GAP_PRICE_ABOVE: prices[0] is not None and prices[1] is not None and prices[1] > prices[0],
    }


def nearest(need: PostingRow, capacity: PostingRow, taxonomy: Taxonomy) -> int:
    """Closeness of the closest pair of nodes that the two postings name."""
    return max(
        closeness_of(asked, offered, taxonomy) if asked in taxonomy.node_index and offered in taxonomy.node_index else 0
        for asked in (need.node, *need.further_nodes)
        for offered in (capacity.node, *capacity.further_nodes)
    )


def excludes(ruler: PostingRow, other: PostingRow, world: World) -> bool:
    """Whether ``ruler``'s region rule keeps ``other`` out."""
    if ruler.region_rule == "radius":
        return distance(ruler, other, world.taxonomy) > ruler.radius_km
    if ruler.region_rule != "list":
        return False
    code = int(world.taxonomy.current_region(other.region))
    spans = [span for stem in ruler.regions_allowed for span in span_of(stem, world.taxonomy)]
    return not any(low <= code < high for low, high in spans)


def distance(one: PostingRow, other: PostingRow, taxonomy: Taxonomy) -> int:
    """Whole kilometres between the regions of two postings."""
    here, there = (point_of(taxonomy.current_region(row.region), taxonomy) for row in (one, other))
    return km_between(here, there)


def misses_window(need: PostingRow, capacity: PostingRow) -> bool:
    """Whether the capacity leaves out a day of the need's window."""
    late = need.start is not None and capacity.start is not None and capacity.start > need.start
    early = need.end is not None and capacity.end is not None and capacity.end < need.end
    return late or early


def meets(asked: ParameterDemand, capacity: PostingRow) -> bool:
    """Whether a capacity offers what a parameter asks; numbers compare as numbers, words by equality alone."""
    value = dict(capacity.parameters_offered).get(asked.key)
    if value is None:
        return False
    want, have = number_of(asked.value), number_of(value)
    if asked.operator == "=":
        return have == want if None not in {want, have} else asked.value.strip().casefold() == value.strip().casefold()
    if want is None or have is None:
        return False
    return have >= want if asked.operator == ">=" else have <= want


def shared_nodes(asked: Reading, offered: Reading, world: World) -> int:
    """Weighted share of the need's nodes that the capacity names closely; SILENT for a need that names none."""
    nodes = world.taxonomy.node_index
    return taxonomy_share({code: int(world.vocabulary.nodes[nodes[code]]) for code in asked.codes}, offered.codes)


def shared_words(asked: Reading, offered: Reading, world: World) -> int:
    """Weighted share of the need's terms that the capacity uses; SILENT for a need without words."""
    weights = {term: known_weight(term, world) for term in asked.terms}
    length, mean = offered.terms.total(), world.vocabulary.mean_length
    used = offered.terms
    hits = sum(weight * impact_of(used[term], length, mean) for term, weight in weights.items() if term in used)
    return lexical_share(hits, FULL_IMPACT * sum(weights.values())) if weights else SILENT


def likeness(need: PostingRow, capacity: PostingRow) -> int:
    """Cosine of the two meanings; SILENT where either was not read."""
    vectors, inverses = vector_columns([need.vector, capacity.vector])
    if not inverses.all():
        return SILENT
    return int(cosines(vectors[0], int(inverses[0]), vectors[1:], inverses[1:])[0])


def known_weight(term: str, world: World) -> int:
    """Weight of a term; one that nobody used when the vocabulary was made weighs as much as a term can."""
    number, vocabulary = term_number(term), world.vocabulary
    place = int(vocabulary.numbers.searchsorted(number)) if len(vocabulary.numbers) else 0
    if place < len(vocabulary.numbers) and vocabulary.numbers[place] == number:
        return int(vocabulary.weights[place])
    return weight_of(term, vocabulary.documents, 0, world.taxonomy)


def parts_of_pair(
    need: PostingRow, capacity: PostingRow, world: World, text: int, weights: Weights, *, fit_only: bool = False
) -> tuple[int, ...]:
    """The nine parts of a pair's score in hundredths of a point; ``text`` is its text factor."""
    factors = (
        nearest(need, capacity, world.taxonomy),
        text,
        covered(need, capacity, world),
        on_time(need, capacity, world.today),
        met_requirements(need, capacity, world.today),
        sum(suits(ruler, need, capacity, world.taxonomy) for ruler in (need, capacity)) // 2,
        sum(fresh((world.today - row.confirmed).days) for row in (need, capacity)) // 2,
        sum(trusted(row) for row in (need, capacity)) // 2,
    )
    given = [share * factor // 100 for share, factor in zip(weights.shares(), factors, strict=True)]
    load = 0 if fit_only else min(weights.load[min(max(capacity.load, 0), 2)], sum(given))
    return (*given, -load)


def covered(need: PostingRow, capacity: PostingRow, world: World) -> int:
    """Share of the need that what is left covers."""
    if need.dimension != capacity.dimension:
        return 0
    left = total_of(left_for(need, capacity, world), capacity, days_of(need))
    return min(left * 10_000 // max(total_of(clamped(need.quantity), need, days_of(need)), 1), 10_000)


def on_time(need: PostingRow, capacity: PostingRow, today: date) -> int:
    """Whether the lead time meets the one asked for, or the start of the need's window."""
    if need.lead_days is None and need.start is None:
        return 10_000
    if capacity.lead_days is None:
        return UNTOLD_LEAD
    asked = need.lead_days if need.lead_days is not None else ((need.start or today) - today).days
    lead, allowed = (min(max(days, 0), LONGEST_LEAD) for days in (capacity.lead_days, asked))
    late = min(max(lead - allowed, 0), LATE_DAYS)
    return 10_000 - late * 10_000 // LATE_DAYS


def certificate_credit(asked: CertificateDemand, held: Mapping[str, date], deadline: date) -> int:
    """Credit of one certificate asked for: full when it lasts well past the deadline, less when it ends soon after."""
    last = held.get(asked.code)
    if last is None or last < deadline:
        return 0
    return 10_000 if (last - deadline).days >= EXPIRING_DAYS else EXPIRING_CREDIT


def met_requirements(need: PostingRow, capacity: PostingRow, today: date) -> int:
    """Mean credit of all certificates and parameters asked for; nothing asked counts in full."""
    held, deadline = longest_held(capacity), deadline_of(need, today)
    credits = [certificate_credit(asked, held, deadline) for asked in need.certificates_asked]
    credits += [10_000 * meets(asked, capacity) for asked in need.parameters_asked]
    return sum(credits) // len(credits) if credits else 10_000


def suits(ruler: PostingRow, need: PostingRow, capacity: PostingRow, taxonomy: Taxonomy) -> int:
    """How well the pair meets one side's region rule."""
    km = distance(need, capacity, taxonomy)
    near = min(max((FAR_KM - km) * 10_000 // (FAR_KM - NEAR_KM), 0), 10_000)
    if ruler.region_rule != "other_province":
        return near
    crosses = taxonomy.current_region(need.region)[:2] != taxonomy.current_region(capacity.region)[:2]
    return (BORDER_SHARE if crosses else 0) + near * (10_000 - BORDER_SHARE) // 10_000


def fresh(age: int) -> int:
    """How much a confirmation of ``age`` days counts."""
    return min(max((STALE_DAYS - age) * 10_000 // (STALE_DAYS - FRESH_DAYS), 0), 10_000)


def trusted(row: PostingRow) -> int:
    """What a firm has shown: verification and outcomes confirmed by both sides, by band."""
    band = outcomes_band(row.outcomes)
    return VERIFIED * row.verified + next((given for least, given in OUTCOME_STEPS if band >= least), 0)


def rank_plainly(
    asker: PostingRow,
    rows: Iterable[PostingRow],
    world: World,
    *,
    weights: Weights = WEIGHTS,
    limit: int = MATCHES,
    fit_only: bool = False,
    excluded: Collection[str] = frozenset(),
    readers: Collection[int] = frozenset(),
) -> RankedLists:
    """The lists that ``ranking.rank`` must give for a market of ``rows``; slow, one pair after another."""
    judged = [
        judge(asker, row, world, weights, fit_only)
        for row in rows
        if row.direction != asker.direction
        and row.enterprise != asker.enterprise
        and row.key not in excluded
        and row.hidden_from.isdisjoint({*readers, asker.enterprise})
        and (row.alias or row.enterprise not in asker.hidden_from)
        and is_open_to(row, asker.enterprise, world.today)
        and is_open_to(asker, row.enterprise if not row.alias else 0, world.today)
        and nearest(*_sides(asker, row), world.taxonomy) > 0
    ]
    node = BIT[Reason.GAP_NODE_MISMATCH]
    fitting = _one_per_firm([pair for pair in judged if not pair.verdict])
    served = {pair.firm for pair in fitting}
    others = [pair for pair in judged if pair.firm not in served]
    near = [pair for pair in others if not pair.verdict & node and pair.verdict.bit_count() in {1, 2}]
    along = [pair for pair in others if pair.verdict == node]
    firms = {reason: {pair.firm for pair in judged if pair.verdict & BIT[reason]} for reason in MUSTS}
    dropped = tuple((reason, len(who)) for reason, who in firms.items() if who)
    return RankedLists(
        matches=tuple(fitting[:limit]),
        near_misses=tuple(_one_per_firm(near)[:NEAR_MISSES]),
        neighbours=tuple(_one_per_firm(along)[:NEIGHBOURS]),
        dropped=dropped,
        firms=len(fitting),
    )


def judge(asker: PostingRow, row: PostingRow, world: World, weights: Weights, fit_only: bool) -> Ranked:
    """Verdict and parts of the pair that the asker and another row make."""
    need, capacity = _sides(asker, row)
    verdict = failed_musts(need, capacity, world)
    asked, offered = (reading_of(row.text, concepts_for(world.taxonomy)) for row in (need, capacity))
    channels = (
        shared_words(asked, offered, world),
        likeness(need, capacity),
        shared_nodes(asked, offered, world),
        identifier_share(asked.identifiers, offered.identifiers),
    )
    across = crosses(asked.manner.languages, offered.manner.languages)
    fit = fit_of(asked.manner, offered.manner, weights.differences)
    text = blended(channels, weights.channels, across, fit)
    parts = parts_of_pair(need, capacity, world, text, weights, fit_only=fit_only)
    return Ranked(row.key, row.enterprise, sum(parts), parts, verdict, alias=row.alias, channels=channels)


def _sides(asker: PostingRow, row: PostingRow) -> tuple[PostingRow, PostingRow]:
    return (asker, row) if asker.direction == "need" else (row, asker)


def _one_per_firm(pairs: list[Ranked]) -> list[Ranked]:
    """Best pair of each firm, fewest failed musts first, then score, then key; the others are counted with it.

    A firm's alias is a firm of its own.
    """
    best: dict[tuple[int, bool], Ranked] = {}
    more: dict[tuple[int, bool], int] = {}
    for pair in sorted(pairs, key=lambda pair: (pair.verdict.bit_count(), -pair.score, pair.key)):
        best.setdefault(pair.firm, pair)
        more[pair.firm] = more.get(pair.firm, -1) + 1
    return [replace(pair, more_from_firm=more[firm]) for firm, pair in best.items()]
