"""`xingqu reconcile_payments`: compare the providers' bills of a day with the books, now."""

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xingqu.kit import clock
from xingqu.kit.errors import BusinessError
from xingqu.trade.providers.protocol import BILL_ZONE, ProviderUnsure
from xingqu.trade.selectors.reconciliation import billing_providers, reconciliation_differences
from xingqu.trade.services.reconciliation import reconcile_day


class Command(BaseCommand):
    help = "Fetch the payment providers' bills of a day, compare them with the books, and fail when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="Day in Beijing, 2026-11-22; yesterday by default.")
        parser.add_argument(
            "--provider", choices=("alipay", "wechat", "stripe", "sandbox"), help="One; all by default."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["day"] or clock.now().astimezone(BILL_ZONE).date() - timedelta(days=1)
        failed = False
        for provider in [options["provider"]] if options["provider"] else billing_providers():
            try:
                unresolved = reconcile_day(provider=provider, day=day)
            except (ProviderUnsure, BusinessError) as error:
                failed = True
                self.stderr.write(f"{provider} {day}: no bill: {error}")
                continue
            failed = failed or unresolved > 0
            self.stdout.write(f"{provider} {day}: {unresolved} open differences")
        for one in reconciliation_differences(day=day, unresolved_only=True):
            self.stdout.write(
                f"  {one.provider} {one.kind} {one.subject} {one.key}"
                f" ours {one.ours_minor} {one.ours_state} theirs {one.theirs_minor} {one.theirs_state} {one.currency}"
            )
        if failed:
            raise CommandError("the bills and the books differ, or a bill could not be had")
