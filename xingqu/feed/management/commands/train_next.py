"""Train the models of what comes next on the signal log and serve them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xingqu.interest import services


class Command(BaseCommand):
    help = "Trains the models of what comes next (sequence model, transitions, their weights) on the signal log and serves them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--epochs", type=int, default=14)
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        count = services.train_next_models(seed=options["seed"], epochs=options["epochs"])
        self.stdout.write(f"trained on {count} items that people took to")
