"""The moderator's desk: one row of the queue, whatever it is about, is passed, refused, or an appeal answered."""

from collections.abc import Callable

from accounts.choices import ReviewKind
from accounts.models import Enterprise, EnterpriseCertificate, Review, User
from accounts.permissions import can_decide_review
from accounts.services.certificates import REJECTIONS as CERTIFICATE_REJECTIONS
from accounts.services.certificates import check_certificate, reconsider_certificate, reject_certificate
from accounts.services.changes import unit_of_work
from accounts.services.reviews import close_appeal
from accounts.services.verification import REJECTIONS as ENTERPRISE_REJECTIONS
from accounts.services.verification import reject_enterprise, restore_enterprise, verify_enterprise
from common.errors import Invalid, Refused, require
from common.reasons import Reason
from matchmaking.postings.models import Posting
from matchmaking.postings.services.publishing import REJECTIONS as POSTING_REJECTIONS
from matchmaking.postings.services.publishing import release_posting, restore_posting, withhold_posting


def reasons_for(kind: str) -> tuple[Reason, ...]:
    """What something of this kind can be refused for, in register order; nothing for an appeal, which takes a note."""
    reasons: dict[str, tuple[Reason, ...]] = {
        ReviewKind.POSTING: POSTING_REJECTIONS,
        ReviewKind.ENTERPRISE: ENTERPRISE_REJECTIONS,
        ReviewKind.CERTIFICATE: CERTIFICATE_REJECTIONS,
    }
    return reasons.get(kind, ())


@unit_of_work
def pass_review(*, review: Review, actor: User, note: str = "", seen_version: int | None = None) -> Review:
    """Release the posting, verify the enterprise or confirm the certificate that waits; its firm is told.

    Refuses not_yours, taken, decided (by whom, how), and what the act itself refuses; Stale where a posting is not at
    ``seen_version`` any more. Appeals: ``answer_appeal``.
    """
    fresh = require_waiting(review=review, actor=actor)
    thing = _thing_of(fresh)
    if isinstance(thing, Posting):
        return _or_told(
            fresh, lambda: release_posting(posting=thing, actor=actor, note=note, seen_version=seen_version)
        )
    if isinstance(thing, Enterprise):
        return _or_told(fresh, lambda: verify_enterprise(enterprise=thing, actor=actor, note=note))
    return _or_told(fresh, lambda: check_certificate(certificate=thing, actor=actor))


@unit_of_work
def refuse_review(*, review: Review, actor: User, reason: Reason, note: str, seen_version: int | None = None) -> Review:
    """Give the posting back, or reject the enterprise or certificate that waits, for one of ``reasons_for`` its kind.

    The firm gets code, note and the way to appeal. Refuses not_yours, taken, decided; Invalid without a note or for a
    reason of another kind; Stale where a posting is no longer at ``seen_version``.
    """
    fresh = require_waiting(review=review, actor=actor)
    if reason not in reasons_for(fresh.kind):
        raise Invalid({"reason": Reason.REFUSAL_UNKNOWN_CODE}, {"reason": {"code": str(reason)}})
    thing = _thing_of(fresh)
    if isinstance(thing, Posting):
        return _or_told(
            fresh,
            lambda: withhold_posting(posting=thing, actor=actor, reason=reason, note=note, seen_version=seen_version),
        )
    if isinstance(thing, Enterprise):
        return _or_told(fresh, lambda: reject_enterprise(enterprise=thing, actor=actor, reason=reason, note=note))
    return _or_told(fresh, lambda: reject_certificate(certificate=thing, actor=actor, reason=reason, note=note))


@unit_of_work
def answer_appeal(*, review: Review, actor: User, granted: bool, note: str) -> Review:
    """Grant an appeal or uphold the decision, with a text for the firm; a granted one is carried out at once.

    A posting is shown again, an enterprise verified or let in again, a certificate confirmed or, where something
    still stands against that, put back into the queue. Refuses not_yours, taken, decided, decided_yourself.
    """
    fresh = require_waiting(review=review, actor=actor)
    decision = fresh.against
    if fresh.kind != ReviewKind.APPEAL or decision is None:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=ReviewKind(fresh.kind).label)
    if granted:
        _undo(decision, actor, note)
    return close_appeal(appeal=fresh, actor=actor, granted=granted, note=note)


def _undo(decision: Review, actor: User, note: str) -> None:
    thing = _thing_of(decision)
    if isinstance(thing, Posting):
        restore_posting(posting=thing, actor=actor)
    elif isinstance(thing, EnterpriseCertificate):
        reconsider_certificate(certificate=thing, actor=actor)
    elif decision.kind == ReviewKind.ENTERPRISE:
        verify_enterprise(enterprise=thing, actor=actor, note=note)
    elif thing.suspended_at is not None:
        restore_enterprise(enterprise=thing, actor=actor, note=note)


def require_waiting(*, review: Review, actor: User) -> Review:
    """The row as it stands now. Refuses not_yours, taken, decided, decided_yourself."""
    fresh = _fresh(review)
    require(can_decide_review(actor, fresh))
    return fresh


def _fresh(review: Review) -> Review:
    found: Review = Review.objects.select_related("owner", "decided_by", "against", "enterprise").get(pk=review.pk)
    return found


def _or_told(review: Review, act: Callable[[], object]) -> Review:
    """Do it; where another moderator was faster by a moment, say who and how instead of only that it is too late."""
    try:
        act()
    except Refused as refusal:
        now = _fresh(review)
        if refusal.reason == Reason.REFUSAL_WRONG_STATE and now.decided_at is not None:
            raise Refused(
                Reason.REFUSAL_DECIDED, name=str(now.decided_by or ""), outcome=now.get_outcome_display()
            ) from refusal
        raise
    return _fresh(review)


def _thing_of(review: Review) -> Posting | Enterprise | EnterpriseCertificate:
    """What a row of the queue is about. Refuses wrong_state where it is gone."""
    found: Posting | Enterprise | EnterpriseCertificate | None
    if review.kind == ReviewKind.POSTING:
        found = Posting.objects.select_related("enterprise").filter(number=review.thing_key).first()
    elif review.kind == ReviewKind.CERTIFICATE:
        found = EnterpriseCertificate.objects.filter(pk=int(review.thing_key)).first()
    elif review.kind == ReviewKind.APPEAL:
        found = None
    else:
        found = review.enterprise
    if found is None:
        raise Refused(Reason.REFUSAL_WRONG_STATE, state=ReviewKind(review.kind).label)
    return found
