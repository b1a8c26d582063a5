"""A firm's own list of suppliers and distributors: who is on it, what they bring at which node, who they are here."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.choices import Evidence, NetworkState, SupplyRole, Verb, Verification
from accounts.models import Enterprise, ListedFirm, NetworkMembership, SupplyRelation, User
from accounts.networks import MOST_TIERS
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.names import clean_name, clean_uscc
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_code, normalise_text
from matchmaking.networks.permissions import can_keep_list
from reference.models import Region
from reference.queries.regions import region_in, regions_in_use

MOST_LISTED = 5_000
"""Firms of one list; what is computed from it stays quick."""
OF_FIRM = ("external_key", "name", "uscc", "place", "certification", "certificate_expires_on")
OF_RELATION = ("role", "tier", "node", "since", "share_percent")


@unit_of_work
def list_supplier(
    *,
    buyer: Enterprise,
    actor: User,
    values: Mapping[str, Any],
    listed: ListedFirm | None = None,
    evidence: Evidence = Evidence.DECLARED,
    regions: Sequence[Region] = (),
) -> SupplyRelation:
    """Put a firm on the list, or say more of a ``listed`` one, and what it brings at ``values["node"]``, if any.

    ``values`` hold names of ``OF_FIRM`` and ``OF_RELATION``; what is left out or empty stays as it is kept. Refuses
    not_yours, suspended, limit_reached, left_network for a firm that left by itself; Invalid at the values.
    """
    require(can_keep_list(actor, _locked(buyer)))
    row = _firm(buyer, actor, values, listed, regions)
    relation, has_changed = _relation(row, values, evidence)
    if listed is not None and has_changed:
        record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=buyer, facts={"fields": ["supplies"]})
    return relation


@unit_of_work
def change_listed(*, listed: ListedFirm, actor: User, values: Mapping[str, Any]) -> ListedFirm:
    """Say anew what the list tells of a firm; all of ``OF_FIRM`` that ``values`` hold is taken, empty ones too.

    Refuses not_yours, suspended; Invalid at the values.
    """
    row = _lock(listed)
    require(can_keep_list(actor, row.buyer))
    before = [getattr(row, name) for name in OF_FIRM]
    _fill(row, {name: values[name] for name in OF_FIRM if name in values})
    if before == [getattr(row, name) for name in OF_FIRM]:
        return row
    if row.firm is not None and row.uscc and row.uscc != row.firm.uscc:
        _unlink(row)
    _save(row)
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=row.buyer)
    _link_by_code(row)
    return row


@unit_of_work
def unlist_supplier(*, listed: ListedFirm, actor: User) -> ListedFirm:
    """Take a firm off the list; what it brought stays told. Refuses not_yours, suspended, wrong_state."""
    row = _lock(listed)
    require(can_keep_list(actor, row.buyer))
    if row.left_on is not None:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=str(row.left_on))
    row.left_on, row.left_by_itself = timezone.localdate(), False
    row.save(update_fields=["left_on", "left_by_itself", "changed_at"])
    record_change(thing=row, verb=Verb.REVOKED, actor=actor, enterprise=row.buyer)
    return row


@unit_of_work
def relist_supplier(*, listed: ListedFirm, actor: User) -> ListedFirm:
    """Put a firm back that its buyer took off.

    Refuses not_yours, suspended, left_network for one that left by itself.
    """
    row = _lock(listed)
    require(can_keep_list(actor, row.buyer))
    _come_back(row, actor)
    return row


@unit_of_work
def end_supply(*, relation: SupplyRelation, actor: User) -> SupplyRelation:
    """A listed firm no longer brings this from today on. Refuses not_yours, suspended, wrong_state once it is over."""
    require(can_keep_list(actor, relation.buyer))
    today = timezone.localdate()
    if not SupplyRelation.objects.in_force().filter(pk=relation.pk).update(ended_on=today):
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=str(relation.ended_on or ""))
    record_change(
        thing=relation, verb=Verb.REVOKED, actor=actor, enterprise=relation.buyer, facts={"ended_on": str(today)}
    )
    return relation


@unit_of_work
def say_who_it_is(*, listed: ListedFirm, actor: User, firm: str) -> ListedFirm:
    """Name the enterprise here that a listed firm is, by credit code or public key; empty for none.

    Refuses not_yours, suspended, not_verified, already_there where another listed firm is it; Invalid for an unknown
    one.
    """
    row = _lock(listed)
    require(can_keep_list(actor, row.buyer))
    if not row.buyer.is_verified:
        raise Refused(Reason.REFUSAL_NOT_VERIFIED)
    typed = normalise_code(normalise_text(firm)[:160])
    found = None
    if typed:
        rows = Enterprise.objects.active().exclude(pk=row.buyer_id)
        found = rows.filter(uscc=typed).first() or rows.filter(key=typed).first()
        if found is None:
            raise Invalid({"firm": Reason.REFUSAL_UNKNOWN_CODE}, {"firm": {"code": typed[:40]}})
        if ListedFirm.objects.filter(buyer=row.buyer, firm=found).exclude(pk=row.pk).exists():
            raise Refused(Reason.REFUSAL_ALREADY_THERE)
    if row.left_by_itself and row.left_on is not None:
        raise Refused(Reason.REFUSAL_LEFT_NETWORK, day=row.left_on.isoformat())
    if found != row.firm:
        _unlink(row)
        link(row, found)
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=row.buyer, facts={"fields": ["firm"]})
    return row


def link(row: ListedFirm, firm: Enterprise | None) -> None:
    """Keep who a listed firm is here; what both agreed here before is told under its listed name from now on."""
    row.firm = firm
    row.save(update_fields=["firm", "changed_at"])
    if firm is None:
        return
    known = {(one.role, one.node_id): one for one in row.relations.all()}
    for agreed in SupplyRelation.objects.filter(buyer=row.buyer, supplier=firm, listed=None):
        declared = known.get((agreed.role, agreed.node_id))
        if declared is None:
            agreed.supplier, agreed.listed = None, row
            agreed.save(update_fields=["supplier", "listed", "changed_at"])
            continue
        agreed.delete()
        declared.evidence, declared.ended_on = Evidence.AGREED_HERE, agreed.ended_on
        declared.since = declared.since or agreed.since
        declared.save(update_fields=["evidence", "since", "ended_on", "changed_at"])


def _unlink(row: ListedFirm) -> None:
    """What was agreed with an enterprise stays with that enterprise when the listed firm turns out to be another."""
    for agreed in row.relations.filter(evidence=Evidence.AGREED_HERE) if row.firm is not None else ():
        agreed.supplier, agreed.listed = row.firm, None
        agreed.save(update_fields=["supplier", "listed", "changed_at"])
    row.firm = None


def _firm(
    buyer: Enterprise, actor: User, values: Mapping[str, Any], listed: ListedFirm | None, regions: Sequence[Region]
) -> ListedFirm:
    row = _lock(listed) if listed is not None else ListedFirm(buyer=buyer)
    if row.pk is None and ListedFirm.objects.filter(buyer=buyer).count() >= MOST_LISTED:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_LISTED)
    if row.left_on is not None:
        _come_back(row, actor)
    told = {name: values[name] for name in OF_FIRM if values.get(name) not in (None, "")}
    before = {name: getattr(row, name) for name in told}
    _fill(row, told, regions)
    if row.pk is not None and before == {name: getattr(row, name) for name in told}:
        return row
    verb = Verb.CREATED if row.pk is None else Verb.CHANGED
    _save(row)
    record_change(thing=row, verb=verb, actor=actor, enterprise=buyer)
    _link_by_code(row)
    return row


def _link_by_code(row: ListedFirm) -> None:
    """Who a listed firm is here is told to verified firms by its credit code, unless another one of the list is it."""
    if row.firm_id is not None or not row.uscc or not row.buyer.is_verified:
        return
    here = Enterprise.objects.active().exclude(pk=row.buyer_id).filter(uscc=row.uscc).first()
    if here is None or ListedFirm.objects.filter(buyer=row.buyer, firm=here).exists() or _has_left(row.buyer, here):
        return
    link(row, here)


def _has_left(buyer: Enterprise, firm: Enterprise) -> bool:
    """Whether the firm ended its membership by itself and did not come back: it is not taken up by its code again."""
    last = NetworkMembership.objects.filter(buyer=buyer, supplier=firm).order_by("pk").last()
    return last is not None and last.state == NetworkState.ENDED and last.ended_by_buyer is False


def _relation(row: ListedFirm, values: Mapping[str, Any], evidence: Evidence) -> tuple[SupplyRelation, bool]:
    """What the firm brings at the node that ``values`` name, and whether that is other than it was. Where they name
    none it is what the firm brings already; a relation that named none so far gets the node.
    """
    role, node = values.get("role") or _usual_role(row), values.get("node")
    if role not in SupplyRole.values:
        raise Invalid({"role": Reason.REFUSAL_UNKNOWN_CODE}, {"role": {"code": str(role)[:20]}})
    rows = row.relations.filter(role=role)
    running = rows.filter(ended_on=None)
    loose = running.exclude(evidence=Evidence.AGREED_HERE).filter(node=None) if node is not None else running
    found = rows.filter(node=node).first() or loose.first()
    relation = found or SupplyRelation(buyer=row.buyer, listed=row, role=role, evidence=evidence)
    before = [getattr(relation, name) for name in ("node_id", "tier", "since", "share_percent", "ended_on")]
    relation.node = node or relation.node
    # A file that tells of an ended one again does not say that it goes on; people and systems do.
    relation.ended_on = relation.ended_on if evidence == Evidence.IMPORTED else None
    for name in ("tier", "since", "share_percent"):
        if values.get(name) not in (None, ""):
            setattr(relation, name, values[name])
    _check_relation(relation)
    after = [getattr(relation, name) for name in ("node_id", "tier", "since", "share_percent", "ended_on")]
    has_changed = relation.pk is None or before != after
    if has_changed:
        relation.save()
    return relation, has_changed


def _usual_role(row: ListedFirm) -> str:
    """What a firm is already; a supplier where nothing is told of it yet."""
    role: str | None = row.relations.filter(ended_on=None).order_by("pk").values_list("role", flat=True).first()
    return role or SupplyRole.SUPPLIER.value


def _check_relation(relation: SupplyRelation) -> None:
    problems: dict[str, Reason | str] = {}
    facts: dict[str, dict[str, object]] = {}
    for name, most in (("tier", MOST_TIERS), ("share_percent", 100)):
        value = getattr(relation, name)
        if value is not None and not 1 <= int(value) <= most:
            problems[name] = Reason.REFUSAL_TOO_LARGE if int(value) > most else Reason.REFUSAL_NOT_POSITIVE
            facts[name] = {"limit": most}
    if relation.since is not None and relation.since > timezone.localdate():
        problems["since"] = Reason.REFUSAL_DAY_AHEAD
    if problems:
        raise Invalid(problems, facts)


def _fill(row: ListedFirm, told: Mapping[str, Any], regions: Sequence[Region] = ()) -> None:
    before = row.place if row.pk is not None else None
    for name, value in told.items():
        setattr(row, name, value)
    row.name = clean_name(row.name, "name")
    row.external_key = normalise_text(row.external_key)
    row.uscc = clean_uscc(row.uscc) if row.uscc else ""
    if row.uscc == row.buyer.uscc:
        raise Invalid({"uscc": Reason.REFUSAL_OWN_FIRM})
    if "place" in told:
        row.place = normalise_text(row.place)
        row.region = row.region if row.place == before else region_of(row.place, regions)


def region_of(place: str, regions: Sequence[Region] = ()) -> Region | None:
    """The region in use that a place of a list means; None where it lies elsewhere or cannot be told. ``regions`` are
    those in use where the caller has them at hand.
    """
    return region_in(place, regions or list(regions_in_use(timezone.localdate()))) if place else None


def _save(row: ListedFirm) -> None:
    check_row(row, exclude=("buyer", "firm"))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(Reason.REFUSAL_ALREADY_THERE) from error


def _come_back(row: ListedFirm, actor: User) -> None:
    if row.left_by_itself and row.left_on is not None:
        raise Refused(Reason.REFUSAL_LEFT_NETWORK, day=row.left_on.isoformat())
    if row.left_on is not None:
        row.left_on = None
        row.save(update_fields=["left_on", "changed_at"])
        record_change(thing=row, verb=Verb.RESTORED, actor=actor, enterprise=row.buyer)


def _locked(buyer: Enterprise) -> Enterprise:
    """The firm, so that two people do not put one supplier on its list twice."""
    return Enterprise.objects.select_for_update().get(pk=buyer.pk)


def _lock(listed: ListedFirm) -> ListedFirm:
    rows = ListedFirm.objects.select_for_update(of=("self",)).select_related("buyer", "region")
    row: ListedFirm = rows.get(pk=listed.pk)
    return row


def link_known_firms() -> int:
    """Say who listed firms are here that have registered since, by their credit codes.

    Returns how many; safe to repeat.
    """
    rows = ListedFirm.objects.filter(firm=None, buyer__verification=Verification.VERIFIED).exclude(uscc="")
    here = Enterprise.objects.active().filter(uscc__in=rows.values("uscc")).values("uscc")
    return sum(_linked(key) for key in list(rows.filter(uscc__in=here).order_by("pk").values_list("pk", flat=True)))


@unit_of_work
def _linked(key: int) -> bool:
    row = _lock(ListedFirm(pk=key))
    _link_by_code(row)
    if row.firm_id is not None:
        record_change(thing=row, verb=Verb.CHANGED, actor=None, enterprise=row.buyer, facts={"fields": ["firm"]})
    return row.firm_id is not None
