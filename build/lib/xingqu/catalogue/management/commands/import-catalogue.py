"""`xingqu import-catalogue`: products of a JSON-lines or CSV file into a shop."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xingqu.accounts.selectors import organisation_id_named, person_id_by_email
from xingqu.accounts.services import create_organisation
from xingqu.catalogue import services
from xingqu.catalogue.services.imports import ImportReport, ShopOf, digest_of, import_catalogue, open_lines
from xingqu.kit.errors import BusinessError


class Command(BaseCommand):
    help = "Import products from a JSON-lines or CSV file (plain or gzip) into a shop; reports what was wrong by line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The file; its layout is described in docs/guides/import.md.")
        target = parser.add_mutually_exclusive_group(required=True)
        target.add_argument("--shop", help="Name of the shop that gets the products.")
        target.add_argument(
            "--shops-by-category", action="store_true", help="Distribute them over the demo's shops by category."
        )
        parser.add_argument("--owner", help="E-mail of the owner of shops that have to be made.")
        parser.add_argument("--format", choices=["csv", "jsonl"], help="Form of the file, when its name doesn't tell.")
        parser.add_argument(
            "--drafts", action="store_true", help="Keep new products as drafts instead of listing them."
        )
        parser.add_argument("--known-categories-only", action="store_true", help="Refuse unknown categories.")
        parser.add_argument(
            "--resume", action="store_true", help="Go on where an interrupted import of this file stopped."
        )
        parser.add_argument("--dry-run", action="store_true", help="Try everything, change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        services.ensure_category_tree()
        target = options["shop"] or "shops-by-category"
        try:
            report = import_catalogue(
                lines=open_lines(path),
                form=options["format"] or ("csv" if ".csv" in path.suffixes else "jsonl"),
                shop_of=self._shop_of(options),
                publish=not options["drafts"],
                needs_picture=False,
                make_categories=not options["known_categories_only"],
                dry_run=options["dry_run"],
                checkpoint=(digest_of(path), target[:80]),
                resume=options["resume"],
                say=self._progress,
            )
        except BusinessError as error:
            raise CommandError(str(error)) from error
        for row in report.errors:
            expected = f" (expected: {row.expected})" if row.expected else ""
            self.stderr.write(f"line {row.line}, {row.field}: {row.code}: {row.message}{expected}")
        tried = "Tried only, nothing changed: " if report.dry_run else ""
        self.stdout.write(
            f"{tried}created {report.created}, updated {report.updated}, unchanged {report.unchanged},"
            f" errors {len(report.errors)}"
        )

    def _progress(self, report: ImportReport) -> None:
        self.stdout.write(f"… line {report.lines}", ending="\r" if self.stdout.isatty() else "\n")

    def _shop_of(self, options: dict[str, Any]) -> ShopOf:
        owner_id = person_id_by_email(email=options["owner"]) if options["owner"] else None
        if options["owner"] and owner_id is None:
            raise CommandError(f"Nobody has signed up as {options['owner']}.")
        found: dict[str, int] = {}

        def shop_named(name: str, name_en: str = "", description: str = "") -> int:
            if name not in found:
                known = organisation_id_named(name=name)
                if known is None and owner_id is None:
                    raise CommandError(f"There is no shop {name}. Name its --owner to have it made.")
                found[name] = known or create_organisation(
                    owner_id=owner_id or 0, kind="merchant", name=name, name_en=name_en, description=description
                )
            return found[name]

        if options["shop"]:
            shop_id = shop_named(options["shop"])
            return lambda path: shop_id
        # Made before the import: what happens inside a dry run is undone.
        ids = {shop.slug: shop_named(shop.name, shop.name_en, shop.description) for shop in services.DEMO_SHOPS}
        return lambda path: ids[services.demo_shop_of(path[-1]).slug]
