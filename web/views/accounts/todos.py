"""Things that wait for the reader of the workbench, each with its words and the one button."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matchmaking.partnerships.choices import Side
from matchmaking.partnerships.queries.partnerships import (
    counterpart_name,
    is_waiting_for,
    other_side,
    posting_of,
    side_of,
)
from matchmaking.partnerships.queries.waiting import NextStep
from matchmaking.postings.choices import Direction, Status
from web.templatetags.formats import written_day


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the reader: what, why or since when, and the one button."""

    icon: str
    title: str
    detail: str
    address: str
    label: str
    is_late: bool = False


def other_of(partnership: Any, enterprise: Any) -> Any:
    """The posting of the other side."""
    side = side_of(partnership, enterprise)
    return posting_of(partnership, other_side(side)) if side else partnership.need


def own_of(partnership: Any, enterprise: Any) -> Any:
    """The reader's own posting of a partnership."""
    return posting_of(partnership, side_of(partnership, enterprise) or Side.NEED)


def is_due(partnership: Any, enterprise: Any, today: date) -> bool:
    """Whether an answer is asked for now: one that was put off waits until that day is over."""
    until = partnership.snoozed_until
    return is_waiting_for(partnership, enterprise) and (until is None or until < today)


def of_interest(partnership: Any, enterprise: Any, today: date) -> Todo:
    """An interest of another firm that waits for its answer."""
    other = other_of(partnership, enterprise)
    late = bool(partnership.answer_by and partnership.answer_by < today)
    facts = {
        "name": counterpart_name(partnership, enterprise),
        "title": other.title,
        "own": own_of(partnership, enterprise).title,
        "day": written_day(partnership.answer_by),
    }
    told = (
        _("For your %(own)s: %(title)s; answer was due on %(day)s")
        if late
        else _("For your %(own)s: %(title)s; answer by %(day)s")
    )
    return Todo(
        icon="handshake",
        title=_("Answer the interest of %(name)s") % facts,
        detail=told % facts,
        address=reverse("web:partnerships:detail", args=[partnership.key]),
        label=_("Answer"),
        is_late=late,
    )


STEPS: dict[str, tuple[str, Promise, Promise, str]] = {
    NextStep.SETTLE: (
        "flag", gettext_lazy("Two statements differ: %(name)s"), gettext_lazy("Read the other one"), "outcome",
    ),
    NextStep.SIGN: (
        "file-pen", gettext_lazy("An agreement with %(name)s waits for your signature"), gettext_lazy("Read and sign"),
        "agreement",
    ),
    NextStep.ASK_PERSON: (
        "user-check", gettext_lazy("Ask the people whom you offer: may %(name)s know who they are?"),
        gettext_lazy("Record that they agreed"), "contact",
    ),
    NextStep.CONFIRM_QUOTE: (
        "refresh-cw", gettext_lazy("The need of %(name)s has changed: does your quote still hold?"),
        gettext_lazy("Look at it"), "quotes",
    ),
    NextStep.SEND_SAMPLE: (
        "truck", gettext_lazy("%(name)s waits for a sample from you"), gettext_lazy("Look at it"), "sample",
    ),
    NextStep.RECEIVE_SAMPLE: (
        "package-check", gettext_lazy("A sample of %(name)s is on its way: has it arrived?"),
        gettext_lazy("Look at it"), "sample",
    ),
    NextStep.JUDGE_SAMPLE: (
        "scale", gettext_lazy("A sample of %(name)s waits for your decision: passed or failed"),
        gettext_lazy("Look at it"), "sample",
    ),
    NextStep.DECIDE: (
        "scale", gettext_lazy("A quote of %(name)s waits for your decision"), gettext_lazy("Look at it"), "quotes",
    ),
    NextStep.TAKE_DELIVERY: (
        "package-check", gettext_lazy("A delivery of %(name)s waits for your acceptance"), gettext_lazy("Look at it"),
        "agreement",
    ),
    NextStep.TELL: ("flag", gettext_lazy("Tell what came of it: %(name)s"), gettext_lazy("Tell it"), "outcome"),
}  # fmt: skip
"""Icon, title, button and the part of the partnership's page, by what is waited for."""


