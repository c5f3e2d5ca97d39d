"""`xingqu export_openapi`: print the OpenAPI document that the front end's client is generated from."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from xingqu.config.api import api


class Command(BaseCommand):
    help = "Print the OpenAPI document of the HTTP API as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        # Through text first: the document has numbers (status codes) and enumerations as keys.
        document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
        self.stdout.write(json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False))
