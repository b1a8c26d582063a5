"""More orders than lines: the needs that a firm posts for it, begun in one act and met by one plan."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from common.values import normalise_code, plain_amount
from matchmaking.consortia.choices import MOST_WEEKS, SATELLITE, SKILLED, WORKSHOP
from matchmaking.consortia.models import Consortium, Overflow
from matchmaking.consortia.queries.overflows import plan_of
from matchmaking.consortia.services.forming import Share, add_suppliers, form_consortium
from matchmaking.postings.choices import Direction, Period, RegionPreference, Subject
from matchmaking.postings.models import Posting
from matchmaking.postings.permissions import can_write_posting
from matchmaking.postings.services.contacts import has_contact
from matchmaking.postings.services.drafting import save_draft
from matchmaking.postings.services.publishing import publish_posting
from reference.models import ChainNode
from reference.queries.nodes import node_by_code

DAYS_OF_A_WEEK = 7
FIELDS = {"quantity": "ordered", "window_end": "weeks", "minimum_share_percent": "least_share", "title": "text"}
"""What a posting calls what is asked for otherwise here."""


@unit_of_work
def begin_overflow(*, enterprise: Enterprise, actor: User, values: Mapping[str, Any], key: str = "") -> Overflow:
    """Post the needs of which an overflow consists, all of them or none: the work that is given out and, where asked
    for, premises and workers for a line of one's own. Each is an ordinary need; nothing joins them for anybody else.

    ``values``: node, unit and region as codes; ``ordered`` and ``own`` in that unit, what the firm has orders for and
    makes itself in ``weeks`` from ``window_start``; ``partners`` at most and their ``least_share`` in percent;
    ``radius_km``, ``floor_area`` (m²) and ``workers`` or None; ``visibility`` and ``text``. Titles are made from the
    node, so that neither customer nor article is asked for. With a ``key`` made beforehand the same one is begun only
    once. Refuses not_yours, suspended; Invalid by these names.
    """
    require(can_write_posting(actor, enterprise))
    Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    begun: Overflow | None = Overflow.objects.filter(enterprise=enterprise, key=key).first() if key else None
    if begun is not None:
        return begun
    node = _node(values.get("node"))
    shared = _shared(values)
    gap = _posted(enterprise, actor, shared | _gap(values, node))
    premises = workers = None
    if values.get("floor_area") is not None:
        premises = _posted(enterprise, actor, shared | _premises(values, node))
    if values.get("workers") is not None:
        workers = _posted(enterprise, actor, shared | _workers(values, node))
    row = Overflow(
        enterprise=enterprise,
        gap=gap,
        premises=premises,
        workers=workers,
        ordered_amount=values["ordered"],
        own_amount=values.get("own") or Decimal(0),
        most_partners=values.get("partners") or 0,
        made_by=actor,
        **({"key": key} if key else {}),
    )
    check_row(row, names={"most_partners": "partners", "ordered_amount": "ordered", "own_amount": "own"})
    row.save()
    record_change(thing=row, verb=Verb.CREATED, actor=actor, enterprise=enterprise, facts={"need": gap.number})
    return row


def plan_overflow(*, overflow: Overflow, shares: Sequence[Share], own: Decimal | None, actor: User) -> Consortium:
    """Ask partners for their shares of the work; ``own`` is what a line of one's own elsewhere takes, None for what it
    takes by the plan so far.

    Where a part is open again after somebody left, the shares are those of further partners. Refuses as
    ``form_consortium`` and ``add_suppliers`` do.
    """
    plan = plan_of(overflow)
    if plan is None:
        return form_consortium(need=overflow.gap, shares=shares, actor=actor, own=own or Decimal(0))
    return add_suppliers(consortium=plan, shares=shares, actor=actor, own=own)


def _node(code: object) -> ChainNode:
    wanted = normalise_code(str(code or ""))
    if not wanted:
        raise Invalid({"node": Reason.REFUSAL_REQUIRED})
    found = node_by_code(wanted)
    if found is None or found.is_retired:
        raise Invalid({"node": Reason.REFUSAL_UNKNOWN_CODE}, {"node": {"code": str(code)[:40]}})
    return found


def _shared(values: Mapping[str, Any]) -> dict[str, Any]:
    """What all of the needs say: the days, the place, under which name."""
    start, weeks = values.get("window_start"), values.get("weeks")
    if start is None or weeks is None:
        raise Invalid({name: Reason.REFUSAL_REQUIRED for name in ("window_start", "weeks") if values.get(name) is None})
    if not 0 < weeks <= MOST_WEEKS or weeks != int(weeks):
        raise Invalid({"weeks": Reason.REFUSAL_LIMIT_REACHED}, {"weeks": {"limit": MOST_WEEKS}})
    if has_contact(str(values.get("text") or "")):
        raise Invalid({"text": Reason.REFUSAL_CONTACT_IN_TEXT})
    radius = values.get("radius_km")
    return {
        "region": values.get("region"),
        "region_preference": RegionPreference.ANY if radius is None else RegionPreference.RADIUS,
        "radius_km": radius,
        "period": Period.ONCE,
        "window_start": start,
        "window_end": start + timedelta(days=int(weeks) * DAYS_OF_A_WEEK - 1),
        "visibility": values.get("visibility"),
    }


def _gap(values: Mapping[str, Any], node: ChainNode) -> dict[str, Any]:
    """The work: several partners are welcome, since a line of one's own may take the rest of one partner's share."""
    ordered, own = values.get("ordered"), values.get("own") or Decimal(0)
    if ordered is None or own < 0:
        raise Invalid({"ordered" if ordered is None else "own": Reason.REFUSAL_REQUIRED})
    if own >= ordered:
        raise Invalid({"own": Reason.REFUSAL_NO_GAP})
    return {
        "subject": Subject.PROCESSING,
        "title": _("%(node)s: work beyond our own lines") % {"node": node.name},
        "text": values.get("text") or "",
        "node": node.code,
        "quantity": ordered - own,
        "unit": values.get("unit"),
        "consortium_allowed": True,
        "minimum_share_percent": values.get("least_share"),
    }


def _premises(values: Mapping[str, Any], node: ChainNode) -> dict[str, Any]:
    area = values["floor_area"]
    return {
        "subject": Subject.PREMISES,
        "title": _("Hall or running workshop, %(area)s m²: %(node)s") % {"area": plain_amount(area), "node": node.name},
        "node": WORKSHOP,
        "further_nodes": [SATELLITE],
        "quantity": area,
        "unit": "M2",
    }


def _workers(values: Mapping[str, Any], node: ChainNode) -> dict[str, Any]:
    people = values["workers"]
    return {
        "subject": Subject.TALENT,
        "title": _("Skilled workers, %(people)s: %(node)s") % {"people": plain_amount(people), "node": node.name},
        "node": SKILLED,
        "quantity": people,
        "unit": "PERSON",
        "consortium_allowed": True,
    }


def _posted(enterprise: Enterprise, actor: User, values: Mapping[str, Any]) -> Posting:
    """The need, published or held for a check; what does not fit is told by the names of this form."""
    try:
        draft = save_draft(actor=actor, values=values, enterprise=enterprise, direction=Direction.NEED)
        return publish_posting(posting=draft, actor=actor)
    except Invalid as error:
        names = FIELDS | _amount_of(values)
        fields = {names.get(name, name): reason for name, reason in error.fields.items()}
        raise Invalid(fields, {names.get(name, name): told for name, told in error.facts.items()}) from error
    except Refused as refusal:
        if refusal.reason == Reason.REFUSAL_CONTACT_IN_TEXT:
            raise Invalid({"text": refusal.reason}) from refusal
        raise


def _amount_of(values: Mapping[str, Any]) -> dict[str, str]:
    """The field that stands for the quantity of a need of this subject."""
    own = {Subject.PREMISES: "floor_area", Subject.TALENT: "workers"}
    return {"quantity": own[values["subject"]]} if values["subject"] in own else {}
