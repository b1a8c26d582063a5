"""The committed rows: they pass their own checks, speak two languages and know their source."""

import pytest

from reference.choices import Facet
from reference.imports import AUTHORED_FOLDER, rows_of
from reference.imports import KINDS as FILES
from reference.models import (
    Certification,
    ChainLink,
    ChainNode,
    GlossaryTerm,
    IndustryChain,
    Parameter,
    Recognition,
    Region,
    Unit,
)
from reference.queries.measures import unit_key
from reference.services import FIXTURE_FOLDER, read_fixture
from reference.services import KINDS as LOADED

MODELS = (Region, IndustryChain, ChainNode, ChainLink, Certification, Unit, GlossaryTerm, Parameter, Recognition)


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
        if column.endswith(("_zh", "_en"))
        and not column.startswith(("note_", "aliases_", "level_names_"))
        and not row[column]
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
        "glossary": 2073,
        "parameters": 56,
        "recognitions": 1,
        "parks": 25,
        "park_partnerships": 11,
        "targets": 8,
        "quoted_facts": 25,
    }


def test_a_word_belongs_to_one_term_unless_it_is_marked_as_ambiguous():
    claims: dict[str, set[str]] = {}
    for row in read_fixture("glossary"):
        for word in (row["term_zh"], row["term_en"], *row["aliases_zh"], *row["aliases_en"]):
            claims.setdefault(word.casefold(), set()).add(row["term_zh"])
    marked = {cells["word"].casefold() for cells in rows_of(FIXTURE_FOLDER / AUTHORED_FOLDER / "ambiguous_words.csv")}

    assert {word for word, terms in claims.items() if len(terms) > 1} == marked


def test_every_variant_has_a_parent_of_its_own_facet_and_none_is_its_own_ancestor():
    terms = {row["term_zh"]: row for row in read_fixture("glossary")}
    variants = {term: row["variant_of"] for term, row in terms.items() if row["variant_of"]}

    assert [term for term, parent in variants.items() if terms[parent]["facet"] != terms[term]["facet"]] == []
    while leaves := {term for term in variants if term not in variants.values()}:
        variants = {term: parent for term, parent in variants.items() if term not in leaves}
    assert variants == {}


def test_terms_without_a_node_are_uses_roles_and_words_of_business():
    bare = {row["facet"] for row in read_fixture("glossary") if row["node"] is None}

    assert bare <= {Facet.USE, Facet.ROLE, Facet.TRADE}
    assert [row["term_zh"] for row in read_fixture("glossary") if row["facet"] == Facet.ROLE and not row["role"]] == []


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
