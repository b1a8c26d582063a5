"""The report of a park for a quarter, line by line, as it fills the form."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from matchmaking.parks.models import Park
from matchmaking.parks.queries.figures import Quarter, quarters_of
from matchmaking.parks.queries.parks import Reader, partnerships_of, projects_of


class ReportLine(NamedTuple):
    """A line of the form."""

    section: str
    item: str
    value: Any = None
    words: str = ""
    source: str = ""
    author: str = ""
    state: str = ""


def report_head() -> list[str]:
    """Names of the columns."""
    return [_("Section"), _("Item"), _("Value"), _("In words"), _("Source"), _("Reported by"), _("State")]


def report_lines(*, user: Reader, park: Park, quarter: Quarter) -> Iterator[ReportLine]:
    """What is reported of the quarter, what is missing, partner parks, and projects with their milestones."""
    yield ReportLine(
        _("Park"), park.name, words=str(quarter), source=park.source, state=park.get_source_status_display()
    )
    yield ReportLine(_("Park"), _("Clusters"), words=" · ".join(park.cluster_names))
    yield from reported_lines(user, park, quarter)
    for pair in partnerships_of(user=user, park=park):
        other = pair.to_park if pair.from_park_id == park.pk else pair.from_park
        told = pair.get_cooperation_type_display()
        yield ReportLine(
            _("Partner parks"), other.name, pair.agreed_on, told, pair.source, "", pair.get_state_display()
        )
    for project in projects_of(user=user, park=park):
        kind, state = project.get_cooperation_type_display(), project.get_state_display()
        yield ReportLine(_("Projects"), project.name, project.value_yuan, kind, project.source, "", state)
        for one in project.milestones.all():
            reached = _("reached on %(on)s") % {"on": one.reached_on} if one.reached_on else _("not reached yet")
            yield ReportLine(_("Milestones"), f"{project.name}: {one.name}", one.due_on, state=reached)


def reported_lines(user: Reader, park: Park, quarter: Quarter) -> Iterator[ReportLine]:
    """The figures of the quarter, one line a kind."""
    section = _("Reported figures")
    for one in quarters_of(user=user, park=park, day=quarter.back(-1).start):
        if one.quarter != quarter:
            continue
        for line in one.lines:
            row = line.figure
            if row is None:
                yield ReportLine(section, str(line.kind.label), state=_("not reported yet"))
            else:
                state = _("submitted") if row.is_locked else _("not submitted yet")
                name = row.author.name
                yield ReportLine(section, str(line.kind.label), row.value, row.words, row.source, name, state)
