"""Train the taste model on the signal log and serve it."""

from typing import Any

from django.core.management.base import BaseCommand

from xingqu.interest import services


class Command(BaseCommand):
    help = "Trains the taste model on who took to what, by the signal log, and serves it; it then learns on by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"trained on {services.train_taste_model()} positives")
