"""`xingqu copy_database --to URL`: move a stopped site's tables into another database."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.utils import ConnectionHandler, OperationalError

from xingqu.config.copying import copy_all
from xingqu.config.database import settings_of
from xingqu.ledger.selectors import check

TARGET = "copy"


class Command(BaseCommand):
    help = "Copy all tables of the stopped site into another, empty database (PostgreSQL or SQLite), and compare them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", required=True, help="postgresql://user:password@host/name or sqlite:///path/of/a/file.sqlite3"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_running_site(settings.HOME)
        before = check()
        if before.problems:
            raise CommandError("The books to copy do not balance: see `xingqu check_ledger`. Nothing was copied.")
        try:
            target = settings_of(options["to"], settings.ENVIRONMENT)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        connections.settings[TARGET] = ConnectionHandler({"default": {}, TARGET: target}).settings[TARGET]
        try:
            connections[TARGET].ensure_connection()
            copied = copy_all(source="default", target=TARGET, say=self.stdout.write)
            after = check(using=TARGET)
        except OperationalError as error:
            raise CommandError(f"The database to copy to can't be used: {error}") from error
        finally:
            connections[TARGET].close()
        if after != before:
            raise CommandError("The books that arrived are not those that were sent. Do not use the copy.")
        rows = sum(table.rows for table in copied)
        self.stdout.write(f"{len(copied)} tables, {rows} rows, {after.account_count} ledger accounts: all the same.")
        self.stdout.write(
            "Now set XINGQU_DATABASE_URL to the new address (nothing for SQLite in the home folder) and start."
        )


def refuse_running_site(home: Path) -> None:
    """Raises CommandError while a supervisor runs processes of this home folder: what they write would be missed."""
    path = home / "run" / "supervisord.pid"
    try:
        pid = int(path.read_text("ascii"))
        os.kill(pid, 0)
        running = b"supervisord" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if running:
        raise CommandError(f"The site is running (process {pid}). Stop it first; nothing was copied.")
