"""The report of a quarter as a form, milestones on a project's page, and words instead of numbers."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from accounts.choices import Verb
from accounts.models import Change
from matchmaking.parks.models import Milestone, ParkIndicator
from tests.factories.parks import (
    CooperationProjectFactory,
    MilestoneFactory,
    ParkAdministratorFactory,
    ParkIndicatorFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/en/manage/parks"


@pytest.fixture
def grant():
    return ParkAdministratorFactory(user__language="en")


@pytest.fixture
def runs(signed_in, grant):
    return signed_in(grant.user)


def test_the_form_holds_every_figure_of_the_quarter_those_missing_too_and_is_recorded(grant, runs):
    ParkIndicatorFactory(park=grant.park, value=77, source="示例季报", author=grant.user, is_locked=True)
    project = CooperationProjectFactory(park=grant.park)
    MilestoneFactory(project=project)

    answer = runs.get(f"{LIST}/park/{grant.park.pk}/report/2026-07-01/")

    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    reported = [row for row in rows if row[0] == "Reported figures"]
    assert [row[2] for row in reported] == [77, None, None, None, None, None]
    assert [row[6] for row in reported] == ["submitted"] + ["not reported yet"] * 5
    assert (reported[0][4], reported[0][5]) == ("示例季报", grant.user.name)
    assert {"Projects", "Milestones"} <= {row[0] for row in rows}
    assert Change.objects.get(verb=Verb.EXPORTED).facts["filters"] == f"{grant.park.slug} 2026-07-01"


@pytest.mark.parametrize("quarter", ["2026-07-02", "2026-13-01", "20260701", "x"])
def test_a_quarter_that_is_none_has_no_form(grant, runs, quarter):
    assert runs.get(f"{LIST}/park/{grant.park.pk}/report/{quarter}/").status_code == 404


def test_another_parks_form_is_not_found_and_its_drafts_stay_its_own(runs):
    other = ParkIndicatorFactory()

    assert runs.get(f"{LIST}/park/{other.park_id}/report/2026-07-01/").status_code == 404


def test_a_milestone_is_added_with_its_project_and_told_reached_later(grant, runs):
    project = CooperationProjectFactory(park=grant.park)
    address = f"{LIST}/cooperationproject/{project.pk}/change/"
    form = {
        "park": grant.park.pk,
        "name_zh": project.name_zh,
        "name_en": project.name_en,
        "cooperation_type": project.cooperation_type,
        "state": project.state,
        "source": project.source,
        "seen_version": 1,
        "milestones-TOTAL_FORMS": 1,
        "milestones-INITIAL_FORMS": 0,
        "milestones-0-name_zh": "示例开工",
        "milestones-0-name_en": "Sample start",
        "milestones-0-due_on": "2026-12-01",
    }
    assert runs.post(address, form).status_code == 302
    made = Milestone.objects.get(project=project)

    project.refresh_from_db()
    more = {"seen_version": project.version, "milestones-INITIAL_FORMS": 1, "milestones-0-id": made.pk}
    assert runs.post(address, {**form, **more, "milestones-0-reached_on": "2026-11-20"}).status_code == 302

    made.refresh_from_db()
    assert (made.due_on, made.reached_on, made.history.count()) == (date(2026, 12, 1), date(2026, 11, 20), 2)


@pytest.mark.parametrize(
    ("kind", "given", "wrong"),
    [
        ("problems", {"words": "示例：缺电"}, ""),
        ("problems", {"value": "5"}, "words"),
        ("jobs", {"words": "示例"}, "value"),
        ("jobs", {"value": "5", "words": "示例"}, "words"),
    ],
)
def test_numbers_have_a_value_and_problems_and_next_steps_have_words(grant, runs, kind, given, wrong):
    told = {"park": grant.park.pk, "kind": kind, "period_start": "2026-07-01", "source": "示例季报", **given}

    answer = runs.post(f"{LIST}/parkindicator/add/", told)

    if wrong:
        assert wrong in answer.context["adminform"].form.errors
    else:
        assert ParkIndicator.objects.get(park=grant.park).words == "示例：缺电"


def test_the_last_change_is_taken_back_after_a_yes(grant, runs):
    project = CooperationProjectFactory(park=grant.park, name_zh="示例甲")
    project.name_zh, project.version = "示例乙", 2
    project.save()
    asked = {"action": "undo", "_selected_action": [project.pk]}

    runs.post(f"{LIST}/cooperationproject/", asked)
    project.refresh_from_db()
    assert project.name_zh == "示例乙"
    runs.post(f"{LIST}/cooperationproject/", {**asked, "confirmed": "yes", "post": "yes"})

    project.refresh_from_db()
    assert (project.name_zh, project.version) == ("示例甲", 3)
