"""What the acts on a consortium share: its lock, its line in the record, its notices."""

from accounts.choices import NoticeKind, Verb
from accounts.models import Enterprise, User
from accounts.services.changes import record_change
from accounts.services.notices import notify_members
from matchmaking.consortia.choices import State
from matchmaking.consortia.models import Consortium, ConsortiumMember
from matchmaking.consortia.queries.consortia import active_members, open_amount
from matchmaking.consortia.queries.overflows import overflow_of
from matchmaking.partnerships.queries.partnerships import counterpart_name
from matchmaking.partnerships.services.moving import locked_postings

PAGE = "web:consortia:detail"
PAIR_PAGE = "web:partnerships:detail"
PLAN_PAGE = "web:overflows:detail"


def locked_consortium(consortium: Consortium, *capacities: int) -> Consortium:
    """The row as it stands now, kept from others until the unit of work ends.

    The need is locked before it, with ``capacities`` by their row numbers: every act on a set passes there, so that
    they come one by one.
    """
    locked_postings(consortium.need_id, *capacities)
    rows = Consortium.objects.select_for_update(of=("self",), no_key=True).select_related(
        "need__enterprise", "need__unit"
    )
    found: Consortium = rows.get(pk=consortium.pk)
    return found


def put(*, consortium: Consortium, state: State, actor: User | None, act: str) -> None:
    """Bring the set into ``state``, with a line in the record of the need's firm; a person's name stays there."""
    consortium.state = state
    consortium.version += 1
    consortium.full_clean()
    consortium.save()
    note(consortium=consortium, firm=consortium.need.enterprise, actor=actor, act=act)


def note(*, consortium: Consortium, firm: Enterprise, actor: User | None, act: str) -> None:
    """A line about the set in the record of one firm."""
    facts: dict[str, object] = {"act": act, "state": consortium.state, "need": consortium.need.number}
    record_change(thing=consortium, verb=Verb.MOVED, actor=actor, enterprise=firm, facts=facts)


def complete_when_all_consent(*, consortium: Consortium) -> None:
    """Once nothing is open and every member has consented the set is complete, and all are told."""
    members = active_members(consortium)
    if open_amount(consortium, members) > 0 or not all(one.consented_at for one in members):
        return
    put(consortium=consortium, state=State.COMPLETE, actor=None, act="complete")
    for one in members:
        tell_member(consortium, one, NoticeKind.CONSORTIUM_COMPLETE)
    tell_owner(consortium, NoticeKind.CONSORTIUM_COMPLETE)


def tell_owner(consortium: Consortium, kind: NoticeKind, *, more: dict[str, object] | None = None) -> None:
    """A notice to the members of the need's firm that leads to the set, or to the plan of the overflow."""
    overflow = overflow_of(consortium.need)
    notify_members(
        enterprise=consortium.need.enterprise,
        kind=kind,
        key=f"{consortium.key}:{consortium.version}",
        route=PAGE if overflow is None else PLAN_PAGE,
        thing_key=consortium.key if overflow is None else overflow.key,
        facts={"title": consortium.need.title, **(more or {})},
    )


def tell_member(consortium: Consortium, member: ConsortiumMember, kind: NoticeKind, *, about: str = "") -> None:
    """A notice to a supplier's firm about its own posting and the need's firm as it may know it; of the others nothing.

    It leads to the set, and once the firm is in none to the partnership that goes on. ``about`` tells notices of one
    kind apart.
    """
    partnership = member.partnership
    firm = partnership.capacity.enterprise
    is_over = kind in (NoticeKind.CONSORTIUM_DISSOLVED, NoticeKind.CONSORTIUM_LAPSED)
    notify_members(
        enterprise=firm,
        kind=kind,
        key=f"{consortium.key}:{about or consortium.version}",
        route=PAIR_PAGE if is_over else PAGE,
        thing_key=partnership.key if is_over else consortium.key,
        facts={"title": partnership.capacity.title, "name": counterpart_name(partnership, firm)},
    )
