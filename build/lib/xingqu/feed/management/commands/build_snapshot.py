"""Publish an item snapshot of all contents now."""

from typing import Any

from django.core.management.base import BaseCommand

from xingqu.feed import services


class Command(BaseCommand):
    help = "Reads every content, learns what the signal log has got, and publishes the item snapshot that is served."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"snapshot {services.rebuild_snapshot()}")
