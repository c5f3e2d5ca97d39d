"""`xingqu seed_demo`: the demo's people, shops, products and content. Safe to run again: it adds what is missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from xingqu.config import seeding


class Command(BaseCommand):
    help = "Seed the demo. Idempotent; the content that takes long is made by the jobs process afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--past", action="store_true", help="Play days of trade as well; nothing else may use the site's port."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        seeding.seed_demo(environment=settings.ENVIRONMENT, say=self.stdout.write, past=options["past"])
