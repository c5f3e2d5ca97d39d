"""`xingqu up`: migrate, seed a demo, and become the supervisor of all processes."""

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from xingqu.config.supervise import write_configuration

COMPILE = "from xingqu.engine.warming import warm_up; warm_up()"


class Command(BaseCommand):
    help = "Migrate, seed (on a demo), then run web, edge, worker and jobs under one supervisor until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        environment = settings.ENVIRONMENT
        # The first start on a machine compiles the engine's functions (half a minute of processor time); once, beside the
        # seeding, instead of in each web process at the same time.
        compiling = subprocess.Popen([sys.executable, "-c", COMPILE])
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if environment.demo:
            call_command("seed_demo", past=True, stdout=self.stdout)
        path = write_configuration(environment, settings.HOME)
        if compiling.poll() is None:
            self.stdout.write("Compiling the engine (on the first start only) ...")
            self.stdout.flush()
        compiling.wait()
        self.stdout.write("Starting ...")
        self.stdout.flush()
        # This process becomes the supervisor, so that nothing is left behind when it is stopped.
        os.execv(sys.executable, [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(path)])
