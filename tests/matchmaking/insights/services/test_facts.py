"""Quoted facts and targets: loaded from files, and an actual value only with a source of its own."""

import json
from datetime import date

import pytest

from accounts.models import Change
from common.errors import Invalid, Refused
from common.reasons import Reason
from matchmaking.insights.choices import TargetState
from matchmaking.insights.models import ClusterTarget, QuotedFact
from matchmaking.insights.services.facts import load_facts, record_actual_value
from reference.services import FIXTURE_FOLDER
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_loading_facts_twice_changes_nothing_the_second_time():
    first, second = load_facts(), load_facts()

    assert [one.created for one in first] == [25, 8]
    assert [(one.changed, one.unchanged) for one in second] == [(0, 25), (0, 8)]


def test_a_fact_without_a_source_is_refused_and_nothing_is_written(tmp_path):
    for name in ("quoted_facts", "targets"):
        rows = json.loads((FIXTURE_FOLDER / f"{name}.json").read_text("utf-8"))
        rows[-1]["source"] = ""
        (tmp_path / f"{name}.json").write_text(json.dumps(rows), "utf-8")

    with pytest.raises(Invalid):
        load_facts(folder=tmp_path)

    assert not QuotedFact.objects.exists()


def test_an_actual_value_survives_the_next_load_and_makes_the_target_reported():
    load_facts()
    target = ClusterTarget.objects.get(code="auto-vehicles-2025")

    record_actual_value(target=target, value="310", source="示例公报", actor=UserFactory(platform_admin=True))
    load_facts()

    target.refresh_from_db()
    assert (target.actual_value, target.state_on(date(2026, 11, 24))) == ("310", TargetState.REPORTED)


def test_an_actual_value_without_a_source_is_refused():
    load_facts()

    with pytest.raises(Invalid) as refusal:
        record_actual_value(
            target=ClusterTarget.objects.first(), value="310", source=" ", actor=UserFactory(platform_admin=True)
        )

    assert refusal.value.fields == {"actual_source": Reason.REFUSAL_REQUIRED}


def test_recording_an_actual_value_is_refused_to_others():
    load_facts()

    with pytest.raises(Refused):
        record_actual_value(
            target=ClusterTarget.objects.first(), value="1", source="示例", actor=UserFactory(staff=True)
        )

    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("year", "state"), [(2025, TargetState.OPEN), (2026, TargetState.DUE_PASSED), (2030, TargetState.DUE_PASSED)]
)
def test_a_target_is_never_called_reached_without_a_figure(year, state):
    load_facts()

    assert ClusterTarget.objects.get(code="auto-vehicles-2025").state_on(date(year, 12, 31)) == state
