"""`xingqu train`: train the models of this installation on its signal log now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xingqu.interest import services


class Command(BaseCommand):
    help = "Trains the models on the signal log and serves what is no worse. The worker does so by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", nargs="*", help="which models; all of them if none is named")
        parser.add_argument("--anew", action="store_true", help="from the whole log, not on from what serves")
        parser.add_argument("--seed", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        services.lower_priority()
        rows = services.run_trainings(kinds=options["kind"], anew=options["anew"], seed=options["seed"])
        for row in rows:
            told = f"{row.kind}: {row.state} ({row.why}), {row.examples} examples of {row.people} people"
            if row.after is not None:
                told += f", {row.metric} {'-' if row.before is None else f'{row.before:.4f}'} -> {row.after:.4f}"
            self.stdout.write(f"{told}, {row.wall_ms / 1000:.1f} s")
