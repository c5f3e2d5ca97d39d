"""`xingqu score_shops`: keep the experience scores of a day."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xingqu.experience.models import ExperienceDay
from xingqu.experience.services import keep_scores_if_due, score_shop


class Command(BaseCommand):
    help = "Keep yesterday's experience score of every shop that sells, or make those of a day anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again", type=date.fromisoformat, help="A day (2026-11-22) whose kept scores are made anew."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"] is None:
            self.stdout.write(f"{keep_scores_if_due(limit=1_000_000)} shops scored")
            return
        shops = list(ExperienceDay.objects.filter(day=options["again"]).values_list("shop_id", flat=True))
        for shop_id in shops:
            score_shop(shop_id=shop_id, day=options["again"])
        self.stdout.write(f"{len(shops)} shops scored again")
