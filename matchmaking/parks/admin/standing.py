"""How a park stands, for the people who run it: figures that are counted, quarters that are due, each with its rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Review
from accounts.querysets import Actor
from matchmaking.parks.choices import IndicatorKind
from matchmaking.parks.models import CooperationProject, Park, ParkFirm, ParkPartnership, ParkPremises
from matchmaking.parks.queries.figures import quarters_of


@dataclass(frozen=True)
class Counted:
    """A number, what it counts, and where its rows are."""

    count: int
    name: str
    address: str


def listed(model: str, **asked: str | int) -> str:
    """The list of a model in the administration, narrowed."""
    address = reverse(f"admin:{model}_changelist")
    return f"{address}?{urlencode(asked)}" if asked else address


def figures_now(park: Park, reader: Actor) -> list[Counted]:
    """What stands in the park's regions and what waits for the reader, as many as the list behind each shows."""
    firms = ParkFirm.objects.administered_by(reader).in_regions_of([park])
    premises = ParkPremises.objects.administered_by(reader).in_regions_of([park])
    projects = CooperationProject.objects.administered_by(reader).filter(park=park)
    return [
        Counted(firms.count(), _("firms in the park's regions"), listed("parks_parkfirm", park=park.slug)),
        Counted(
            premises.filter(status="published").count(),
            _("premises offered there"),
            listed("parks_parkpremises", park=park.slug, status__exact="published"),
        ),
        Counted(projects.count(), _("projects"), listed("parks_cooperationproject", park__id__exact=park.pk)),
        Counted(
            ParkPartnership.objects.waiting_for(reader).count(),
            _("partnerships that wait for your answer"),
            listed("parks_parkpartnership", waits="me"),
        ),
        Counted(
            Review.objects.reviewable_by(reader).open().count(),
            _("firms, certificates and postings that wait for a decision"),
            listed("accounts_review"),
        ),
    ]


def quarter_lines(park: Park, reader: Actor) -> Iterator[tuple[str, str, str, str]]:
    """Where each quarter leads, its name, how far it is, and its first day."""
    for one in quarters_of(user=reader, park=park, day=timezone.localdate()):
        start = one.quarter.start.isoformat()
        if one.is_missing:
            add = reverse("admin:parks_parkindicator_add")
            asked: dict[str, str | int] = {"park": park.pk, "period_start": start}
            yield f"{add}?{urlencode(asked)}", str(one.quarter), one.state, start
        else:
            told = _("%(state)s, %(count)s of %(all)s figures") % {
                "state": one.state,
                "count": one.count,
                "all": len(IndicatorKind),
            }
            yield listed("parks_parkindicator", park__id__exact=park.pk, quarter=start), str(one.quarter), told, start
