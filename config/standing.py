"""How the platform stands, for who administers it: the market, how fresh its data are, what waits for somebody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from accounts.models import Invitation, Notice, Review, User
from common.keeping import kept_for
from matchmaking.insights.models import FlowRun, WeakLinkRun
from matchmaking.insights.queries.coordination import Figures, figures_of, scope_of
from matchmaking.insights.queries.figures import LiveFigures, live_overview

KEPT_SECONDS = 60
LATE_TASK = timedelta(minutes=10)
STALE_FIGURES = timedelta(hours=26)
OLD_REVIEW = timedelta(days=2)


@dataclass(frozen=True)
class Line:
    """One figure: what it is called, what it means, where its rows are, and whether somebody should look at it now."""

    name: Promise
    value: int | datetime | None
    meaning: Promise
    address: str = ""
    is_late: bool = False

    @property
    def moment(self) -> datetime | None:
        """The value where it is a moment."""
        return self.value if isinstance(self.value, datetime) else None


@dataclass(frozen=True)
class Part:
    """Figures that belong together."""

    name: Promise
    lines: tuple[Line, ...]


def standing_for(user: User) -> list[Part]:
    """The figures of now, kept for a minute; for platform administrators."""
    scope = scope_of(user)
    read = kept_for(KEPT_SECONDS, "administration.standing", read_standing)
    read |= kept_for(KEPT_SECONDS, f"administration.reviews.{user.pk}", lambda: read_reviews(user))
    figures, live = figures_of(scope), live_overview().figures
    return [
        Part(_("Market"), tuple(market_lines(figures, live))),
        Part(_("Freshness of the data"), tuple(freshness_lines(figures, read))),
        Part(_("Waiting for somebody"), tuple(waiting_lines(read))),
    ]


def read_standing() -> dict[str, Any]:
    """What no other page counts and every administrator reads alike, in five statements."""
    now = timezone.now()
    given_up = Q(given_up_at__isnull=False)
    # A task that has no time of its own stands as of the far future; it is late by when it was asked for.
    late = Q(run_after__lt=now - LATE_TASK) | Q(run_after__gt=now, enqueued_at__lt=now - LATE_TASK)
    return {
        "mails": Notice.objects.filter(given_up).count(),
        "invitations": Invitation.objects.open().filter(given_up).count(),
        "late_tasks": DBTaskResult.objects.ready().filter(late).count(),
        "weak_links": WeakLinkRun.objects.aggregate(at=Max("as_of"))["at"],
        "flows": FlowRun.objects.aggregate(at=Max("as_of"))["at"],
    }


def read_reviews(user: User) -> dict[str, Any]:
    """What waits for a moderator as far as ``user`` may decide it: nobody decides on a firm of their own."""
    rows = Review.objects.reviewable_by(user).open()
    return dict(rows.aggregate(reviews=Count("pk"), oldest_review=Min("created_at")))


def market_lines(figures: Figures, live: LiveFigures) -> Iterator[Line]:
    """Whether firms find each other."""
    postings, partnerships = reverse("web:coordination:postings"), reverse("web:coordination:partnerships")
    yield Line(
        _("Published needs"), figures.needs, _("Needs that stand published now."),
        f"{postings}?direction=need&status=published",
    )  # fmt: skip
    yield Line(
        _("Published capacities"), figures.capacities, _("Capacities that stand published now."),
        f"{postings}?direction=capacity&status=published",
    )  # fmt: skip
    yield Line(
        _("Needs without an answer"), figures.unanswered,
        _("Open needs for which no capacity came forward: no interest from that side, none accepted."),
        f"{postings}?waits=unanswered&sort=oldest",
    )  # fmt: skip
    yield Line(
        _("Overdue interests"), figures.overdue, _("Interests whose day of answer is over."),
        f"{partnerships}?waits=late",
    )  # fmt: skip
    yield Line(
        _("Introductions in 30 days"), live.introductions_month,
        _("Pairs that were introduced in the last 30 days and have not ended since, all chains and regions."),
        f"{partnerships}?waits=introduced_month",
    )  # fmt: skip


def freshness_lines(figures: Figures, read: dict[str, Any]) -> Iterator[Line]:
    """How old what firms and pages tell is."""
    stale = timezone.now() - STALE_FIGURES
    yield Line(
        _("Not confirmed for 30 days"), figures.unconfirmed,
        _("Published postings whose firm has not said for 30 days that they still hold."),
        f"{reverse('web:coordination:postings')}?waits=unconfirmed&sort=oldest",
    )  # fmt: skip
    for name, key, route in (
        (_("Weak links counted"), "weak_links", "web:insights:weak_links"),
        (_("Flows counted"), "flows", "web:insights:flows"),
    ):
        at = read[key]
        meaning = _(
            "When it was counted last: after changes by the background worker, every night by the host's timer."
        )
        yield Line(name, at, meaning, reverse(route), at is None or at < stale)


def waiting_lines(read: dict[str, Any]) -> Iterator[Line]:
    """What waits for a person, or for a worker."""
    old = read["oldest_review"] is not None and read["oldest_review"] < timezone.now() - OLD_REVIEW
    yield Line(
        _("Reviews"), read["reviews"], _("Postings, firms, certificates and appeals that wait for a moderator."),
        reverse("admin:accounts_review_changelist"), old,
    )  # fmt: skip
    yield Line(
        _("Mails given up"), read["mails"], _("Mails that failed too often; they can be tried again."),
        reverse("admin:accounts_notice_changelist"), read["mails"] > 0,
    )  # fmt: skip
    yield Line(
        _("Invitations given up"), read["invitations"],
        _("Invitations that still hold and whose mail failed too often; they can be tried again."),
        reverse("admin:accounts_invitation_changelist"), read["invitations"] > 0,
    )  # fmt: skip
    yield Line(
        _("Late tasks"), read["late_tasks"],
        _("Tasks that should have begun ten minutes ago: does the background worker run?"), "", read["late_tasks"] > 0,
    )  # fmt: skip
