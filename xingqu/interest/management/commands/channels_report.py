"""`xingqu channels_report`: what each retrieval channel is worth, by the pages sampled in service."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xingqu.interest import services


class Command(BaseCommand):
    help = "Judges the sampled pages' channels by what people took to within a day, keeps the report and prints it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--outcome", default="any", choices=["any", "watched", "clicked", "bought", "beyond"])
        parser.add_argument("--quiet", action="store_true", help="keep the report, print nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        services.lower_priority()
        report = services.make_channel_report()
        if options["quiet"]:
            return
        if report is None:
            self.stdout.write("no page was sampled yet")
            return
        outcome = options["outcome"]
        count = report.positives[outcome]
        self.stdout.write(f"{report.pages} pages of {report.people} people; {outcome}: {count} afterwards")
        row = "{:<15}{:>8}{:>12}{:>10}{:>10}{:>8}{:>9}{:>9}"
        names = ("channel", "pages", "candidates", "p50 ms", "p99 ms", "shown", "recall", "unique")
        self.stdout.write(row.format(*names))
        for told in report.channels:
            p50, p99 = (f"{told[name] / 1_000:.2f}" for name in ("took_p50_us", "took_p99_us"))
            recall, unique = (f"{told[name][outcome]:.3f}" if count else "-" for name in ("recall", "unique"))
            cells = (told["channel"], told["pages"], f"{told['candidates']:.1f}", p50, p99, told["shown"])
            self.stdout.write(row.format(*cells, recall, unique))
