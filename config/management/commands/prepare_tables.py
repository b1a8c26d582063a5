"""Bring the tables of the database to what the models say."""

from django.core.management.base import BaseCommand
from django.db import connection

from config.tables import prepare_tables


class Command(BaseCommand):
    """``migrate`` for a database that holds something; all tables at once for an empty one."""

    help = "Bring the database's tables up to date; an empty database gets them at once. Safe to run again."

    def handle(self, *args: object, **options: object) -> None:
        """Raises what the database raises."""
        prepare_tables(connection)
