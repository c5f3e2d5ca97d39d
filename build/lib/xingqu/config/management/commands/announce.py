"""`xingqu announce`: wait until the site answers, then print its address."""

import sys
import time
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand

PATIENCE_S = 180


class Command(BaseCommand):
    help = "Wait until the site answers, then print its address."

    def handle(self, *args: Any, **options: Any) -> None:
        environment = settings.ENVIRONMENT
        local = f"http://127.0.0.1:{environment.port}"
        started = time.monotonic()
        while time.monotonic() - started < PATIENCE_S:
            try:
                if httpx.get(f"{local}/api/v1/session", timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        else:
            self.stderr.write(f"The site did not answer within {PATIENCE_S} s. See {settings.HOME / 'log'}.")
            sys.exit(1)
        self.stdout.write(f"\n  Xingqu 兴趣 is running:  {environment.origin}")
        self.stdout.write(f"  Shop workbench:         {environment.origin}/workbench/")
        self.stdout.write(f"  Logs: {settings.HOME / 'log'}    Stop: Ctrl+C\n")
        self.stdout.flush()
