"""A buyer's own system keeps the list: one firm by the buyer's number, as it stands there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from accounts.choices import Evidence, SupplyRole, Verb
from accounts.models import Enterprise, ListedFirm, SupplyRelation, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from accounts.services.names import clean_name, clean_uscc
from common.errors import Invalid, require
from common.reasons import Reason
from common.values import normalise_code, normalise_text
from matchmaking.networks.permissions import can_keep_list
from matchmaking.networks.services.listing import (
    OF_FIRM,
    OF_RELATION,
    change_listed,
    end_supply,
    list_supplier,
    relist_supplier,
)

PLAIN_SUPPLY: Mapping[str, Any] = {}
"""A supplier of whom nothing else is told."""
CHANGES = ("tier", "since", "share_percent", "ended_on")


@unit_of_work
def sync_supplier(
    *,
    buyer: Enterprise,
    actor: User,
    external_key: str,
    values: Mapping[str, Any],
    supplies: Sequence[Mapping[str, Any]] | None = None,
) -> tuple[ListedFirm, bool]:
    """Put the firm with the buyer's own number on the list as ``values`` (of ``OF_FIRM``) and ``supplies`` (of
    ``OF_RELATION``, each role and node once) say, whole: what they lack is emptied, what they no longer name ends
    today, but for what was agreed here. Without ``supplies`` what a known firm brings stays. Gives the firm and whether
    it is new; the same again changes nothing.

    Refuses not_yours, suspended, limit_reached, left_network, already_there; Invalid at the values, those of supplies
    as ``supplies.0.since``.
    """
    # Two requests for one new number come one after the other.
    locked = Enterprise.objects.select_for_update().get(pk=buyer.pk)
    require(can_keep_list(actor, locked))
    told = _cleaned(external_key, values)
    known = found_listed(locked, told["external_key"], told["uscc"], told["name"])
    row = _listed(locked, actor, told) if known is None else _as_told(known, actor, told)
    if supplies is None and known is not None:
        return row, False
    has_changed = _bring(row, supplies or (PLAIN_SUPPLY,), actor)
    if known is not None and has_changed:
        record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=locked, facts={"fields": ["supplies"]})
    return row, known is None


def found_listed(buyer: Enterprise, external_key: str, uscc: str = "", name: str = "") -> ListedFirm | None:
    """The firm of the list with this own number, however it is written; else one that has no number yet and this credit
    code, or this very name.
    """
    external_key = normalise_text(external_key)
    rows = ListedFirm.objects.filter(buyer=buyer).select_related("buyer", "region", "firm", "certification")
    number = normalise_code(external_key)
    found: ListedFirm | None = rows.filter(external_key=external_key).first() if number else None
    if found is None and number:
        told = rows.exclude(external_key="").order_by("pk").values_list("pk", "external_key")
        same = [key for key, other in told if normalise_code(other) == number]
        found = rows.filter(pk__in=same[:1]).first() if same else None
    if found is None and uscc:
        found = rows.filter(uscc=uscc, external_key="").first()
    if found is None and name:
        alike = [row for row in rows.filter(external_key="", name__iexact=name) if not uscc or row.uscc in ("", uscc)]
        found = alike[0] if len(alike) == 1 else None
    return found


def _cleaned(external_key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """All of ``OF_FIRM`` as it is kept, so that the same text in another form is no change."""
    number, uscc = normalise_text(external_key), values.get("uscc") or ""
    if not number:
        raise Invalid({"external_key": Reason.REFUSAL_REQUIRED})
    return {
        "external_key": number,
        "name": clean_name(values.get("name") or "", "name"),
        "uscc": clean_uscc(uscc) if uscc else "",
        "place": normalise_text(values.get("place") or ""),
        "certification": values.get("certification"),
        "certificate_expires_on": values.get("certificate_expires_on"),
    }


def _listed(buyer: Enterprise, actor: User, told: Mapping[str, Any]) -> ListedFirm:
    made = list_supplier(buyer=buyer, actor=actor, values=told, evidence=Evidence.IMPORTED)
    row = made.listed
    assert row is not None
    if made.evidence != Evidence.AGREED_HERE:
        # Listing a firm says that it brings something; what it does bring is said by the supplies alone.
        made.delete()
    return row


def _as_told(row: ListedFirm, actor: User, told: Mapping[str, Any]) -> ListedFirm:
    """The firm back on the list where it was off, and as it is told now; its number stays as it was first written."""
    if row.left_on is not None:
        row = relist_supplier(listed=row, actor=actor)
    values = {**told, "external_key": row.external_key or told["external_key"]}
    if all(getattr(row, name) == values[name] for name in OF_FIRM):
        return row
    return change_listed(listed=row, actor=actor, values=values)


def _bring(row: ListedFirm, supplies: Sequence[Mapping[str, Any]], actor: User) -> bool:
    """Whether what the firm brings is other than it was, beside what has ended by this."""
    known = {(one.role, one.node_id): one for one in row.relations.all()}
    has_changed, kept = False, set()
    for place, supply in enumerate(supplies):
        role, node = supply.get("role") or SupplyRole.SUPPLIER, supply.get("node")
        relation = known.get((role, node.pk if node else None)) or SupplyRelation(
            buyer=row.buyer, listed=row, role=role, node=node, evidence=Evidence.IMPORTED
        )
        has_changed = _say(relation, supply, place) or has_changed
        kept.add(relation.pk)
    for relation in _no_longer(row, kept):
        end_supply(relation=relation, actor=actor)
    return has_changed


def _say(relation: SupplyRelation, supply: Mapping[str, Any], place: int) -> bool:
    before = [getattr(relation, name) for name in CHANGES]
    agreed_since = relation.since if relation.evidence == Evidence.AGREED_HERE else None
    relation.tier = supply.get("tier") or 1
    relation.since = supply.get("since") or agreed_since
    relation.share_percent = supply.get("share_percent")
    relation.ended_on = None
    if relation.pk is not None and before == [getattr(relation, name) for name in CHANGES]:
        return False
    called = {name: f"supplies.{place}.{name}" for name in OF_RELATION}
    check_row(relation, called, exclude=("buyer", "supplier", "listed", "node"))
    if relation.since is not None and relation.since > timezone.localdate():
        raise Invalid({called["since"]: Reason.REFUSAL_DAY_AHEAD})
    relation.save()
    return True


def _no_longer(row: ListedFirm, kept: set[int]) -> Iterable[SupplyRelation]:
    rows = row.relations.in_force().exclude(pk__in=kept).exclude(evidence=Evidence.AGREED_HERE)
    return list(rows.select_related("buyer"))
