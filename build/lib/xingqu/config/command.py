"""The `xingqu` command: Django's management commands under the project's own settings."""

import os
import sys


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingqu.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
