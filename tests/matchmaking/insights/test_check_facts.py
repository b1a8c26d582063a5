"""``check_facts`` prints every quoted statement with its source and fails where one has none."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from matchmaking.insights.models import ClusterTarget, FrameworkAgreement, QuotedFact
from matchmaking.insights.services.facts import load_facts
from matchmaking.parks.models import Park
from matchmaking.parks.services.loading import load_parks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded():
    load_parks()
    load_facts()


def test_every_row_of_the_files_is_printed_with_its_source(capsys):
    call_command("check_facts")

    printed = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("fact ") for line in printed) == QuotedFact.objects.count()
    assert sum(line.startswith("park ") for line in printed) == Park.objects.count()
    assert any(line.startswith("fact SF12: ") and line.endswith("| iChongqing article") for line in printed)
    assert printed[-1] == f"{len(printed) - 1} quoted, each with its source"


@pytest.mark.parametrize(
    ("model", "kind"), [(QuotedFact, "fact"), (ClusterTarget, "target"), (FrameworkAgreement, "frameworkagreement"),
                        (Park, "park")]
)  # fmt: skip
def test_a_row_without_a_source_fails_and_is_named(model, kind):
    row = model.objects.first()
    model.objects.filter(pk=row.pk).update(source=" ")

    with pytest.raises(CommandError, match=rf"^{kind} \S+: no source$"):
        call_command("check_facts")


def test_an_actual_figure_without_its_day_fails():
    ClusterTarget.objects.filter(code="auto-value-2025").update(actual_value="1", actual_source="示例")

    with pytest.raises(CommandError, match="actual auto-value-2025: no source"):
        call_command("check_facts")

    ClusterTarget.objects.filter(code="auto-value-2025").update(actual_on=date(2026, 1, 1))
    call_command("check_facts")


def test_a_fact_that_a_page_quotes_and_no_row_has_fails():
    QuotedFact.objects.filter(code="SF07").delete()

    with pytest.raises(CommandError, match="fact SF07: quoted on a page, in no row"):
        call_command("check_facts")
