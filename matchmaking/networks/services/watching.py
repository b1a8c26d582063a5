"""What a firm is told of its network: certificates that run out; and what it tells others: looks, released counts."""

from collections import defaultdict
from datetime import date

from accounts.choices import LookedBy, NoticeKind, Verb
from accounts.models import Enterprise, Notice, User
from accounts.permissions import can_edit_enterprise, firms_of
from accounts.querysets import is_platform_admin
from accounts.services.changes import record_change, unit_of_work
from accounts.services.looks import leave_trace
from accounts.services.notices import notify_members
from common.errors import Refused, require
from common.reasons import Reason
from matchmaking.networks.queries.lists import buyers_visible_to
from matchmaking.networks.queries.papers import EndingPaper, ending_papers

PAPERS_PAGE = "web:networks:papers"
NAMED = 3
"""Suppliers that a notice names; the page has all."""


@unit_of_work
def tell_of_ending_papers(*, on: date) -> int:
    """Tell each firm that keeps a list of papers in its network that end within sixty days; a paper is told once, with
    those that have come up since the last time. Returns how many firms were told.
    """
    papers: dict[int, list[EndingPaper]] = {}
    for one in ending_papers(on=on):
        papers.setdefault(one.buyer_id, []).append(one)
    kind = NoticeKind.NETWORK_PAPERS_END
    told: dict[str, set[str]] = defaultdict(set)
    for key, facts in Notice.objects.filter(kind=kind).values_list("thing_key", "facts"):
        told[key] |= set(facts.get("papers", ()))
    buyers = Enterprise.objects.active().in_bulk(papers)
    count = 0
    for pk, buyer in sorted(buyers.items()):
        news = [one for one in papers[pk] if one.mark not in told[buyer.key]]
        if not news:
            continue
        names = list(dict.fromkeys(one.name for one in news))
        title = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        facts = {"title": title, "papers": sorted(one.mark for one in news)}
        key = f"{buyer.pk}:{on.isoformat()}"
        notify_members(enterprise=buyer, kind=kind, key=key, route=PAPERS_PAGE, thing_key=buyer.key, facts=facts)
        count += 1
    return count


@unit_of_work
def release_counts(*, buyer: Enterprise, actor: User, releases: bool) -> Enterprise:
    """Say whether the firm's public page tells how many suppliers and distributors it has.

    Refuses not_yours, suspended.
    """
    row = Enterprise.objects.select_for_update().get(pk=buyer.pk)
    require(can_edit_enterprise(actor, row))
    if row.releases_network != releases:
        row.releases_network = releases
        row.save(update_fields=["releases_network", "changed_at"])
        record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=row, facts={"fields": ["releases_network"]})
    return row


@unit_of_work
def look_at_network(*, buyer: Enterprise, actor: User) -> None:
    """Write down for the firm that somebody who looks after its region opened its list; not of one's own.

    Refuses not_yours outside the scope.
    """
    if buyer.pk in firms_of(actor):
        return
    if not buyers_visible_to(actor).filter(pk=buyer.pk).exists():
        raise Refused(Reason.REFUSAL_NOT_YOURS)
    by = LookedBy.PLATFORM if is_platform_admin(actor) else LookedBy.COORDINATOR
    leave_trace(thing=buyer, firms=[buyer], actor=actor, by=by, part="network")
