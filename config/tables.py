"""Tables of a database: made from the models at once where there are none, changed by the migrations where there are.

Migrations build every state of the past anew, in memory and on disk: over a minute for a database that holds nothing.
"""

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model


def prepare_tables(connection: BaseDatabaseWrapper) -> None:
    """Bring the tables of ``connection`` to what the models say; rows stay. Raises what ``migrate`` raises."""
    if connection.introspection.table_names():
        call_command("migrate", database=connection.alias, interactive=False, verbosity=0)
        return
    _make_tables(connection)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def _make_tables(connection: BaseDatabaseWrapper) -> None:
    """In one transaction, all tables of an empty database, and the note that every migration's work is done."""
    on_disk = MigrationLoader(connection).disk_migrations.items()
    done = {name for name, migration in on_disk} | {name for _own, migration in on_disk for name in migration.replaces}
    recorder = MigrationRecorder(connection)
    with connection.schema_editor() as editor:
        models: list[type[Model]] = [recorder.Migration, *apps.get_models()]
        for model in models:
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        recorder.migration_qs.bulk_create(recorder.Migration(app=app, name=name) for app, name in sorted(done))
