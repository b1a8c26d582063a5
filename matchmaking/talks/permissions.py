"""Who may write to whom in talks, read along, show files and open them, and accept the confidentiality agreement."""

from accounts.choices import Role
from accounts.models import Enterprise
from accounts.permissions import RANK, can_act_for_enterprise, firms_of, role_in
from accounts.querysets import Actor
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.partnerships.choices import CONSENTED, RfqState, Side, State
from matchmaking.partnerships.models import Partnership, Rfq
from matchmaking.partnerships.permissions import can_change_rfq
from matchmaking.partnerships.queries.partnerships import (
    is_introduced,
    other_side,
    posting_of,
    roles_of_user,
)
from matchmaking.postings.choices import Status
from matchmaking.postings.models import Posting
from matchmaking.postings.permissions import can_meet
from matchmaking.talks.choices import FileLevel
from matchmaking.talks.models import Question, SharedFile
from matchmaking.talks.queries.files import files_openable_by, files_openable_through
from matchmaking.talks.queries.nda import nda_between

MOST_WAITING = 3
"""Unanswered questions of one firm at one posting."""


def can_read_thread(user: Actor, partnership: Partnership) -> Verdict:
    """Members of the two firms from mutual interest on, also after an end; nobody else, whatever they run here."""
    if not roles_of_user(partnership, user):
        return no(Reason.REFUSAL_NOT_YOURS)
    if not is_introduced(partnership):
        return no(Reason.REFUSAL_WRONG_STATE, state=State(partnership.state).label)
    return YES


def can_write_in_thread(user: Actor, partnership: Partnership) -> Verdict:
    """Editors and owners of the two firms while both agree to talk: from mutual interest on, not after an end."""
    able = _able_sides(user, partnership)
    if not able:
        return no(Reason.REFUSAL_NOT_YOURS)
    if partnership.state not in CONSENTED:
        return no(Reason.REFUSAL_WRONG_STATE, state=State(partnership.state).label)
    firms = (partnership.need.enterprise, partnership.capacity.enterprise)
    return no(Reason.REFUSAL_SUSPENDED) if any(firm.suspended_at is not None for firm in firms) else YES


def side_written_on(user: Actor, partnership: Partnership, enterprise: Enterprise | None = None) -> Side:
    """The side on which ``user`` writes: that of ``enterprise`` where they may write for both, else the only one.

    Whether they may at all was asked before.
    """
    able = _able_sides(user, partnership)
    return next((side for side in able if posting_of(partnership, side).enterprise == enterprise), able[0])


def can_ask_question(user: Actor, posting: Posting, enterprise: Enterprise | None = None) -> Verdict:
    """Editors and owners of another firm in good standing about a live posting that they may see, while few of their
    firm's questions wait there.
    """
    if enterprise is None:
        return no(Reason.REFUSAL_NO_ENTERPRISE)
    verdict = can_act_for_enterprise(user, enterprise, Role.EDITOR)
    if not verdict:
        return verdict
    if role_in(user, posting.enterprise) is not None:
        return no(Reason.REFUSAL_OWN_POSTING)
    if not Posting.objects.visible_to(user).filter(pk=posting.pk).exists():
        return no(Reason.REFUSAL_NOT_YOURS)
    if posting.status != Status.PUBLISHED:
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(posting.status).label)
    if not (verdict := can_meet(posting, enterprise)):
        return verdict
    waiting = Question.objects.filter(posting=posting, enterprise=enterprise, answered_at=None).count()
    return no(Reason.REFUSAL_TOO_MANY_WAITING, limit=MOST_WAITING) if waiting >= MOST_WAITING else YES


def can_answer_question(user: Actor, question: Question) -> Verdict:
    """Editors and owners of the posting's firm, once."""
    verdict = can_act_for_enterprise(user, question.posting.enterprise, Role.EDITOR)
    return no(Reason.REFUSAL_ALREADY_THERE) if verdict and question.answered_at is not None else verdict


