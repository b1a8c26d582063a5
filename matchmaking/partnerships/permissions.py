"""Who may do what now with a partnership, and what each side may know of the other."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Model
from django.utils import timezone

from accounts.choices import Role, Verb
from accounts.models import Change, Enterprise
from accounts.permissions import RANK, can_act_for_enterprise, firms_of
from accounts.querysets import Actor, is_platform_admin
from common.errors import YES, Verdict, no
from common.reasons import Reason
from matchmaking.partnerships.choices import BOUND, MOVES, Act, OutcomeState, QuoteState, RfqState, Side, State
from matchmaking.partnerships.models import Partnership, Rfq
from matchmaking.partnerships.queries.deal import Deal
from matchmaking.partnerships.queries.partnerships import (
    acting_sides,
    firms_asked,
    is_declined_unchanged,
    is_introduced,
    open_partnership,
    posting_of,
    roles_of_user,
    unanswered_interests,
)
from matchmaking.postings.choices import Status, Visibility
from matchmaking.postings.models import Posting
from matchmaking.postings.permissions import can_pair
from matchmaking.postings.queries.postings import busy_until, is_confirmation_due

FIRST_CONTACTS = 3
"""Firms that an enterprise may ask for a talk before the platform has checked who it is."""
WAITING_FOR_ONE_FIRM = 3
"""Unanswered interests of one firm at one other (docs/decisions/0060-partnership-state-machine.md)."""
WAITING_FOR_ONE_POSTING = 10
"""Unanswered interests that one posting may have out at a time."""
ANSWERABLE = (Status.PUBLISHED, Status.PAUSED)
"""States of a posting in which an interest at it can still be accepted."""

REMIND_EVERY = timedelta(days=3)
"""How often a firm is reminded of one thing at most, whoever of the coordinators presses."""

Condition = Callable[[Deal, Side], Verdict]
"""What an act asks of the deal; the side is the one that acts."""


def can_declare_interest(user: Actor, posting: Posting, counterpart: Posting) -> Verdict:
    """Editors and owners of ``posting``'s enterprise, toward a live posting of the other direction that they may see.

    An interest that meets one from the other side accepts it, so limits do not count then. Hiding one's posting from a
    firm is no answer about an alias: the interest shows the posting to whoever stands behind it, for this pair alone.
    """
    verdict = can_act_for_enterprise(user, posting.enterprise, Role.EDITOR)
    if not verdict:
        return verdict
    verdict = _pair_fits(user, posting, counterpart)
    if not verdict:
        return verdict
    side = Side.NEED if posting.is_need else Side.CAPACITY
    need, capacity = (posting, counterpart) if posting.is_need else (counterpart, posting)
    existing = open_partnership(need=need, capacity=capacity)
    if existing is not None and existing.state != State.SUGGESTED:
        is_theirs = existing.state in (State.QUEUED, State.INTERESTED) and existing.opened_by != side
        return YES if is_theirs else no(Reason.REFUSAL_ALREADY_THERE)
    if is_declined_unchanged(posting=posting, counterpart=counterpart, side=side):
        return no(Reason.REFUSAL_DECLINED_BEFORE)
    return _within_limits(posting, counterpart)


def _pair_fits(user: Actor, posting: Posting, counterpart: Posting) -> Verdict:
    if posting.enterprise_id == counterpart.enterprise_id:
        return no(Reason.REFUSAL_OWN_POSTING)
    if posting.direction == counterpart.direction:
        return no(Reason.REFUSAL_SAME_DIRECTION)
    if counterpart.enterprise.suspended_at is not None:
        return no(Reason.REFUSAL_SUSPENDED)
    if not Posting.objects.visible_to(user).filter(pk=counterpart.pk).exists():
        return no(Reason.REFUSAL_NOT_YOURS)
    is_named = counterpart.visibility != Visibility.ALIAS
    if is_named and posting.hidden_from.filter(pk=counterpart.enterprise_id).exists():
        return no(Reason.REFUSAL_HIDDEN_FROM)
    if not (verdict := can_pair(posting, counterpart)):
        return verdict
    for row in (posting, counterpart):
        if row.status != Status.PUBLISHED:
            return no(Reason.REFUSAL_WRONG_STATE, state=Status(row.status).label)
        if row.window_end is not None and row.window_end < timezone.localdate():
            return no(Reason.REFUSAL_WINDOW_PAST)
    return YES


def _within_limits(posting: Posting, counterpart: Posting) -> Verdict:
    enterprise = posting.enterprise
    if (busy := busy_until(counterpart)) is not None:
        return no(Reason.REFUSAL_BUSY_UNTIL, day=busy.isoformat())
    if not enterprise.is_verified:
        asked = firms_asked(enterprise)
        if (counterpart.enterprise_id, counterpart.visibility) not in asked and len(asked) >= FIRST_CONTACTS:
            return no(Reason.REFUSAL_FIRST_CONTACTS_USED, limit=FIRST_CONTACTS)
    waiting = unanswered_interests(enterprise)
    own, other = ("need", "capacity") if posting.is_need else ("capacity", "need")
    if waiting.filter(**{own: posting}).count() >= WAITING_FOR_ONE_POSTING:
        return no(Reason.REFUSAL_TOO_MANY_WAITING, limit=WAITING_FOR_ONE_POSTING)
    firm = {f"{other}__enterprise": counterpart.enterprise_id, f"{other}__visibility": counterpart.visibility}
    if waiting.filter(**firm).count() >= WAITING_FOR_ONE_FIRM:
        return no(Reason.REFUSAL_TOO_MANY_WAITING, limit=WAITING_FOR_ONE_FIRM)
    return YES


def _judged(partnership: Partnership, act: Act, roles: dict[Side, Role], deal: Deal | None = None) -> Verdict:
    """What the table of moves, the present state and the roles held say of ``act``; then what each act asks besides."""
    if not roles:
        return no(Reason.REFUSAL_NOT_YOURS)
    if (State(partnership.state), act) not in MOVES:
        return no(Reason.REFUSAL_WRONG_STATE, state=State(partnership.state).label)
    able = [side for side in acting_sides(partnership, act) if side in roles]
    if not able:
        return no(Reason.REFUSAL_OTHER_SIDE)
    asks = CONDITIONS.get(act)
    known = deal or Deal(partnership)
    verdicts = [_may_act_on(partnership, side, act, roles) for side in able]
    verdicts = [
        asks(known, side) if verdict and asks else verdict for side, verdict in zip(able, verdicts, strict=True)
    ]
    verdict = next(filter(None, verdicts), verdicts[0])
    if verdict and act in (Act.ACCEPT, Act.VIEW_CONTACT, Act.QUOTE, Act.SIGN):
        return _both_stand(partnership, act)
    return verdict


def _may_quote(deal: Deal, side: Side) -> Verdict:
    return no(Reason.REFUSAL_DEADLINE_OVER) if deal.rfq is not None and not deal.rfq.takes_quotes else YES


def _quote_stands(deal: Deal, side: Side) -> Verdict:
    return YES if deal.quote is not None else no(Reason.REFUSAL_NOTHING_WAITS)


def _quote_is_unsure(deal: Deal, side: Side) -> Verdict:
    is_unsure = deal.quote is not None and deal.quote.state == QuoteState.UNSURE
    return YES if is_unsure else no(Reason.REFUSAL_NOTHING_WAITS)


def _quote_is_readable(deal: Deal, side: Side) -> Verdict:
    opened = _not_sealed(deal, side)
    return _quote_stands(deal, side) if opened else opened


def _not_sealed(deal: Deal, side: Side) -> Verdict:
    if deal.rfq is None or not deal.rfq.hides_quotes:
        return YES
    return no(Reason.REFUSAL_DEADLINE_AHEAD, day=timezone.localtime(deal.rfq.due_at).date().isoformat())


def _sample_follows(*before: Act) -> Condition:
    def follows(deal: Deal, side: Side) -> Verdict:
        return YES if deal.sample is not None and deal.sample.act in before else no(Reason.REFUSAL_NOTHING_WAITS)

    return follows


def _may_propose(deal: Deal, side: Side) -> Verdict:
    """Who has signed a proposal waits for the other, or takes it back first."""
    opened = _not_sealed(deal, side)
    if not opened:
        return opened
    waits = deal.proposed is not None and deal.proposed.is_signed_by(side)
    return no(Reason.REFUSAL_OTHER_SIDE) if waits else YES


def _proposal_waits(deal: Deal, side: Side) -> Verdict:
    return YES if deal.proposed is not None else no(Reason.REFUSAL_NOTHING_WAITS)


def _may_sign(deal: Deal, side: Side) -> Verdict:
    if deal.proposed is None:
        return no(Reason.REFUSAL_NOTHING_WAITS)
    return no(Reason.REFUSAL_ALREADY_THERE) if deal.proposed.is_signed_by(side) else YES


def _consent_waits(deal: Deal, side: Side) -> Verdict:
    return YES if deal.waits_for_consent else no(Reason.REFUSAL_NOTHING_WAITS)


def _people_agreed(deal: Deal, side: Side) -> Verdict:
    return no(Reason.REFUSAL_PERSON_NOT_ASKED) if side == Side.NEED and deal.waits_for_consent else YES


def _has_undelivered(deal: Deal, side: Side) -> Verdict:
    return YES if deal.undelivered else no(Reason.REFUSAL_NOTHING_WAITS)


def _has_unaccepted(deal: Deal, side: Side) -> Verdict:
    return YES if deal.unaccepted else no(Reason.REFUSAL_NOTHING_WAITS)


def _has_outcome(deal: Deal, side: Side) -> Verdict:
    return YES if deal.outcome is not None else no(Reason.REFUSAL_NOTHING_WAITS)


def _not_disputed(deal: Deal, side: Side) -> Verdict:
    is_disputed = deal.outcome is not None and deal.outcome.state == OutcomeState.DISPUTED
    return no(Reason.REFUSAL_DISPUTED) if is_disputed else YES


CONDITIONS: dict[Act, Condition] = {
    Act.PERSON_AGREED: _consent_waits,
    Act.VIEW_CONTACT: _people_agreed,
    Act.QUOTE: _may_quote,
    Act.CONFIRM_QUOTE: _quote_is_unsure,
    Act.WITHDRAW_QUOTE: _quote_stands,
    Act.REFUSE_QUOTE: _quote_is_readable,
    Act.SEND_SAMPLE: _sample_follows(Act.ASK_SAMPLE),
    Act.RECEIVE_SAMPLE: _sample_follows(Act.SEND_SAMPLE),
    Act.PASS_SAMPLE: _sample_follows(Act.RECEIVE_SAMPLE),
    Act.FAIL_SAMPLE: _sample_follows(Act.SEND_SAMPLE, Act.RECEIVE_SAMPLE),
    Act.PROPOSE: _may_propose,
    Act.TAKE_BACK: _proposal_waits,
    Act.SIGN: _may_sign,
    Act.DELIVER: _has_undelivered,
    Act.TAKE_DELIVERY: _has_unaccepted,
    Act.STATE_OUTCOME: _has_outcome,
    Act.END: _not_disputed,
}
"""What an act asks of the deal besides the state; ``side`` is the one that acts."""


def _may_act_on(partnership: Partnership, side: Side, act: Act, roles: dict[Side, Role]) -> Verdict:
    needed = Role.VIEWER if act == Act.VIEW_CONTACT else Role.EDITOR
    if RANK[roles[side]] < RANK[needed]:
        return no(Reason.REFUSAL_NOT_YOURS)
    return no(Reason.REFUSAL_SUSPENDED) if posting_of(partnership, side).enterprise.suspended_at else YES


def _both_stand(partnership: Partnership, act: Act) -> Verdict:
    for posting in (partnership.need, partnership.capacity):
        if posting.enterprise.suspended_at is not None:
            return no(Reason.REFUSAL_SUSPENDED)
        if act in (Act.ACCEPT, Act.QUOTE) and posting.status not in ANSWERABLE:
            return no(Reason.REFUSAL_WRONG_STATE, state=Status(posting.status).label)
    return YES


def acts_allowed(user: Actor, partnership: Partnership, deal: Deal | None = None) -> set[Act]:
    """Every act that ``user`` may do now, by one query beside those of ``deal``; buttons and links are made from it."""
    roles = roles_of_user(partnership, user)
    if not roles:
        return set()
    known = deal or Deal(partnership)
    return {act for act in Act if _judged(partnership, act, roles, known)}


def can_act(user: Actor, partnership: Partnership, act: Act) -> Verdict:
    """Whether ``user`` may do ``act`` now, by the table of moves, their role and what the deal is at."""
    return _judged(partnership, act, roles_of_user(partnership, user))


def can_ask_for_quotes(user: Actor, need: Posting) -> Verdict:
    """Editors and owners of a published need's enterprise."""
    verdict = can_act_for_enterprise(user, need.enterprise, Role.EDITOR)
    if verdict and (not need.is_need or need.status != Status.PUBLISHED):
        return no(Reason.REFUSAL_WRONG_STATE, state=Status(need.status).label)
    return verdict


