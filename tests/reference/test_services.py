"""Loading reference rows: repeatable, by natural keys, never taking away what is used, all or nothing."""

from datetime import date

import pytest

from common.errors import Invalid
from reference.models import Certification, ChainLink, ChainNode, IndustryChain, Region, Unit
from reference.services import FIXTURE_FOLDER, KINDS, fixture_text, load_reference_rows, read_fixture
from tests.factories.reference import CertificationFactory, ChainNodeFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def folder(tmp_path):
    """A copy of the committed files that a test may change."""
    for kind in KINDS:
        text = (FIXTURE_FOLDER / f"{kind.name}.json").read_text(encoding="utf-8")
        (tmp_path / f"{kind.name}.json").write_text(text, encoding="utf-8")
    return tmp_path


def rewrite(folder, name, change):
    """Put the rows of a file through ``change``."""
    path = folder / f"{name}.json"
    path.write_text(fixture_text(change(read_fixture(name, folder))), encoding="utf-8")


def figures(folder):
    """What a load did, by kind, where it did anything: created, updated, retired, deleted."""
    done = load_reference_rows(folder=folder, on=DAY)
    return {
        figure.kind: (figure.created, figure.updated, figure.retired, figure.deleted)
        for figure in done
        if figure.changed
    }


def test_loading_twice_changes_nothing(folder):
    assert figures(folder) == {}


def test_a_second_load_asks_few_questions(folder, django_assert_num_queries):
    with django_assert_num_queries(2 * len(KINDS) + 2):
        done = load_reference_rows(folder=folder)
    assert not any(figure.changed for figure in done)


def test_empty_files_empty_the_tables_and_one_load_fills_them_again(folder, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for kind in KINDS:
        (empty / f"{kind.name}.json").write_text("[]", encoding="utf-8")
    counts = {kind.name: len(read_fixture(kind.name)) for kind in KINDS}

    emptied = load_reference_rows(folder=empty)
    filled = load_reference_rows(folder=folder)

    assert {figure.kind: figure.deleted for figure in emptied} == counts
    assert {figure.kind: figure.created for figure in filled} == counts
    assert Region.objects.get(code="511083").path == "510000/511000/511083/"


def test_a_changed_name_updates_its_row_and_the_time_of_change(folder):
    before = ChainNode.objects.get(code="EQUIP.PART.BEARING")
    rewrite(
        folder,
        "nodes",
        lambda rows: [{**row, "name_en": "Any bearing"} if row["code"] == before.code else row for row in rows],
    )

    assert figures(folder) == {"nodes": (0, 1, 0, 0)}

    after = ChainNode.objects.get(code=before.code)
    assert (after.pk, after.name_en, after.changed_at > before.changed_at) == (
        before.pk,
        "Any bearing",
        True,
    )


def test_a_new_node_may_stand_before_its_parent_in_the_file(folder):
    parent = {**read_fixture("nodes")[0], "code": "AUTO.NEW", "parent": "AUTO"}
    rewrite(folder, "nodes", lambda rows: [{**parent, "code": "AUTO.NEW.LEAF", "parent": "AUTO.NEW"}, parent, *rows])

    assert figures(folder) == {"nodes": (2, 0, 0, 0)}
    assert ChainNode.objects.get(code="AUTO.NEW.LEAF").parent.code == "AUTO.NEW"


def test_rows_that_nothing_uses_are_deleted_when_they_leave_the_files(folder):
    CertificationFactory(code="XOLD")
    head = ChainNodeFactory(code="XOLD")
    ChainNodeFactory(code="XOLD.LEAF", parent=head, chain=head.chain)
    for model in (Certification, ChainNode, IndustryChain):
        model.history.all().delete()  # rows of a loader have no versions; those of people stay

    assert figures(folder) == {"chains": (0, 0, 0, 1), "nodes": (0, 0, 0, 2), "certifications": (0, 0, 0, 1)}
    assert list(Certification.objects.filter(code="XOLD")) == []


def without(code):
    """A change that leaves out the row with this code."""
    return lambda rows: [row for row in rows if row["code"] != code]


def test_used_rows_are_retired_when_they_leave_the_files_and_come_back_with_them(folder):
    complete = read_fixture("units", folder)
    rewrite(folder, "units", without("KWH"))

    assert figures(folder) == {"units": (0, 0, 1, 0)}
    assert Unit.objects.get(code="KWH").retired_on == DAY
    assert figures(folder) == {}

    rewrite(folder, "units", lambda rows: complete)

    assert figures(folder) == {"units": (0, 1, 0, 0)}
    assert Unit.objects.get(code="KWH").retired_on is None


def test_a_used_region_ends_when_it_leaves_the_files(folder):
    rewrite(folder, "regions", without("511000"))

    assert figures(folder) == {"regions": (0, 0, 1, 0)}
    assert Region.objects.get(code="511000").valid_to == DAY
    assert figures(folder) == {}


def test_a_file_with_an_unknown_code_changes_nothing_and_names_the_row(folder):
    count = ChainLink.objects.count()
    rewrite(folder, "chains", lambda rows: [{**row, "name_en": "Other"} for row in rows])
    rewrite(folder, "links", lambda rows: [{**rows[0], "consumer": "AUTO.NOTHING"}, *rows[1:]])

    with pytest.raises(Invalid) as refusal:
        load_reference_rows(folder=folder)

    assert [name for name in refusal.value.fields if "AUTO.NOTHING" in name] != []
    assert ChainLink.objects.count() == count
    assert list(ChainNode.objects.filter(chain__name_en="Other")) == []


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("units", "factor_to_base", "many"),
        ("units", "aliases", "个"),
        ("regions", "lat", 123.0),
        ("regions", "level", "moon"),
        ("nodes", "name_en", ""),
        ("certifications", "validity_years", -1),
        ("nodes", "unheard_of", 1),
    ],
)
def test_a_row_that_breaks_its_rules_is_refused(folder, name, column, value):
    rewrite(folder, name, lambda rows: [{**rows[0], column: value}, *rows[1:]])

    with pytest.raises(Invalid) as refusal:
        load_reference_rows(folder=folder)

    assert [where for where in refusal.value.fields if where.startswith(name)] != []


def test_rows_that_name_one_another_in_a_circle_are_refused(folder):
    unit = {**read_fixture("units")[0], "aliases": []}
    rewrite(
        folder,
        "units",
        lambda rows: [*rows, {**unit, "code": "XA", "base": "XB"}, {**unit, "code": "XB", "base": "XA"}],
    )

    with pytest.raises(Invalid):
        load_reference_rows(folder=folder)

    assert list(Unit.objects.filter(code__in=["XA", "XB"])) == []


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(Invalid) as refusal:
        read_fixture("regions", tmp_path)

    assert list(refusal.value.fields) == ["regions"]
