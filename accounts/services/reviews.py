"""The review queue: what waits for a moderator is opened, taken, given back, decided once, and appealed once."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.choices import NoticeKind, ReviewKind, ReviewOutcome, Role, Verb
from accounts.models import Enterprise, Review, User
from accounts.permissions import can_appeal, can_decide_review, can_give_back_review, can_take_review
from accounts.services.changes import record_change, unit_of_work
from accounts.services.notices import notify_members, notify_platform
from common.errors import Invalid, require
from common.reasons import Reason
from common.values import normalise_text
from reference.models import IndustryChain, Region

LONGEST_NOTE, LONGEST_APPEAL = 400, 2000
DECISION = "web:moderation:decision"
QUEUE_ROW = "admin:accounts_review_change"
LONGEST_TITLE = 200


@unit_of_work
def open_review(
    *,
    kind: ReviewKind,
    enterprise: Enterprise,
    thing_key: str,
    title: str,
    flag: str = "",
    quotes: Iterable[str] = (),
    region: Region | None = None,
    chain: IndustryChain | None = None,
) -> Review:
    """Put something of ``enterprise`` into the queue, once: what waits already keeps its age and owner.

    ``flag`` is a reason code and ``quotes`` the words that it rests on. Without a region it lies in the enterprise's.
    """
    review, _made = Review.objects.update_or_create(
        kind=kind,
        thing_key=thing_key,
        decided_at=None,
        defaults={
            "enterprise": enterprise,
            "title": title[:LONGEST_TITLE],
            "flag": flag,
            "quotes": list(quotes),
            "region": region or enterprise.region,
            "chain": chain,
        },
    )
    return review


@unit_of_work
def close_review(
    *,
    kind: ReviewKind,
    enterprise: Enterprise,
    thing_key: str,
    title: str,
    actor: User,
    outcome: ReviewOutcome,
    reason: str = "",
    note: str = "",
    region: Region | None = None,
    chain: IndustryChain | None = None,
) -> Review:
    """Keep what ``actor`` decided about something, whether or not it stood in the queue; the acting service told the
    firm and asked whether ``actor`` may. Refuses taken where another moderator has it.
    """
    waiting = Review.objects.select_for_update(of=("self",)).filter(kind=kind, thing_key=thing_key, decided_at=None)
    review = waiting.first()
    if review is None:
        place = region or enterprise.region
        review = Review(
            kind=kind,
            enterprise=enterprise,
            thing_key=thing_key,
            title=title[:LONGEST_TITLE],
            region=place,
            chain=chain,
        )
        return _decided(review, actor, outcome, reason, note)
    require(can_decide_review(actor, review))
    return _decided(review, actor, outcome, reason, note)


def _decided(review: Review, actor: User | None, outcome: ReviewOutcome, reason: str, note: str) -> Review:
    review.outcome, review.decided_by, review.decided_at = outcome, actor, timezone.now()
    review.reason, review.note = reason, note
    review.save()
    return review


@unit_of_work
def withdraw_review(*, kind: ReviewKind, thing_key: str) -> int:
    """Take out of the queue what no longer waits because its owner changed, closed or removed it. Returns how many."""
    waiting = Review.objects.select_for_update(of=("self",)).filter(kind=kind, thing_key=thing_key, decided_at=None)
    return len([_decided(review, None, ReviewOutcome.WITHDRAWN, "", "") for review in waiting])


@unit_of_work
def take_review(*, review: Review, actor: User) -> Review:
    """Say that one looks at it; others can no longer decide it. Twice changes nothing.

    Refuses not_yours, taken (by whom), decided (by whom, how).
    """
    row = locked_review(review)
    require(can_take_review(actor, row))
    if row.owner_id != actor.pk:
        row.owner, row.taken_at = actor, timezone.now()
        row.save(update_fields=["owner", "taken_at", "changed_at"])
        record_change(thing=row, verb=Verb.TAKEN, actor=actor)
    return row


@unit_of_work
def give_back_review(*, review: Review, actor: User) -> Review:
    """Let others take it. Refuses not_yours (it is not one's own to give), taken, decided."""
    row = locked_review(review)
    require(can_give_back_review(actor, row))
    row.owner, row.taken_at = None, None
    row.save(update_fields=["owner", "taken_at", "changed_at"])
    record_change(thing=row, verb=Verb.TAKEN, actor=actor, facts={"given_back": True})
    return row


@unit_of_work
def appeal_decision(*, review: Review, actor: User, text: str) -> Review:
    """Ask for another look at a decision against one's firm, once, with one text; also while the firm is suspended.

    Platform administrators are told. Refuses not_yours, wrong_state (it was no decision against the firm),
    already_there; Invalid without a text or with one over 2,000 characters.
    """
    row = locked_review(review)
    require(can_appeal(actor, row))
    plain = checked_text(text, "text", LONGEST_APPEAL)
    appeal: Review = Review.objects.create(
        kind=ReviewKind.APPEAL,
        enterprise=row.enterprise,
        thing_key=row.key,
        title=row.title,
        flag=row.reason,
        text=plain,
        region=row.region,
        chain=row.chain,
        against=row,
    )
    record_change(thing=row, verb=Verb.APPEALED, actor=actor, enterprise=row.enterprise)
    notify_platform(
        kind=NoticeKind.APPEAL_RECEIVED,
        key=appeal.key,
        route=QUEUE_ROW,
        thing_key=str(appeal.pk),
        facts={"title": row.title},
    )
    return appeal


@unit_of_work
def close_appeal(*, appeal: Review, actor: User, granted: bool, note: str) -> Review:
    """Keep the answer to an appeal and tell the firm; what a granted one changes is the caller's to do.

    Refuses not_yours, taken, decided, decided_yourself; Invalid without a note.
    """
    row = locked_review(appeal)
    require(can_decide_review(actor, row))
    decision = row.against
    if decision is None:
        raise Invalid({"appeal": Reason.REFUSAL_REQUIRED})
    plain = checked_text(note, "note", LONGEST_NOTE)
    _decided(row, actor, ReviewOutcome.GRANTED if granted else ReviewOutcome.UPHELD, decision.reason, plain)
    record_change(
        thing=row,
        verb=Verb.RESTORED if granted else Verb.REJECTED,
        actor=actor,
        enterprise=row.enterprise,
        reason=decision.reason,
        facts={"note": plain},
    )
    notify_members(
        enterprise=row.enterprise,
        kind=NoticeKind.APPEAL_GRANTED if granted else NoticeKind.APPEAL_UPHELD,
        key=row.key,
        route=DECISION,
        thing_key=decision.key,
        facts={"title": row.title, "reason": "" if granted else decision.reason, "note": plain, "told": True},
        roles=(Role.OWNER, Role.EDITOR) if decision.kind == ReviewKind.POSTING else (Role.OWNER,),
    )
    return row


@unit_of_work
def tell_decision(*, review: Review, kind: NoticeKind, roles: tuple[Role, ...]) -> None:
    """Tell the firm what was decided against it: the reason, the note, and the page where it can appeal."""
    notify_members(
        enterprise=review.enterprise,
        kind=kind,
        key=review.key,
        route=DECISION,
        thing_key=review.key,
        facts={"title": review.title, "reason": review.reason, "note": review.note, "told": True, "appeal": True},
        roles=roles,
    )


def locked_review(review: Review) -> Review:
    """The row as it stands now, kept from others until the unit of work ends, with what its page names."""
    rows = Review.objects.select_for_update(of=("self",))
    found: Review = rows.select_related("enterprise__region", "owner", "decided_by", "against", "region").get(
        pk=review.pk
    )
    return found


def checked_text(text: str, name: str, longest: int) -> str:
    """``text`` without invisible characters; Invalid for ``name`` when nothing is left or it is over ``longest``."""
    plain = normalise_text(text)
    if not plain:
        raise Invalid({name: Reason.REFUSAL_REQUIRED})
    if len(plain) > longest:
        raise Invalid({name: Reason.REFUSAL_TOO_LONG}, {name: {"limit": longest}})
    return plain