def can_change_rfq(user: Actor, rfq: Rfq) -> Verdict:
    """Editors and owners of its enterprise."""
    return can_act_for_enterprise(user, rfq.enterprise, Role.EDITOR)


def can_edit_package(user: Actor, rfq: Rfq) -> Verdict:
    """Editors and owners of its enterprise, while nobody else has seen it."""
    verdict = can_change_rfq(user, rfq)
    if verdict and rfq.state != RfqState.DRAFT:
        return no(Reason.REFUSAL_WRONG_STATE, state=RfqState(rfq.state).label)
    return verdict


def can_decide_package(user: Actor, rfq: Rfq) -> Verdict:
    """Editors and owners of its enterprise, once it is published: they award its lines and close it."""
    verdict = can_change_rfq(user, rfq)
    if verdict and rfq.state == RfqState.DRAFT:
        return no(Reason.REFUSAL_WRONG_STATE, state=RfqState.DRAFT.label)
    return verdict


def can_quote_package(user: Actor, rfq: Rfq, enterprise: Enterprise) -> Verdict:
    """Editors and owners of an enterprise that is in talks about one of its lines, until the deadline."""
    verdict = can_act_for_enterprise(user, enterprise, Role.EDITOR)
    if verdict and not Rfq.objects.offered_to(enterprise).filter(pk=rfq.pk).exists():
        return no(Reason.REFUSAL_NOT_YOURS)
    return verdict if not verdict or rfq.takes_quotes else no(Reason.REFUSAL_DEADLINE_OVER)


