"""`xingqu export_states FILE`: all people's states of the stopped site in one file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from xingqu.config.management.commands.copy_database import refuse_running_site
from xingqu.interest import services
from xingqu.kit.errors import BusinessError


class Command(BaseCommand):
    help = "Write all people's states of the stopped site to a file, still sealed with the keys of the home folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a new file")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_running_site(settings.HOME)
        try:
            count = services.export_states(path=options["file"])
        except BusinessError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{count} people and guests. Without the home folder's signals/keys nobody can read the file."
        )
