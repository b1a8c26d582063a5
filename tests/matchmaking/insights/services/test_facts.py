"""Quoted facts and targets: loaded from files, and an actual value only with a source of its own."""

import json
from datetime import date
from decimal import Decimal

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


def record(target, **given):
    """An actual value with what is given."""
    told = {"value": "5", "source": "示例公报", "on": date(2026, 3, 1), **given}
    actor = told.pop("actor", None) or UserFactory(platform_admin=True)
    return record_actual_value(target=target, actor=actor, **told)


def test_loading_facts_twice_changes_nothing_the_second_time():
    first, second = load_facts(), load_facts()

    assert [one.created for one in first] == [25, 7, 8]
    assert [(one.changed, one.unchanged) for one in second] == [(0, 25), (0, 7), (0, 8)]


def test_a_fact_without_a_source_is_refused_and_nothing_is_written(tmp_path):
    for name in ("quoted_facts", "agreements", "targets"):
        rows = json.loads((FIXTURE_FOLDER / f"{name}.json").read_text("utf-8"))
        rows[-1]["source"] = ""
        (tmp_path / f"{name}.json").write_text(json.dumps(rows), "utf-8")

    with pytest.raises(Invalid):
        load_facts(folder=tmp_path)

    assert not QuotedFact.objects.exists()


def test_an_actual_value_survives_the_next_load_and_makes_the_target_reported():
    load_facts()
    target = ClusterTarget.objects.get(code="auto-vehicles-2025")

    record(target, value="310", source="示例公报")
    load_facts()

    target.refresh_from_db()
    assert (target.actual_value, target.state_on(date(2026, 11, 24))) == ("310", TargetState.REPORTED)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"source": " "}, {"actual_source"}),
        ({"on": None}, {"actual_on"}),
        ({"source": "", "on": None}, {"actual_source", "actual_on"}),
        ({"are_definitions_same": True}, {"definitions"}),
        ({"value": "", "are_definitions_same": True, "definitions": "示例"}, {"actual_value"}),
    ],
)
def test_an_actual_value_without_a_source_or_a_day_or_the_same_definitions_without_a_reason_is_refused(given, missing):
    load_facts()

    with pytest.raises(Invalid) as refusal:
        record(ClusterTarget.objects.first(), **given)

    assert refusal.value.fields == dict.fromkeys(missing, Reason.REFUSAL_REQUIRED)
    assert not ClusterTarget.objects.exclude(actual_value="").exists()


@pytest.mark.parametrize(
    ("value", "is_same", "percent"),
    [("2,400,000", True, Decimal("80.0")), ("2400000", False, None), ("约240万", True, None)],
)
def test_a_percentage_is_told_only_where_somebody_says_that_both_count_the_same(value, is_same, percent):
    load_facts()

    row = record(
        ClusterTarget.objects.get(code="auto-vehicles-2025"),
        value=value,
        are_definitions_same=is_same,
        definitions="示例：均为年产量" if is_same else "",
    )

    assert row.percent == percent


def test_targets_tell_the_agreement_that_set_them_and_that_the_press_reported_their_level_before():
    load_facts()

    target = ClusterTarget.objects.get(code="auto-value-2025")

    assert target.agreement is not None
    assert target.agreement.signed_en == "end of 2021"
    assert ("20 May 2021" in target.note_en, "2021-05-20" in target.note_zh) == (True, True)


def test_recording_an_actual_value_is_refused_to_others():
    load_facts()

    with pytest.raises(Refused):
        record(ClusterTarget.objects.first(), actor=UserFactory(staff=True))

    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("year", "state"), [(2025, TargetState.OPEN), (2026, TargetState.DUE_PASSED), (2030, TargetState.DUE_PASSED)]
)
def test_a_target_is_never_called_reached_without_a_figure(year, state):
    load_facts()

    assert ClusterTarget.objects.get(code="auto-vehicles-2025").state_on(date(year, 12, 31)) == state
