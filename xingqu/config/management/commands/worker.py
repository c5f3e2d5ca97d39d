"""`xingqu worker`: deliver facts and run periodic work."""

from typing import Any

from django.core.management.base import BaseCommand

from xingqu.config.periodic import PERIODIC
from xingqu.config.worker import Worker
from xingqu.kit.processes import settle_memory


class Command(BaseCommand):
    help = "Deliver facts to their handlers and run what is due, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        settle_memory()
        Worker(PERIODIC).run()
