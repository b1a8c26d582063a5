"""Weekly clearings: each chain's market planned once a week, and each need that stays open given to a coordinator."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import structlog
from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import CoordinatorGrant, Membership, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.notices import notify_user
from common.errors import Refused, require
from common.reasons import DROPPING, Reason
from matchmaking.engine.explanation.answers import Question, answer
from matchmaking.engine.types.results import Match
from matchmaking.insights.models import Clearing, ClearingLine
from matchmaking.insights.permissions import can_own_needs
from matchmaking.insights.services.assigning import Asked, assigned
from matchmaking.insights.services.plans import asked_in, placed
from matchmaking.matching.queries import put_aside
from matchmaking.postings.models import Posting
from reference.models import IndustryChain
from reference.queries.nodes import chains_in_use

PAGE = "web:coordination:clearing"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Open:
    """A need that stays open, as far as it decides whose it is."""

    key: int
    enterprise: int
    region: str


def monday_of(day: date) -> date:
    """The day on which the week of ``day`` begins."""
    return day - timedelta(days=day.weekday())


def clear_markets() -> int:
    """This week's clearing of every chain that has none yet; gives how many were made.

    A chain that fails is told to the log and does not stop the others; RuntimeError in the end.
    """
    made, failed = 0, []
    for chain in chains_in_use():
        try:
            made += clear_chain(chain=chain) is not None
        except IntegrityError:
            continue  # Another process was faster.
        except Exception:
            # Whatever a market can hold: the other chains are cleared all the same.
            log.exception("chain not cleared", chain=chain.code)
            failed.append(chain.code)
    if failed:
        raise RuntimeError(f"not cleared: {', '.join(failed)}")
    return made


def clear_chain(*, chain: IndustryChain) -> Clearing | None:
    """Plan the market of the chain as it stands, of all that is open to everybody, and give what stays open to
    coordinators.

    None where this week's clearing is there already: it tells how the week began.
    """
    today = timezone.localdate()
    if Clearing.objects.filter(chain=chain, week=monday_of(today)).exists():
        return None
    asked = asked_in(postings=Posting.objects.open_to_all(), chain=chain)
    outcome = assigned(asked)
    return keep_clearing(
        chain=chain,
        week=monday_of(today),
        lines=placed(outcome),
        nearest=nearest_misses(asked, [one.need for one in outcome.rests]),
    )


def nearest_misses(asked: Asked, numbers: Sequence[str]) -> dict[str, Match]:
    """What comes nearest to each of these needs and lacks one thing alone that can be changed, as the need's firm reads
    it: figures of the other side in bands.
    """
    aside, found = put_aside(numbers), {}
    for number in numbers:
        question = Question(asker=asked.rows[number], today=asked.day, limit=0, excluded=aside.get(number, ()))
        misses = answer(question, asked.market, seeable=lambda keys: keys).near_misses
        changeable = next((match for match in misses if match.hints and lacks_one(match)), None)
        if changeable:
            found[number] = changeable
    return found


def lacks_one(match: Match) -> bool:
    """Whether one condition alone keeps the pair apart, so that any of its hints makes it fit."""
    return sum(note.reason in DROPPING for note in match.gaps) == 1


@unit_of_work
def keep_clearing(
    *, chain: IndustryChain, week: date, lines: Sequence[tuple[str, dict[str, Any]]], nearest: dict[str, Match]
) -> Clearing:
    """Write a clearing with its lines and owners; owners are told how many needs are theirs."""
    clearing = Clearing.objects.create(chain=chain, week=week, as_of=timezone.now())
    keys = dict(
        Posting.objects.filter(number__in=[match.key for match in nearest.values()]).values_list("number", "pk")
    )
    open_keys = [told["need_id"] for _number, told in lines if "capacity_id" not in told]
    owners = owners_of(open_needs(open_keys), chain=chain, before=owners_before(clearing))
    rows = []
    for number, told in lines:
        row = ClearingLine(clearing=clearing, **told)
        if row.capacity_id is None:
            row.owner_id = owners.get(row.need_id)
            if number in nearest:
                hint = nearest[number].hints[0]
                row.nearest_id, row.change = keys.get(nearest[number].key), hint.reason.value
                row.change_facts = dict(hint.facts)
        rows.append(row)
    ClearingLine.objects.bulk_create(rows)
    counts = Counter(owners.values())
    for user in User.objects.filter(pk__in=counts):
        tell(user, NoticeKind.CLEARING_READY, clearing, clearing.key, counts[user.pk])
    facts: dict[str, object] = {"chain": chain.code, "open": len(open_keys), "owned": len(owners)}
    record_change(thing=clearing, verb=Verb.CREATED, actor=None, facts=facts)
    return clearing


def tell(user: User, kind: NoticeKind, clearing: Clearing, key: str, count: int) -> None:
    """Tell a coordinator of needs of a clearing, once under ``key``."""
    notify_user(user=user, kind=kind, key=key, route=PAGE, thing_key=clearing.key, facts={"count": count})


def open_needs(keys: Sequence[int]) -> list[Open]:
    """The needs with these keys, by key."""
    rows = Posting.objects.filter(pk__in=keys).order_by("pk")
    return [Open(*row) for row in rows.values_list("pk", "enterprise", "region__code")]


def owners_before(clearing: Clearing) -> dict[int, int]:
    """Who had which need of the chain in the clearing before."""
    last = Clearing.objects.filter(chain=clearing.chain, week__lt=clearing.week).first()
    lines = ClearingLine.objects.filter(clearing=last, capacity=None, owner__isnull=False)
    return dict(lines.values_list("need", "owner")) if last else {}


def owners_of(needs: Iterable[Open], *, chain: IndustryChain, before: dict[int, int]) -> dict[int, int]:
    """A coordinator for each need that a right reaches, by the keys of both.

    Who had the need last week keeps it; else the coordinator whose right names the smallest region around it, of
    several the one with the fewest needs here. Nobody owns a need of a firm of their own.
    """
    rights = CoordinatorGrant.objects.in_force().filter(Q(chains=None) | Q(chains=chain), user__is_active=True)
    reaches: list[tuple[int, list[str]]] = [
        (grant.user_id, [region.stem for region in grant.regions.all()] or [""])
        for grant in rights.order_by("pk").distinct().prefetch_related("regions")
    ]
    firms: dict[int, set[int]] = {}
    members = Membership.objects.active().filter(user__in=[user for user, _stems in reaches])
    for user, firm in members.values_list("user", "enterprise"):
        firms.setdefault(user, set()).add(firm)
    found: dict[int, int] = {}
    loads = Counter[int]()
    for need in needs:
        depths: dict[int, int] = {}
        for user, stems in reaches:
            inside = [len(stem) for stem in stems if need.region.startswith(stem)]
            if inside and need.enterprise not in firms.get(user, ()):
                depths[user] = max(depths.get(user, 0), *inside)
        if not depths:
            continue
        kept = before.get(need.key)
        owner = kept if kept in depths else min(depths, key=lambda user: (-depths[user], loads[user], user))
        found[need.key] = owner
        loads[owner] += 1
    return found


@unit_of_work
def give_needs(*, clearing: Clearing, lines: Sequence[ClearingLine], receiver: User, actor: User) -> int:
    """Give open needs to ``receiver``, or take them oneself; another one is told. Gives how many changed hands.

    Refuses not_yours where the scope of ``actor`` does not hold all of them, and out_of_reach where that of
    ``receiver`` does not.
    """
    rows = ClearingLine.objects.select_for_update().filter(pk__in=[line.pk for line in lines]).order_by("pk")
    moving = [line for line in rows if line.owner_id != receiver.pk]
    needs = [line.need_id for line in moving]
    require(can_own_needs(actor, needs))
    if not can_own_needs(receiver, needs):
        raise Refused(Reason.REFUSAL_OUT_OF_REACH)
    changed = ClearingLine.objects.filter(pk__in=[line.pk for line in moving]).update(owner=receiver)
    if changed:
        now = timezone.now()
        record_change(thing=clearing, verb=Verb.CHANGED, actor=actor, facts={"given": changed})
        if receiver != actor:
            tell(receiver, NoticeKind.CLEARING_GIVEN, clearing, f"{clearing.key}:{now:%Y%m%d%H%M%S%f}", changed)
    return changed