def can_join_line(user: Actor, need: Posting, capacity: Posting) -> Verdict:
    """Editors and owners of ``capacity``'s enterprise, toward a further line of a package that they may quote for.

    Its owner has been introduced to them already, so that the limits of first contacts do not count.
    """
    verdict = can_act_for_enterprise(user, capacity.enterprise, Role.EDITOR)
    verdict = _pair_fits(user, capacity, need) if verdict else verdict
    if verdict and is_declined_unchanged(posting=capacity, counterpart=need, side=Side.CAPACITY):
        return no(Reason.REFUSAL_DECLINED_BEFORE)
    return verdict


def can_suggest_outcome(user: Actor, partnership: Partnership, deal: Deal | None = None) -> Verdict:
    """Who coordinates it, while the two statements differ."""
    verdict = can_coordinate_partnership(user, partnership)
    if not verdict:
        return verdict
    known = deal or Deal(partnership)
    is_disputed = known.outcome is not None and known.outcome.state == OutcomeState.DISPUTED
    return YES if is_disputed and partnership.state in BOUND else no(Reason.REFUSAL_NOTHING_WAITS)


def side_acted_on(user: Actor, partnership: Partnership, act: Act, enterprise: Enterprise | None = None) -> Side:
    """The side on which ``user`` does ``act``: that of ``enterprise`` where they may act for both, else the only one.

    Whether they may at all was asked before.
    """
    roles = roles_of_user(partnership, user)
    sides = [side for side in acting_sides(partnership, act) if side in roles]
    able = [side for side in sides if _may_act_on(partnership, side, act, roles)]
    asks = CONDITIONS.get(act)
    if asks is not None and len(able) > 1:
        deal = Deal(partnership)
        able = [side for side in able if asks(deal, side)] or able
    return next((side for side in able if posting_of(partnership, side).enterprise == enterprise), able[0])


