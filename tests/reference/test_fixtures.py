"""The committed rows: they pass their own checks, speak two languages and know their source."""

import pytest

from reference.imports import KINDS as FILES
from reference.models import (
    Certification,
    ChainLink,
    ChainNode,
    GlossaryTerm,
    IndustryChain,
    Parameter,
    Region,
    Unit,
)
from reference.queries.measures import unit_key
from reference.services import KINDS as LOADED
from reference.services import read_fixture

MODELS = (Region, IndustryChain, ChainNode, ChainLink, Certification, Unit, GlossaryTerm, Parameter)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_loaded_row_passes_full_clean(model):
    rows = list(model.objects.all())

    for row in rows:
        row.full_clean()

    assert rows != []


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_both_names_and_a_source(name):
    rows = read_fixture(name)

    lacking = [
        (row, column)
        for row in rows
        for column in row
        if column.endswith(("_zh", "_en")) and not column.startswith(("note_", "aliases_")) and not row[column]
    ]
    unpaired = [column for row in rows for column in row if column.endswith("_zh") and f"{column[:-3]}_en" not in row]

    assert (lacking, unpaired) == ([], [])
    assert [row for row in rows if not str(row["source"]).strip()] == []


@pytest.mark.parametrize("kind", LOADED, ids=lambda kind: kind.name)
def test_no_natural_key_stands_twice(kind):
    keys = [tuple(row[column] for column in kind.key) for row in read_fixture(kind.name)]

    assert len(keys) == len(set(keys))


def test_the_files_hold_what_the_domain_holds():
    assert {name: len(read_fixture(name)) for name in FILES} == {
        "regions": 245,
        "chains": 7,
        "nodes": 416,
        "links": 665,
        "certifications": 76,
        "units": 57,
        "glossary": 524,
        "parameters": 53,
        "parks": 25,
        "park_partnerships": 11,
        "targets": 8,
        "quoted_facts": 25,
    }


def test_a_spelling_of_a_unit_means_one_unit_only():
    meanings: dict[str, set[str]] = {}
    for row in read_fixture("units"):
        for text in (row["name_zh"], row["name_en"], *row["aliases"]):
            meanings.setdefault(unit_key(text), set()).add(row["code"])

    assert {text: codes for text, codes in meanings.items() if len(codes) > 1} == {}


def test_scopes_name_nodes_that_exist():
    nodes = {row["code"] for row in read_fixture("nodes")} | {"*"}

    scoped = [row for name in ("certifications", "units", "parameters") for row in read_fixture(name)]

    assert [(row["code"], part) for row in scoped for part in row["scope"] if part not in nodes] == []


def test_links_run_without_a_circle():
    following: dict[str, set[str]] = {}
    for row in read_fixture("links"):
        following.setdefault(row["supplier"], set()).add(row["consumer"])
    while leaves := {code for code, after in following.items() if not after & following.keys()}:
        following = {code: after for code, after in following.items() if code not in leaves}

    assert following == {}


def test_parks_partnerships_and_targets_name_rows_that_exist():
    regions = {row["code"]: row for row in read_fixture("regions")}
    parks = {row["slug"] for row in read_fixture("parks")}
    facts = {row["code"] for row in read_fixture("quoted_facts")}

    assert [
        row["slug"] for row in read_fixture("parks") if any(regions[code]["valid_to"] for code in row["regions"])
    ] == []
    assert {row[end] for row in read_fixture("park_partnerships") for end in ("from_park", "to_park")} <= parks
    assert {row["fact"] for row in read_fixture("targets")} <= facts
