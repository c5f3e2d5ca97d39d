"""`xingqu analyse_reviews`: read every review anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xingqu.review import services


class Command(BaseCommand):
    help = "Read every review anew: sentiment and aspects, as the present lexicon and model see them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--learn", action="store_true", help="First learn from this site's own stars.")
        parser.add_argument("--after", type=int, default=0, help="Only reviews with ids above this one.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["learn"]:
            model_id = services.train_sentiment()
            self.stdout.write("too few texts to learn from" if model_id is None else f"learned model {model_id}")
        self.stdout.write(f"{services.analyse_all(after_id=options['after'])} reviews read")
