"""What the demo starts with: a platform coupon, and in each shop a coupon, a full-reduction and a flash sale."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from xingqu.catalogue.selectors import merchant_product, merchant_products
from xingqu.kit import clock
from xingqu.programmes.contracts import CouponTerms
from xingqu.programmes.models import Coupon, FlashSale, FullReductionOffer
from xingqu.programmes.services.managing import (
    NewCoupon,
    NewFlashItem,
    create_coupon,
    create_flash_sale,
    create_full_reduction,
)

WEEKS = timedelta(days=28)
FLASH_PRODUCTS = 2
FLASH_SHOPS = 3


def seed_programmes(*, shops: Mapping[str, int], say: Callable[[str], object]) -> None:
    """Make what is missing; a flash sale that is over is not made again. Idempotent."""
    made = 0
    if not Coupon.objects.filter(shop_id=None).exists():
        made += bool(create_coupon(shop_id=None, coupon=_coupon("平台满 300 减 20", 30_000, 2_000, "everyone")))
        made += bool(create_coupon(shop_id=None, coupon=_coupon("新人满 50 减 10", 5_000, 1_000, "new_customer")))
    now = clock.now()
    for number, shop_id in enumerate(shops.values()):
        if not Coupon.objects.filter(shop_id=shop_id).exists():
            made += bool(create_coupon(shop_id=shop_id, coupon=_coupon("店铺满 200 减 15", 20_000, 1_500, "everyone")))
        if not FullReductionOffer.objects.filter(shop_id=shop_id).exists():
            steps = ((29_900, 2_000), (59_900, 5_000))
            create_full_reduction(shop_id=shop_id, name="多买多减", steps=steps, starts_at=now, ends_at=now + WEEKS)
            made += 1
        if number < FLASH_SHOPS and not FlashSale.objects.filter(shop_id=shop_id).exists():
            made += _seed_flash_sale(shop_id)
    say(f"Programmes: {made} new")


def _seed_flash_sale(shop_id: int) -> int:
    rows, _ = merchant_products(
        shop_id=shop_id, q="", state="on_sale", category_ids=None, sort="sales", cursor=None, limit=FLASH_PRODUCTS
    )
    items = []
    for row in rows:
        for sku in merchant_product(shop_id=shop_id, product_id=row["id"])["skus"]:
            price_minor = sku["price"].amount_minor * 7 // 10 // 100 * 100
            if price_minor > 0:
                allotment = min(20, sku["available"] // 2)
                if allotment >= 2:
                    items.append(NewFlashItem(sku["id"], price_minor, allotment=allotment, limit_per_person=2))
    if not items:
        return 0
    now = clock.now()
    return bool(
        create_flash_sale(shop_id=shop_id, name="今日秒杀", items=items, starts_at=now, ends_at=now + timedelta(days=2))
    )


def _coupon(name: str, threshold_minor: int, discount_minor: int, audience: str) -> NewCoupon:
    now = clock.now()
    return NewCoupon(
        name=name,
        terms=CouponTerms("fixed", threshold_minor, discount_minor, 0, None),
        audience="new_customer" if audience == "new_customer" else "everyone",
        stock=10_000,
        limit_per_person=1,
        claim_from=now,
        claim_until=now + WEEKS,
        use_from=None,
        use_until=None,
        valid_days=14,
    )
