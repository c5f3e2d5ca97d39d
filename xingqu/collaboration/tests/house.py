"""Steps that the tests of samples and collaborations share."""

import itertools
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingqu.alliance.tests.house import buy_led, new_creator, product_of, receive
from xingqu.catalogue.models import StockLevel
from xingqu.collaboration.models import Sample
from xingqu.content.models import Content, ContentAnchor
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.contracts import commission_account
from xingqu.ledger.services import post
from xingqu.settlement.tests.house import later, settle
from xingqu.trade.tests.house import ADDRESS, Caller, Shop

_numbers = itertools.count(1)


def drain() -> None:
    """Deliver facts, and those that come of them."""
    while deliver_due():
        pass


class Creator:
    """A creator, and who acts for them."""

    def __init__(self) -> None:
        self.id, self.caller = new_creator()

    @property
    def path(self) -> str:
        return f"/creators/{self.id}"

    def address(self, **fields: Any) -> int:
        """An address of their own: each has another place and number."""
        number = next(_numbers)
        own = {"detail": f"学院路 {number} 号", "phone": f"139{number:08}", **fields}
        return int(self.caller.post("/addresses", {**ADDRESS, **own}, status=201)["id"])

    def ask(self, offer_id: int, *, status: int = 201, address_id: int | None = None) -> Any:
        body = {"offer_id": offer_id, "address_id": address_id or self.address(), "pitch": "我的粉丝喜欢家居"}
        return self.caller.post(f"{self.path}/samples", body, status=status)

    def do(self, sample: Any, step: str, *, status: int = 200, **body: Any) -> Any:
        path = f"{self.path}/samples/{sample['sample_no']}/{step}"
        return self.caller.post(path, {"version": sample["version"], **body}, status=status)

    def work(self, sku: int) -> int:
        """A published work with a product."""
        now = clock.now()
        content = Content.objects.create(
            kind="picture", creator_id=self.id, title="开箱", state="published", published_at=now
        )
        ContentAnchor.objects.create(content=content, product_id=product_of(sku), position=0)
        return content.pk

    def earn(self, amount_minor: int) -> None:
        """Commission in the books."""
        with transaction.atomic():
            post(
                entries=[
                    (commission_account("creator", 10**9), amount_minor),
                    (commission_account("creator", self.id), -amount_minor),
                ],
                currency="CNY",
                reference="test",
                idempotency_key=f"test:{next(_numbers)}",
            )


class Desk:
    """A shop's desk of samples and collaborations."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.caller = shop, shop.member()

    @property
    def path(self) -> str:
        return f"/shops/{self.shop.id}"

    def offer(self, sku: int, *, status: int = 201, **body: Any) -> Any:
        return self.caller.post(f"{self.path}/sample-offers", {"sku_id": sku, "units": 5, **body}, status=status)

    def do(self, sample: Any, step: str, *, status: int = 200, **body: Any) -> Any:
        path = f"{self.path}/samples/{sample['sample_no']}/{step}"
        return self.caller.post(path, {"version": sample["version"], **body}, status=status)

    def ship(self, sample: Any) -> Any:
        return self.do(sample, "ship", carrier_code="sf", tracking_no=f"SF{next(_numbers):012}")

    def sample(self, sample_no: str) -> Any:
        return self.caller.get(f"{self.path}/samples/{sample_no}")


def sent(desk: Desk, creator: Creator, offer: Any) -> Any:
    """A free sample on its way."""
    return desk.ship(desk.do(creator.ask(offer["id"]), "approve"))


def row_of(sample: Any) -> Sample:
    return Sample.objects.get(sample_no=sample["sample_no"])


def stock(sku: int) -> dict[str, tuple[int, int, int, int]]:
    """Campaign -> (received, sold, held, free); what was received is somewhere."""
    found: dict[str, tuple[int, int, int, int]] = {}
    for level in StockLevel.objects.filter(sku_id=sku):
        before = found.get(level.campaign, (0, 0, 0, 0))
        units = (level.received, level.sold, level.held, level.free)
        assert level.received == level.sold + level.held + level.free
        found[level.campaign] = tuple(a + b for a, b in zip(before, units, strict=True))  # type: ignore[assignment]
    return found


def today(days: int = 0) -> date:
    return timezone.localdate(clock.now()) + timedelta(days=days)


def terms(sku: int, **changes: Any) -> dict[str, Any]:
    """A slot fee of 1 000.00 for 5 000.00 settled, in ten days from today."""
    return {
        "product_ids": [product_of(sku)],
        "commission_bp": 2_000,
        "slot_fee_minor": 100_000,
        "release_kind": "proportional",
        "target_minor": 500_000,
        "starts_on": today().isoformat(),
        "ends_on": today(9).isoformat(),
        "release_days": [today(30).isoformat()],
        "works": 1,
        "lives": 0,
        "note": "",
        **changes,
    }


def enrich(shop: Shop, amount_minor: int) -> None:
    """Money in a shop's balance, as if it had been settled."""
    from xingqu.ledger.contracts import balance_account

    with transaction.atomic():
        post(
            entries=[(balance_account(10**9), amount_minor), (balance_account(shop.id), -amount_minor)],
            currency="CNY",
            reference="test",
            idempotency_key=f"test:{next(_numbers)}",
        )


def sell(buyer: Caller, creator: Creator, shop: Shop, sku: int, units: int = 1, *, settled: bool = True) -> str:
    """An order that a creator brought; received and settled unless told otherwise."""
    order_no = buy_led(buyer, creator.id, (sku, units))
    if settled:
        receive(buyer, shop, order_no)
        drain()
        settle()
        with later(days=9):  # facts are delivered from the moment they tell of
            drain()
    return order_no