def can_see_contact(user: Actor, partnership: Partnership) -> Verdict:
    """Members of either side once both agreed, until one side ends it; nobody else, coordinators included."""
    return _judged(partnership, Act.VIEW_CONTACT, roles_of_user(partnership, user))


def can_see_enterprise_name(user: Actor, partnership: Partnership) -> Verdict:
    """Both names: the two sides from mutual interest on, coordinators in scope and platform administrators before."""
    if is_platform_admin(user):
        return YES
    if roles_of_user(partnership, user):
        return YES if is_introduced(partnership) else no(Reason.REFUSAL_OTHER_SIDE)
    if not user.is_anonymous and Partnership.objects.visible_to(user).filter(pk=partnership.pk).exists():
        return YES
    return no(Reason.REFUSAL_NOT_YOURS)


def can_coordinate_posting(user: Actor, posting: Posting) -> Verdict:
    """Coordinators in whose scope it lies and platform administrators; nobody for an enterprise of their own."""
    if user.is_anonymous or posting.enterprise_id in firms_of(user):
        return no(Reason.REFUSAL_NOT_YOURS)
    is_inside = Posting.objects.in_scope_of(user).filter(pk=posting.pk).exists()
    return YES if is_inside else no(Reason.REFUSAL_NOT_YOURS)


