"""`xingqu audit_books`: let the auditor look now, and fail when something differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xingqu.settlement.models import AuditDifference
from xingqu.settlement.services.auditing import audit

SHOWN = 100


class Command(BaseCommand):
    help = "Compare goods, orders and money of everything ever sold, and fail when something differs."

    def handle(self, *args: Any, **options: Any) -> None:
        run = audit()
        for row in AuditDifference.objects.filter(run=run).order_by("id")[:SHOWN]:
            self.stdout.write(f"{row.flow} {row.kind} {row.reference}: expected {row.expected}, found {row.found}")
        checked = ", ".join(f"{number} {name}" for name, number in sorted(run.checked.items())) or "nothing"
        if run.difference_count:
            raise CommandError(f"{run.difference_count} differences in {checked}.")
        self.stdout.write(f"Everything agrees: {checked}.")