def of_deal(partnership: Any, enterprise: Any, today: date) -> Todo:
    """A step of a deal that its other side or the platform waits for; late once an outcome's day is over."""
    icon, title, label, place = STEPS[partnership.next_step]
    outcome = getattr(partnership, "outcome", None) if place == "outcome" else None
    facts = {
        "name": counterpart_name(partnership, enterprise),
        "own": own_of(partnership, enterprise).title,
        "day": written_day(outcome.due_on) if outcome is not None else "",
    }
    told = _("For your %(own)s; to be told by %(day)s") if outcome is not None else _("For your %(own)s")
    return Todo(
        icon=icon,
        title=title % facts,
        detail=told % facts,
        address=f"{reverse('web:partnerships:detail', args=[partnership.key])}#{place}",
        label=str(label),
        is_late=outcome is not None and outcome.due_on < today,
    )


def of_share(share: Any, today: date) -> Todo:
    """A share of a set that waits for one's consent, where both firms know each other already."""
    partnership, due = share.partnership, share.asked_until
    facts = {
        "name": counterpart_name(partnership, partnership.capacity.enterprise),
        "own": partnership.capacity.title,
        "day": written_day(due),
    }
    return Todo(
        icon="users",
        title=_("%(name)s asks you to carry a share of its need") % facts,
        detail=(_("For your %(own)s; answer by %(day)s") if due is not None else _("For your %(own)s")) % facts,
        address=reverse("web:consortia:detail", args=[share.consortium.key]),
        label=_("Answer"),
        is_late=due is not None and due < today,
    )


def of_day(guest: Any, today: date) -> Todo:
    """An invitation to a matchmaking day that waits for its answer."""
    facts = {
        "title": guest.day.title,
        "day": written_day(guest.day.day),
        "place": guest.day.place,
        "until": written_day(guest.day.marks_until),
    }
    return Todo(
        icon="calendar-check",
        title=_("You are invited: %(title)s") % facts,
        detail=_("%(day)s, %(place)s; answer by %(until)s") % facts,
        address=reverse("web:days:day", args=[guest.day.key]),
        label=_("Answer"),
    )


def of_request(membership: Any) -> Todo:
    """Somebody who asks to join."""
    return Todo(
        icon="user-plus",
        title=_("%(name)s asks to join") % {"name": str(membership.user)},
        detail=membership.user.email,
        address=reverse("web:accounts:members"),
        label=_("Decide"),
    )


def of_postings(waiting: Iterable[Any]) -> list[Todo]:
    """Postings to be confirmed, then drafts to be finished."""
    rows = list(waiting)
    return [
        *(_confirmation(posting) for posting in rows if posting.status == Status.PUBLISHED),
        *(_draft(posting) for posting in rows if posting.status == Status.DRAFT),
    ]


def _confirmation(posting: Any) -> Todo:
    return Todo(
        icon="calendar-check",
        title=_("Confirm that it still holds: %(title)s") % {"title": posting.title},
        detail=_("Last confirmed on %(day)s") % {"day": written_day(posting.confirmed_on)},
        address=_address_of(posting),
        label=_("Confirm"),
    )


def of_certificate(certificate: Any, today: date) -> Todo:
    """A certificate that ends soon or has ended."""
    over = certificate.expires_on < today
    facts = {"certificate": certificate.certification.name, "day": written_day(certificate.expires_on)}
    return Todo(
        icon="award",
        title=(_("%(certificate)s has expired") if over else _("%(certificate)s expires soon")) % facts,
        detail=_("Last valid day: %(day)s") % facts,
        address=reverse("web:accounts:edit_certificate", args=[certificate.pk]),
        label=_("Renew"),
        is_late=over,
    )


def _draft(posting: Any) -> Todo:
    return Todo(
        icon="file-pen",
        title=_("Finish your draft: %(title)s") % {"title": posting.title},
        detail=_("Last changed on %(day)s") % {"day": written_day(posting.changed_at)},
        address=_address_of(posting),
        label=_("Go on"),
    )


def _address_of(posting: Any) -> str:
    name = "need" if posting.direction == Direction.NEED else "capacity"
    return reverse(f"web:postings:{name}", args=[posting.number])
