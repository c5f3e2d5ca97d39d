"""Every page of the workbench and the mall is among those that `tools/screenshots.py` takes pictures of."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TAKEN = (ROOT / "tools/screenshots.py").read_text(encoding="utf-8")
PATH = re.compile(r'path: "([^"]+)"')
# Reached only with a secret of a mail, or for a moment on the way to somewhere else: walks in a browser go through them.
FLEETING = {"/pay", "/pay/wait", "/pay/return", "/checkout"}


def pages(file: str) -> set[str]:
    """Addresses of a router's table, without those that need the number of something."""
    found = PATH.findall((ROOT / file).read_text(encoding="utf-8"))
    return {path.split("/:")[0] for path in found if path not in ("/", "*") and not path.startswith(":")} - FLEETING


def missing(addresses: set[str]) -> list[str]:
    return sorted(address for address in addresses if not re.search(rf"""[/"{{}}]{re.escape(address)}["/?{{]""", TAKEN))


def test_every_page_of_the_workbench() -> None:
    known = pages("web/apps/workbench/src/app/routes.tsx")
    assert len(known) > 50
    assert missing({address.lstrip("/") for address in known} - {"operator", "shops", "invitations", "pools"}) == []


def test_every_page_of_the_mall() -> None:
    known = pages("web/apps/mall/src/app.tsx")
    assert len(known) > 20
    assert missing({address.lstrip("/") for address in known} - {"messages/shop", "picks", "verify-email"}) == []
