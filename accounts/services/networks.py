"""Firms' networks: one side asks, the other accepts, either ends; a course once over stays as it was."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.choices import NetworkState, NoticeKind, SupplyRole, Verb
from accounts.models import Enterprise, ListedFirm, NetworkMembership, User
from accounts.permissions import can_answer_network, can_ask_network, can_end_network
from accounts.services.changes import record_change, unit_of_work
from accounts.services.notices import notify_members
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_code, normalise_text

PAGE = "web:accounts:network"
MOST_WAITING = 100
"""Unanswered questions of one firm: more would be a mailing list."""
ASKED_AGAIN_AFTER = timedelta(days=30)
"""Who was declined may ask the same firm again after this time."""


@unit_of_work
def ask_network(
    *, enterprise: Enterprise, actor: User, firm: str, invites: bool, role: SupplyRole = SupplyRole.SUPPLIER
) -> NetworkMembership:
    """Ask another firm, by its credit code or public key, to be a member of one's own network (``invites``), or to take
    one's own firm into its network; its members are told.

    Invalid for a firm that is not here or one's own; Refused not_yours, suspended, already_there where the pair is
    asked or a member already, asked_lately after it declined, limit_reached.
    """
    require(can_ask_network(actor, enterprise))
    other = _firm_named(firm, enterprise)
    if role not in SupplyRole.values:
        raise Invalid({"role": Reason.REFUSAL_UNKNOWN_CODE}, {"role": {"code": str(role)[:20]}})
    buyer, supplier = (enterprise, other) if invites else (other, enterprise)
    _require_room(enterprise, buyer, supplier, invites)
    row = NetworkMembership(buyer=buyer, supplier=supplier, role=SupplyRole(role), invited=invites)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(Reason.REFUSAL_ALREADY_THERE) from error
    _record(row, Verb.CREATED, actor)
    _tell(row, other, enterprise, NoticeKind.NETWORK_ASKED)
    return row


@unit_of_work
def answer_network(*, membership: NetworkMembership, actor: User, accepts: bool) -> NetworkMembership:
    """Accept or decline what the other firm asked; membership begins today. Refuses not_yours, other_side, suspended,
    wrong_state.
    """
    row = _lock(membership)
    require(can_answer_network(actor, row))
    today = timezone.localdate()
    row.state = NetworkState.MEMBER if accepts else NetworkState.DECLINED
    row.since, row.ended_on = (today, None) if accepts else (None, today)
    row.save(update_fields=["state", "since", "ended_on", "changed_at"])
    if accepts:
        # Who left by itself and joins again is on the list again, where it was.
        back = ListedFirm.objects.filter(buyer=row.buyer, firm=row.supplier, left_by_itself=True)
        back.update(left_on=None, left_by_itself=False, changed_at=timezone.now())
    _record(row, Verb.GRANTED if accepts else Verb.REJECTED, actor)
    asking, asked = (row.buyer, row.supplier) if row.invited else (row.supplier, row.buyer)
    _tell(row, asking, asked, NoticeKind.NETWORK_JOINED if accepts else NoticeKind.NETWORK_DECLINED)
    return row


@unit_of_work
def end_network(*, membership: NetworkMembership, actor: User, by: Enterprise) -> NetworkMembership:
    """End a membership for the side ``by``, or take back what it asked; it holds no more at once, the row stays.

    Refuses not_yours, other_side for a question that is to be answered, wrong_state once it is over.
    """
    row = _lock(membership)
    require(can_end_network(actor, row, by))
    was_member = row.state == NetworkState.MEMBER
    row.state = NetworkState.ENDED if was_member else NetworkState.WITHDRAWN
    row.ended_on, row.ended_by_buyer = timezone.localdate(), row.buyer_id == by.pk
    row.save(update_fields=["state", "ended_on", "ended_by_buyer", "changed_at"])
    _record(row, Verb.REVOKED, actor)
    if was_member and not row.ended_by_buyer:
        # Who leaves by itself is off the buyer's list too; what it brought stays told in the buyer's export.
        listed = ListedFirm.objects.filter(buyer=row.buyer, firm=row.supplier)
        left_on = Coalesce("left_on", Value(row.ended_on))
        listed.update(left_on=left_on, left_by_itself=True, changed_at=timezone.now())
    if was_member:
        _tell(row, row.supplier if row.ended_by_buyer else row.buyer, by, NoticeKind.NETWORK_ENDED)
    return row


def _firm_named(firm: str, enterprise: Enterprise) -> Enterprise:
    typed = normalise_text(firm)[:160]
    code = normalise_code(typed)
    if not code:
        raise Invalid({"firm": Reason.REFUSAL_REQUIRED})
    # Codes are written in capitals, public keys too: one of the two fits, never both.
    rows = Enterprise.objects.active()
    found = rows.filter(uscc=code).first() or rows.filter(key=code).first()
    if found is None:
        raise Invalid({"firm": Reason.REFUSAL_UNKNOWN_CODE}, {"firm": {"code": typed[:40]}})
    if found.pk == enterprise.pk:
        raise Invalid({"firm": Reason.REFUSAL_OWN_FIRM})
    return found


def _require_room(enterprise: Enterprise, buyer: Enterprise, supplier: Enterprise, invites: bool) -> None:
    """One question a pair at a time, few at once, and none so soon after the other firm declined."""
    list(Enterprise.objects.select_for_update().filter(pk__in=(buyer.pk, supplier.pk)).order_by("pk"))
    pair = NetworkMembership.objects.filter(buyer=buyer, supplier=supplier)
    if pair.filter(state__in=(NetworkState.ASKED, NetworkState.MEMBER)).exists():
        raise Refused(Reason.REFUSAL_ALREADY_THERE)
    since = timezone.localdate() - ASKED_AGAIN_AFTER
    if pair.filter(state=NetworkState.DECLINED, invited=invites, ended_on__gt=since).exists():
        raise Refused(Reason.REFUSAL_ASKED_LATELY, days=ASKED_AGAIN_AFTER.days)
    asked = NetworkMembership.objects.filter(state=NetworkState.ASKED)
    if asked.filter(**{"buyer" if invites else "supplier": enterprise, "invited": invites}).count() >= MOST_WAITING:
        raise Refused(Reason.REFUSAL_LIMIT_REACHED, limit=MOST_WAITING)


def _lock(membership: NetworkMembership) -> NetworkMembership:
    rows = NetworkMembership.objects.select_for_update(of=("self",)).select_related("buyer", "supplier")
    row: NetworkMembership = rows.get(pk=membership.pk)
    return row


def _record(row: NetworkMembership, verb: Verb, actor: User) -> None:
    """Under the buyer, whose postings other firms see or no longer see from this moment."""
    record_change(thing=row, verb=verb, actor=actor, enterprise=row.buyer, facts={"state": str(row.state)})


def _tell(row: NetworkMembership, reader: Enterprise, other: Enterprise, kind: NoticeKind) -> None:
    notify_members(enterprise=reader, kind=kind, key=f"{row.pk}:{row.state}", route=PAGE, facts={"title": other.name})
