"""`xingqu up`: migrate, seed a demo, and become the supervisor of all processes."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from xingqu.config.supervise import write_configuration


class Command(BaseCommand):
    help = "Migrate, seed (on a demo), then run web, edge, worker and jobs under one supervisor until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        environment = settings.ENVIRONMENT
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if environment.demo:
            call_command("seed_demo", stdout=self.stdout)
        path = write_configuration(environment, settings.HOME)
        self.stdout.write("Starting ...")
        self.stdout.flush()
        # This process becomes the supervisor, so that nothing is left behind when it is stopped.
        os.execv(sys.executable, [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(path)])
