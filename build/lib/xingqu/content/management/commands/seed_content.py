"""`xingqu seed_content`: makes the demo's videos and picture posts. Idempotent; an interrupted run goes on where it stopped."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from xingqu.content import services


class Command(BaseCommand):
    help = "Make the demo's first contents now (--first N), queue the rest (--rest), or say how far it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--first", type=int, default=0, metavar="N", help="make N clips and N picture posts now")
        parser.add_argument("--rest", action="store_true", help="queue what is not made yet at low priority")
        parser.add_argument("--workers", type=int, default=2, help="processes that make the first ones")

    def handle(self, *args: Any, **options: Any) -> None:
        first = int(options["first"])
        if first:
            services.seed_first(clips=first, pictures=first, workers=options["workers"], say=self.stdout.write)
        if options["rest"]:
            added = services.seed_rest(clips_max=settings.ENVIRONMENT.demo_later_clips)
            self.stdout.write(f"Content: {added} more queued")
        progress = services.seed_progress()
        self.stdout.write(f"Content: {progress.made} of {progress.planned} made")
