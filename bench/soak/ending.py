"""The end of a soak: everything is let go on until nothing is on its way, and is then looked at."""

import json
import time
from typing import Any

from bench.soak.faults import DAY_S, Faults
from bench.soak.notes import Notes
from bench.soak.site import Site

REST_TIMEOUT_S = 2_400.0
LOOK_EVERY_S = 12.0
# Days by which the clocks go on while anything is on its way: receipt, after-sale and settlement all have their periods.
DAYS_A_STEP = 5
BALANCES = (
    "import django, json; django.setup()\n"
    "from xingqu.ledger.selectors import balances\n"
    "from xingqu.ledger.models import Journal\n"
    "from xingqu.catalogue.models import StockMovement\n"
    "from xingqu.trade.providers.sandbox.models import SandboxNotice\n"
    "again = __import__('sys').argv[1:] == ['again'] and SandboxNotice.objects.update(done=False, tries=0)\n"
    "print(json.dumps([[(b.account, b.balance_minor) for b in balances()], Journal.objects.count(),"
    " StockMovement.objects.count(), SandboxNotice.objects.filter(done=False).count()]))"
)


def drain(site: Site, faults: Faults) -> dict[str, int]:
    """Let all periods run out. Returns what is still on its way after all that; nothing, if all is well."""
    faults.disarm()
    until = time.monotonic() + REST_TIMEOUT_S
    left: dict[str, int] = {"everything": 1}
    while left and time.monotonic() < until:
        faults.move_clock(DAYS_A_STEP * DAY_S)
        site.wait_working(REST_TIMEOUT_S)
        time.sleep(LOOK_EVERY_S)
        left = json.loads(site.command("-m", "bench.soak.verify"))["waiting"]
        print(f"  coming to rest: {left or 'nothing is on its way'}", flush=True)
    return left


def replay_notices(site: Site) -> list[str]:
    """All of the gateway's notices come once more: nothing may change. Returns what did."""
    before: list[Any] = json.loads(site.command("-c", BALANCES))
    site.command("-c", BALANCES, "again")
    until = time.monotonic() + REST_TIMEOUT_S
    while True:
        after: list[Any] = json.loads(site.command("-c", BALANCES))
        if after[3] == 0:
            break
        if time.monotonic() > until:
            return [f"{after[3]} of the notices that came once more did not arrive"]
        time.sleep(LOOK_EVERY_S)
    names = ("balances", "the number of journals", "the number of stock movements")
    return [
        f"replayed notices changed {name}: {was} -> {now}"
        for name, was, now in zip(names, before, after, strict=False)
        if was != now
    ]


def verify(site: Site, notes: Notes) -> list[str]:
    """Ask the database and the auditor. Returns what is wrong; prints what was looked at."""
    found = json.loads(site.command("-m", "bench.soak.verify", "--all", said=json.dumps(notes.as_json())))
    found["audit"].pop("paid_parents")
    print(f"looked at: {found['checked']}; {found['audit']}")
    print(f"audits during the soak: {len(found['nights'])}, with {sum(found['nights'])} differences")
    print("".join(f"  told then: {row}\n" for row in found["told"]), end="")
    wrong = list(found["problems"]) + [f"the auditor: {row}" for row in found["differences"]]
    if found["audit"]["deliveries_dead"]:
        wrong.append(f"{found['audit']['deliveries_dead']} facts could not be delivered")
    return wrong