def can_share_at_posting(user: Actor, posting: Posting) -> Verdict:
    """Editors and owners of its enterprise, as long as the posting is not over."""
    verdict = can_act_for_enterprise(user, posting.enterprise, Role.EDITOR)
    if verdict and posting.status in (Status.CLOSED, Status.EXPIRED):
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(posting.status).label)
    return verdict


def can_share_at_package(user: Actor, rfq: Rfq) -> Verdict:
    """Editors and owners of its enterprise, as long as it is not closed."""
    verdict = can_change_rfq(user, rfq)
    if verdict and rfq.state == RfqState.CLOSED:
        return no(Reason.REFUSAL_WRONG_STATE, state=RfqState.CLOSED.label)
    return verdict


def can_change_file(user: Actor, file: SharedFile) -> Verdict:
    """Editors and owners of the firm that shows it, for its newest revision that was not taken back."""
    verdict = can_act_for_enterprise(user, file.enterprise, Role.EDITOR)
    if verdict and (file.withdrawn_at is not None or hasattr(file, "replaced_by")):
        return no(Reason.REFUSAL_NOTHING_WAITS)
    return verdict


def can_open_file(user: Actor, file: SharedFile, through: Enterprise | None = None) -> Verdict:
    """Whoever its level lets in; who only knows that it is there learns what is missing. A system is let in by the firm
    alone ``through`` which it reads.
    """
    opened = files_openable_by(user) if through is None else files_openable_through(through)
    if opened.filter(pk=file.pk).exists():
        return YES
    shown = SharedFile.objects.visible_to(user) if through is None else SharedFile.objects.visible_through(through)
    known = shown.filter(pk=file.pk).exists()
    missing = Reason.REFUSAL_NDA_MISSING if file.level == FileLevel.NDA else Reason.REFUSAL_PERSON_NOT_ASKED
    return no(missing) if known else no(Reason.REFUSAL_NOT_YOURS)


def can_download_file(user: Actor, file: SharedFile, through: Enterprise | None = None) -> Verdict:
    """The firm that shows it, and others at the level that hands it out; the rest see its pages."""
    verdict = can_open_file(user, file, through)
    mine = firms_of(user) if through is None else {through.pk}
    if verdict and file.level != FileLevel.INTEREST and file.enterprise_id not in mine:
        return no(Reason.REFUSAL_PAGES_ONLY)
    return verdict


def can_read_looks(user: Actor, file: SharedFile) -> Verdict:
    """Members of the firm that shows it."""
    return YES if role_in(user, file.enterprise) is not None else no(Reason.REFUSAL_NOT_YOURS)


def side_owned(user: Actor, partnership: Partnership, enterprise: Enterprise | None = None) -> Side | None:
    """The side whose firm ``user`` owns: that of ``enterprise`` where it is both, None where it is neither."""
    sides = [side for side, role in roles_of_user(partnership, user).items() if role == Role.OWNER]
    return next(
        (side for side in sides if posting_of(partnership, side).enterprise == enterprise), next(iter(sides), None)
    )


def can_accept_nda(user: Actor, partnership: Partnership, side: Side | None) -> Verdict:
    """Owners of the firm on ``side`` while both talk, where its own acceptance is missing or ends soon."""
    if side is None or roles_of_user(partnership, user).get(side) != Role.OWNER:
        return no(Reason.REFUSAL_NOT_YOURS)
    verdict = can_write_in_thread(user, partnership)
    if not verdict:
        return verdict
    own, other = posting_of(partnership, side).enterprise, posting_of(partnership, other_side(side)).enterprise
    return YES if nda_between(own, other).is_due else no(Reason.REFUSAL_ALREADY_THERE)


def _able_sides(user: Actor, partnership: Partnership) -> list[Side]:
    roles = roles_of_user(partnership, user)
    return [side for side, role in roles.items() if RANK[role] >= RANK[Role.EDITOR]]
