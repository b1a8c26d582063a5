"""Packages: needs of one firm that become one request for quotation; drafted, filled, published in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.choices import NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change, unit_of_work
from accounts.services.checks import check_row
from common.errors import Invalid, Refused, Stale, require
from common.reasons import Reason
from common.values import normalise_code, one_line
from matchmaking.partnerships.choices import RfqState
from matchmaking.partnerships.models import Rfq, RfqLine
from matchmaking.partnerships.permissions import can_edit_package
from matchmaking.partnerships.queries.packages import MOST_LINES, TAKEN, lines_of
from matchmaking.partnerships.services.moving import locked_postings
from matchmaking.partnerships.services.quoting import (
    check_deadline,
    needs_in_open_requests,
    tell_firm,
    tell_suppliers,
)
from matchmaking.postings.choices import Direction, Period, Status, usual_subject
from matchmaking.postings.models import Posting
from matchmaking.postings.permissions import can_write_posting
from matchmaking.postings.services.contacts import has_contact
from matchmaking.postings.services.content import problems_before_publication
from matchmaking.postings.services.drafting import delete_draft, save_draft
from matchmaking.postings.services.publishing import publish_posting
from reference.models import Certification
from reference.queries.measures import certifications_in_use

PLAIN = ("title", "due_at", "is_sealed", "window_start", "window_end", "answer_within_working_days")
"""What a package says of itself and of its lines, by the names of its fields; ``certificates`` are codes."""
SHARED = ("window_start", "window_end", "answer_within_working_days")
MOST_PAPERS = 30


@unit_of_work
def begin_package(*, enterprise: Enterprise, actor: User, values: Mapping[str, Any]) -> Rfq:
    """Begin a package as a draft that its own firm alone sees; ``values`` by ``PLAIN`` and ``certificates``.

    Refuses not_yours, suspended; Invalid for a title or deadline that is missing, and for what does not fit.
    """
    require(can_write_posting(actor, enterprise))
    row = Rfq(enterprise=enterprise, state=RfqState.DRAFT, made_by=actor)
    papers = _write(row, values)
    row.save()
    row.certificates.set(papers or [])
    record_change(thing=row, verb=Verb.CREATED, actor=actor, enterprise=enterprise)
    return row


@unit_of_work
def change_package(*, rfq: Rfq, actor: User, values: Mapping[str, Any], seen_version: int | None = None) -> Rfq:
    """Change what a draft package says. Refuses not_yours, suspended, wrong_state; Invalid as for a new one; Stale
    where somebody changed it after ``seen_version``.
    """
    row = _locked(rfq, actor)
    if seen_version is not None and seen_version != row.version:
        raise Stale(seen=seen_version, current=row.version)
    papers = _write(row, values)
    row.version += 1
    row.save()
    if papers is not None:
        row.certificates.set(papers)
    record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=row.enterprise)
    return row


@unit_of_work
def add_line(*, rfq: Rfq, actor: User, values: Mapping[str, Any]) -> RfqLine:
    """Make a need of its own as the next line of a draft package; ``values`` as ``save_draft`` takes them.

    Refuses not_yours, suspended, wrong_state; Invalid for what does not fit or stops a publication: contact data in
    title or text, more than ``MOST_LINES`` lines.
    """
    row = _locked(rfq, actor)
    return _begin_line(row, values, _next_place(row, 1), actor=actor)


@unit_of_work
def add_lines(*, rfq: Rfq, actor: User, lines: Sequence[Mapping[str, Any]]) -> list[RfqLine]:
    """Make each of ``lines`` a need of its own and a line of a draft package, all of them or none; what they leave out
    is as ``usual_line`` has it.

    Refuses not_yours, suspended, wrong_state; Invalid for none, for more than ``MOST_LINES`` in all, and with every
    problem of a line as ``<its place in lines, from 0>.<field>``.
    """
    row = _locked(rfq, actor)
    if not lines:
        raise Invalid({"lines": Reason.REFUSAL_REQUIRED})
    first = _next_place(row, len(lines))
    made: list[RfqLine] = []
    problems: dict[str, Reason | str] = {}
    facts: dict[str, Mapping[str, object]] = {}
    for count, values in enumerate(lines):
        usual = usual_line(row, str(values.get("node") or ""))
        usual["region"] = usual["region"].code if usual["region"] else ""
        told = {**values, **{name: value for name, value in usual.items() if not values.get(name)}}
        try:
            made.append(_begin_line(row, told, first + count, actor=actor))
        except Invalid as error:
            problems |= {f"{count}.{name}": reason for name, reason in error.fields.items()}
            facts |= {f"{count}.{name}": told for name, told in error.facts.items()}
    if problems:
        raise Invalid(problems, facts)
    return made


def usual_line(rfq: Rfq, node: str) -> dict[str, Any]:
    """What a line at ``node`` is where it says nothing: counted once, delivered to the firm's region, the usual kind of
    thing there.
    """
    return {"period": Period.ONCE, "region": rfq.enterprise.region, "subject": usual_subject(normalise_code(node))}


def _begin_line(row: Rfq, values: Mapping[str, Any], place: int, *, actor: User) -> RfqLine:
    for name in ("title", "text"):
        if has_contact(str(values.get(name) or "")):
            raise Invalid({name: Reason.REFUSAL_CONTACT_IN_TEXT})
    need = save_draft(actor=actor, values=values, enterprise=row.enterprise, direction=Direction.NEED)
    line = RfqLine(rfq=row, need=need, position=place, is_made_here=True)
    line.save()
    return line


def check_line(*, rfq: Rfq, actor: User, values: Mapping[str, Any]) -> None:
    """Raise what ``add_line`` would raise for these values, and tell all that would stop the need's publication; writes
    nothing, so that nobody waits while a file is rehearsed.
    """
    require(can_edit_package(actor, rfq))
    content = problems_before_publication(values, typed={}, on=timezone.localdate(), enterprise=rfq.enterprise)
    key = content.columns.get("external_key")
    if key and Posting.objects.filter(enterprise=rfq.enterprise_id, external_key=key).exists():
        content.refuse("external_key", Reason.REFUSAL_ALREADY_THERE)
    content.require_sound()


@unit_of_work
def add_needs(*, rfq: Rfq, actor: User, needs: Sequence[Posting]) -> list[RfqLine]:
    """Take needs that the firm has already, drafts or live ones, into a draft package.

    Refuses not_yours, suspended, wrong_state, in_request where one stands in another open request; Invalid for none,
    and for more than ``MOST_LINES`` lines.
    """
    row = _locked(rfq, actor)
    if not needs:
        raise Invalid({"needs": Reason.REFUSAL_REQUIRED})
    held = set(RfqLine.objects.filter(rfq=row).values_list("need", flat=True))
    found = [need for need in locked_postings(*(need.pk for need in needs)).values() if need.pk not in held]
    for need in found:
        if need.enterprise_id != row.enterprise_id or not need.is_need:
            raise Refused(Reason.REFUSAL_NOT_YOURS)
        if need.status not in TAKEN:
            raise Refused(Reason.REFUSAL_WRONG_STATE, state=Status(need.status).label)
    if needs_in_open_requests(found):
        raise Refused(Reason.REFUSAL_IN_REQUEST)
    place = _next_place(row, len(found))
    lines = [RfqLine(rfq=row, need=need, position=place + count) for count, need in enumerate(found)]
    made: list[RfqLine] = RfqLine.objects.bulk_create(lines)
    record_change(
        thing=row, verb=Verb.CHANGED, actor=actor, enterprise=row.enterprise, facts={"lines_added": len(made)}
    )
    return made


@unit_of_work
def remove_line(*, rfq: Rfq, line: RfqLine, actor: User) -> None:
    """Take a line out of a draft package; a need that was made for it and that nobody else saw goes with it.

    Refuses not_yours, suspended, wrong_state.
    """
    row = _locked(rfq, actor)
    held = RfqLine.objects.filter(rfq=row, pk=line.pk).select_related("need").first()
    if held is not None:
        _drop(held, actor)
        record_change(thing=row, verb=Verb.CHANGED, actor=actor, enterprise=row.enterprise, facts={"lines_removed": 1})


@unit_of_work
def discard_package(*, rfq: Rfq, actor: User) -> None:
    """Throw a draft package away with the needs that were made for it. Refuses not_yours, suspended, wrong_state."""
    row = _locked(rfq, actor)
    for line in lines_of(row):
        _drop(line, actor)
    record_change(thing=row, verb=Verb.DELETED, actor=actor, enterprise=row.enterprise)
    row.delete()


@unit_of_work
def publish_package(*, rfq: Rfq, actor: User, seen_version: int | None = None) -> Rfq:
    """Put what the package says into every line, publish those that are drafts, and ask for quotes: all of it or none.

    Suppliers in talks about several lines get one notice. Refuses not_yours, suspended, wrong_state; Stale; Invalid
    with every problem: of the package by its field, of a line as ``<position>.<field>``.
    """
    row = _locked(rfq, actor)
    if seen_version is not None and seen_version != row.version:
        raise Stale(seen=seen_version, current=row.version)
    check_deadline(row.due_at)
    lines = list(lines_of(row))
    if not lines:
        raise Invalid({"lines": Reason.REFUSAL_REQUIRED})
    needs = locked_postings(*(line.need_id for line in lines))
    busy = needs_in_open_requests(list(needs.values()))
    problems: dict[str, Reason | str] = {}
    facts: dict[str, Mapping[str, object]] = {}
    papers = list(row.certificates.values_list("code", flat=True))
    shared = {name: getattr(row, name) for name in SHARED if getattr(row, name) is not None}
    for line in lines:
        try:
            if line.need_id in busy:
                raise Refused(Reason.REFUSAL_IN_REQUEST)
            _publish(needs[line.need_id], actor, shared, papers)
        except Invalid as error:
            problems |= {f"{line.position}.{name}": reason for name, reason in error.fields.items()}
            facts |= {f"{line.position}.{name}": told for name, told in error.facts.items()}
        except Refused as refusal:
            problems[f"{line.position}."] = refusal.reason
            facts[f"{line.position}."] = refusal.facts
    if problems:
        raise Invalid(problems, facts)
    row.state = RfqState.OPEN
    row.version += 1
    row.save()
    record_change(thing=row, verb=Verb.PUBLISHED, actor=actor, enterprise=row.enterprise, facts={"lines": len(lines)})
    if Posting.objects.filter(rfq_lines__rfq=row, status=Status.IN_REVIEW).exists():
        tell_firm(row, row.enterprise, NoticeKind.POSTING_HELD, about="held")
    tell_suppliers(row, list(needs.values()))
    return row


def _publish(need: Posting, actor: User, shared: Mapping[str, Any], papers: Sequence[str]) -> None:
    """Refuses wrong_state for a need that is closed or over meanwhile, and what saving and publishing refuse."""
    if need.status not in TAKEN:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=Status(need.status).label)
    values = dict(shared)
    if papers:
        own = need.required_certificates.values_list("certification__code", "is_must")
        values["certificates"] = [*own, *((code, True) for code in papers)]
    saved = save_draft(actor=actor, posting=need, values=values) if values else need
    if saved.status == Status.DRAFT:
        publish_posting(posting=saved, actor=actor, tells=False)


def _locked(rfq: Rfq, actor: User) -> Rfq:
    """The draft as it is now, kept from others until the unit of work ends."""
    rows = Rfq.objects.select_for_update(of=("self",), no_key=True).select_related("enterprise")
    row: Rfq | None = rows.filter(pk=rfq.pk).first()
    if row is None:
        raise Refused(Reason.REFUSAL_NOTHING_WAITS)
    require(can_edit_package(actor, row))
    return row


def _next_place(row: Rfq, more: int) -> int:
    """The position of the next line; Invalid where there would be too many."""
    held = RfqLine.objects.filter(rfq=row)
    if held.count() + more > MOST_LINES:
        raise Invalid({"lines": Reason.REFUSAL_LIMIT_REACHED}, {"lines": {"limit": MOST_LINES}})
    return int(held.aggregate(last=Max("position"))["last"] or 0) + 1


def _drop(line: RfqLine, actor: User) -> None:
    need = line.need
    line.delete()
    if line.is_made_here and need.status == Status.DRAFT:
        delete_draft(posting=need, actor=actor)


def _write(row: Rfq, values: Mapping[str, Any]) -> list[Certification] | None:
    """Fill ``row`` from ``values`` and check it; the certificates that they name, None where they say nothing."""
    for name in PLAIN:
        if name in values:
            setattr(row, name, values[name])
    row.title = one_line(row.title or "")
    if not row.title:
        raise Invalid({"title": Reason.REFUSAL_REQUIRED})
    if has_contact(row.title):
        raise Invalid({"title": Reason.REFUSAL_CONTACT_IN_TEXT})
    check_deadline(row.due_at)
    if row.window_start and row.window_end and row.window_end < row.window_start:
        told = {"window_end": {"start": row.window_start.isoformat()}}
        raise Invalid({"window_end": Reason.REFUSAL_WINDOW_REVERSED}, told)
    if row.window_end and row.window_end < timezone.localdate():
        raise Invalid({"window_end": Reason.REFUSAL_WINDOW_PAST})
    check_row(row)
    if "certificates" not in values:
        return None
    codes = list(dict.fromkeys(normalise_code(str(code)) for code in values["certificates"]))
    if len(codes) > MOST_PAPERS:
        raise Invalid({"certificates": Reason.REFUSAL_LIMIT_REACHED}, {"certificates": {"limit": MOST_PAPERS}})
    found: list[Certification] = list(certifications_in_use().filter(code__in=codes))
    unknown = next((code for code in codes if code not in {paper.code for paper in found}), None)
    if unknown is not None:
        raise Invalid({"certificates": Reason.REFUSAL_UNKNOWN_CODE}, {"certificates": {"code": unknown[:40]}})
    return found
