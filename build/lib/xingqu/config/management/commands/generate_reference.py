"""`xingqu generate_reference`: write the generated pages of docs/reference."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xingqu.config.reference import pages


class Command(BaseCommand):
    help = "Write the generated reference pages (settings, facts, commands, API, periodic work)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path("docs/reference"))

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            (folder / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"{folder / name}")