def can_coordinate_partnership(user: Actor, partnership: Partnership) -> Verdict:
    """Coordinators in whose scope one of its postings lies and platform administrators; nobody at their own table."""
    is_inside = Partnership.objects.in_scope_of(user).filter(pk=partnership.pk).exists()
    return YES if is_inside else no(Reason.REFUSAL_NOT_YOURS)


def can_look_at_partnership(user: Actor, partnership: Partnership) -> Verdict:
    """Who coordinates it, and platform administrators also before anybody has expressed interest."""
    return YES if is_platform_admin(user) else can_coordinate_partnership(user, partnership)


def can_remind_of_posting(user: Actor, posting: Posting) -> Verdict:
    """Who coordinates it, when its owner should confirm it, at most once in ``REMIND_EVERY``."""
    verdict = can_coordinate_posting(user, posting)
    if verdict and not is_confirmation_due(posting):
        return no(Reason.REFUSAL_NOTHING_WAITS)
    return _not_reminded_lately(posting, posting.number) if verdict else verdict


def can_remind_of_interest(user: Actor, partnership: Partnership) -> Verdict:
    """Who coordinates it, while an interest waits for an answer, at most once in ``REMIND_EVERY``."""
    verdict = can_coordinate_partnership(user, partnership)
    if verdict and partnership.state != State.INTERESTED:
        return no(Reason.REFUSAL_NOTHING_WAITS)
    return _not_reminded_lately(partnership, partnership.key) if verdict else verdict


def _not_reminded_lately(thing: Model, key: str) -> Verdict:
    since = timezone.now() - REMIND_EVERY
    sent = Change.objects.filter(thing=thing._meta.model_name, thing_key=key, verb=Verb.REMINDED)
    if sent.filter(happened_at__gt=since).exists():
        return no(Reason.REFUSAL_REMINDED_LATELY, days=REMIND_EVERY.days)
    return YES
