"""Tables that an empty database gets from the models: what the migrations make, and no later migration finds work."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from config.tables import prepare_tables
from reference.models import IndustryChain

FACTS = {
    "sqlite": (
        'SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden'
        " FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table'",
        'SELECT t.name, f."from", f."table", f."to", f.on_update, f.on_delete'
        " FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
        "SELECT name, tbl_name, type, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    ),
    "postgresql": (
        "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale,"
        " is_nullable, column_default, is_identity, collation_name"
        " FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    ),
}

MADE_NAME = re.compile(r"\b\w+_[0-9a-f]{8}(?:_\w+)?\b")
WIDER = ("auth_group_permissions", "id")
"""Django's own table, narrower where its migrations make it; nobody counts two thousand millions of rights."""

pytestmark = pytest.mark.django_db


@pytest.fixture
def migrated():
    """The database of all tests, which the migrations made."""
    return connections[DEFAULT_DB_ALIAS]


@pytest.fixture
def empty(tmp_path, migrated):
    """A database without tables in its place."""
    is_file = migrated.vendor == "sqlite"
    name = str(tmp_path / "empty.sqlite3") if is_file else f"{migrated.settings_dict['NAME']}_empty"
    if not is_file:
        aside(migrated, f'CREATE DATABASE "{name}"')
    database = type(migrated)({**migrated.settings_dict, "NAME": name}, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = database
    yield database
    connections[DEFAULT_DB_ALIAS] = migrated
    database.close()
    if not is_file:
        aside(migrated, f'DROP DATABASE "{name}"')


def aside(database, statement):
    with database._nodb_cursor() as cursor:
        cursor.execute(statement)


def facts(database):
    """Columns, keys, indexes and conditions, whatever the order in which a table's lines stand."""
    found = set()
    with database.cursor() as cursor:
        for question in FACTS[database.vendor]:
            cursor.execute(question)
            found |= {tuple(map(told, row)) for row in cursor.fetchall()}
    return {row for row in found if row[:2] != WIDER}


def told(words):
    """Lines of a table in any order; a name that Django made from columns, which may have had other names, as one."""
    words = MADE_NAME.sub("made", str(words))
    return tuple(sorted(re.findall(r"\w+|[^\w\s]", words))) if words.startswith("CREATE TABLE") else words


def permissions():
    return set(Permission.objects.values_list("content_type__app_label", "codename"))


def test_the_models_make_the_tables_that_the_migrations_make(migrated, empty):
    prepare_tables(empty)
    made, executor, named = facts(empty), MigrationExecutor(empty), permissions()
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    executor.loader.check_consistent_history(empty)
    connections[DEFAULT_DB_ALIAS] = migrated
    assert (made ^ facts(migrated), named ^ permissions()) == (set(), set())
    assert (len(made) > 1000, len(named) > 100) == (True, True)


def test_a_database_that_holds_something_is_migrated_and_keeps_it(empty):
    prepare_tables(empty)
    before = facts(empty)
    IndustryChain.objects.create(code="SAMPLE", name_zh="示例", name_en="Sample")
    prepare_tables(empty)
    assert (IndustryChain.objects.get().code, facts(empty)) == ("SAMPLE", before)


def test_an_interrupted_start_leaves_an_empty_database(empty, monkeypatch):
    monkeypatch.setattr("config.tables.MigrationRecorder.migration_qs", property(lambda _self: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        prepare_tables(empty)
    assert empty.introspection.table_names() == []
