"""Figures of parks from a file and as one: rehearsed with row, column and reason, one's own park only, by quarter."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Change
from common.reason_texts import text_of
from common.reasons import Reason
from matchmaking.parks.imports import IndicatorSheet
from matchmaking.parks.models import ParkIndicator
from tests.factories.accounts import EnterpriseFactory
from tests.factories.parks import (
    CooperationProjectFactory,
    ParkAdministratorFactory,
    ParkFactory,
    ParkIndicatorFactory,
    ParkPartnershipFactory,
)

pytestmark = pytest.mark.django_db
HEAD = "park,kind,period_start,value,source,words\n"
QUARTER = date(2026, 7, 1)


@pytest.fixture
def grant():
    """The right to run a park, held by somebody with a second factor."""
    return ParkAdministratorFactory()


@pytest.fixture
def runs(grant, signed_in):
    """A client of that person."""
    return signed_in(grant.user)


def page(name, *args):
    return reverse(f"admin:parks_parkindicator_{name}", args=args)


def bring(client, *rows):
    return client.post(page("import"), {"file": SimpleUploadedFile("rows.csv", (HEAD + "\n".join(rows)).encode())})


def agree(client, answer):
    return client.post(answer.context["confirm_address"], follow=True)


def taken(client, **asked):
    body = client.get(page("export", "csv"), asked).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body)))


def test_figures_of_ones_own_park_are_reported_from_a_file_after_a_yes(grant, runs):
    ParkIndicatorFactory(park=grant.park, kind="jobs", value=5)
    rehearsed = bring(
        runs,
        f"{grant.park.slug},jobs,2026-07-01,7,示例季报,",
        f"{grant.park.slug},investment,2026-07-01,1200.5,示例季报,",
    )
    outcome = rehearsed.context["outcome"]
    assert (outcome.created, outcome.updated, outcome.problems, ParkIndicator.objects.count()) == (1, 1, [], 1)

    agree(runs, rehearsed)

    rows = {row.kind: row for row in ParkIndicator.objects.all()}
    assert {kind: row.value for kind, row in rows.items()} == {"jobs": 7, "investment": Decimal("1200.5")}
    assert {(row.author, row.is_locked) for row in rows.values()} == {(grant.user, False)}
    assert rows["jobs"].version == 2


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ("{foreign},jobs,2026-07-01,7,示例,", "park", "{foreign}"),
        ("{own},nonsense,2026-07-01,7,示例,", "kind", "nonsense"),
        ("{own},jobs,2026-07-02,7,示例,", "", ""),
        ("{own},jobs,2026-13-01,7,示例,", "period_start", "2026-13-01"),
        ("{own},jobs,2026-07-01,many,示例,", "value", "many"),
        ("{own},jobs,2026-07-01,-1,示例,", "value", "-1"),
        ("{own},jobs,2026-07-01,7,,", "source", ""),
    ],
)
def test_each_error_is_told_with_row_column_and_reason_and_nothing_is_written(grant, runs, cells, column, value):
    slugs = {"own": grant.park.slug, "foreign": ParkFactory().slug}

    answer = bring(runs, f"{grant.park.slug},investment,2026-07-01,1,示例,", cells.format(**slugs))

    heads = {one.attribute: str(one.label) for one in IndicatorSheet.base_columns()}
    told = [(one.row, one.column, one.value) for one in answer.context["outcome"].problems]
    assert told == [(3, heads.get(column, ""), value.format(**slugs))]
    assert all(one.reason for one in answer.context["outcome"].problems)
    assert not ParkIndicator.objects.exists()


def test_a_submitted_figure_is_not_written_over_by_a_file(grant, runs):
    row = ParkIndicatorFactory(park=grant.park, is_locked=True)

    answer = bring(runs, f"{grant.park.slug},investment,2026-07-01,9,示例,")

    assert [one.reason for one in answer.context["outcome"].problems] == [
        text_of(Reason.REFUSAL_PERIOD_LOCKED, "zh-hans")
    ]
    row.refresh_from_db()
    assert row.value == 1200


def test_a_quarter_is_taken_away_with_source_author_and_whether_it_was_submitted(grant, runs):
    row = ParkIndicatorFactory(park=grant.park, is_locked=True, value=Decimal("12.5"))
    ParkIndicatorFactory(park=grant.park, period_start=date(2026, 4, 1), value=777)
    ParkIndicatorFactory(value=888)

    head, *rows = taken(runs, quarter="2026-07-01")

    assert len(head) == len(rows[0])
    assert [cells[0] for cells in rows] == [grant.park.slug]
    assert {"12.50", row.source, row.author.name, "2026-07-01"} <= set(rows[0])
    assert "parks.parkindicator" in str(list(Change.objects.values_list("facts", flat=True))).lower()


def test_what_was_taken_away_comes_back_unchanged(grant, runs):
    ParkIndicatorFactory(park=grant.park)
    book = runs.get(page("export", "xlsx")).content

    answer = runs.post(page("import"), {"file": SimpleUploadedFile("rows.xlsx", book)})

    assert load_workbook(io.BytesIO(book)).active.max_row == 2
    outcome = answer.context["outcome"]
    assert (outcome.unchanged, outcome.created, outcome.updated, outcome.problems) == (1, 0, 0, [])


@pytest.mark.parametrize("asked", [{}, {"quarter": "2026-07-01"}, {"q": "sample-park"}, {"park__id__exact": "FOREIGN"}])
def test_another_parks_draft_is_in_no_file(grant, runs, asked):
    foreign = ParkIndicatorFactory(source="示例他园草稿")

    rows = taken(runs, **{name: foreign.park.pk if value == "FOREIGN" else value for name, value in asked.items()})

    assert len(rows) == 1


def test_a_quarter_that_is_none_gives_no_rows(grant, runs):
    ParkIndicatorFactory(park=grant.park)

    answer = runs.get(page("changelist"), {"quarter": "1; drop"})

    assert (answer.status_code, list(answer.context["cl"].result_list)) == (200, [])


def test_partnerships_and_projects_of_ones_own_park_alone_are_taken_away(grant, runs):
    pair, project = ParkPartnershipFactory(to_park=grant.park), CooperationProjectFactory(park=grant.park)
    firm = EnterpriseFactory()
    project.enterprises.set([firm.pk])
    ParkPartnershipFactory()
    CooperationProjectFactory()

    files = {}
    for model in ("parkpartnership", "cooperationproject"):
        body = runs.get(reverse(f"admin:parks_{model}_export", args=["csv"])).content.decode("utf-8-sig")
        files[model] = list(csv.reader(io.StringIO(body)))[1:]

    assert [cells[:2] for cells in files["parkpartnership"]] == [[pair.from_park.slug, grant.park.slug]]
    assert [cells[0] for cells in files["cooperationproject"]] == [project.key]
    assert firm.name in files["cooperationproject"][0]
