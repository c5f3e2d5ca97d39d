"""`xingqu import_states FILE`: people's states into the store that `XINGQU_STATE_URL` names."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from xingqu.config.management.commands.copy_database import refuse_running_site
from xingqu.interest import services
from xingqu.kit.errors import BusinessError


class Command(BaseCommand):
    help = (
        "Bring the states of export_states into the store that XINGQU_STATE_URL names, compare, and use it from now on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what export_states wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_running_site(settings.HOME)
        try:
            moved = services.import_states(path=options["file"])
        except BusinessError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{moved.actors} people and guests are in {moved.store} now: all the same.")
        if moved.deleted_since:
            self.stdout.write(f"{moved.deleted_since} of the file were deleted since, and stay so.")
