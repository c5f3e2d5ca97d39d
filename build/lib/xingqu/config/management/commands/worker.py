"""`xingqu worker`: deliver facts and run periodic work."""

from typing import Any

from django.core.management.base import BaseCommand

from xingqu.config.periodic import PERIODIC
from xingqu.config.worker import Worker


class Command(BaseCommand):
    help = "Deliver facts to their handlers and run what is due, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        Worker(PERIODIC).run()
