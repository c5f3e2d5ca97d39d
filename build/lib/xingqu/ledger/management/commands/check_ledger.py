"""`xingqu check_ledger`: prove the books, and fail when they don't balance."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xingqu.ledger.selectors import check


class Command(BaseCommand):
    help = "Prove the books: transfers sum to zero per currency and every account equals its transfers."

    def handle(self, *args: Any, **options: Any) -> None:
        problems = check().problems
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write("The ledger balances.")
