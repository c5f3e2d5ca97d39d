"""A small market for tests: a shop's offers, two creators with audiences of different leanings."""

from dataclasses import dataclass, field

import numpy as np

from xingqu.accounts.services import create_organisation, create_person
from xingqu.alliance.domain.plans import PlanKind
from xingqu.alliance.services.plans import open_plan
from xingqu.alliance.tests.house import new_creator
from xingqu.catalogue.models import FeatureTag, Product, ProductTag, Sku
from xingqu.engine.matching.audience import Interests, gather
from xingqu.kit import clock
from xingqu.matching.selectors import arrays
from xingqu.matching.services.building import _write, build_creators, build_offers
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

CAMPING, COOKING, PLAIN = 0, 1, 2
PEOPLE = 30


@dataclass
class Market:
    """`products` and `tags` by CAMPING and COOKING; `creators` likewise: what their audience likes."""

    shop: Shop
    products: dict[int, int]
    tags: dict[int, int]
    creators: dict[int, int]
    callers: dict[int, Caller]
    skus: dict[int, int] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/shops/{self.shop.id}"


def person(likes: dict[int, float], creators: dict[int, float], price: float = 100_00) -> Interests:
    """Somebody with these interests by tag, who cares for these creators."""
    ids, named = sorted(likes), sorted(creators)
    return Interests(
        tags=np.array(ids, dtype=np.int64),
        tag_scores=np.array([likes[pk] for pk in ids], dtype=np.float32),
        categories=np.empty(0, np.int64),
        category_scores=np.empty(0, np.float32),
        creators=np.array(named, dtype=np.int64),
        belonging=np.array([creators[pk] for pk in named], dtype=np.float32),
        price_log=float(np.log(price)),
    )


def make_offer(shop: Shop, name: str, tag_id: int, *, price_minor: int = 10_000, commission_bp: int = 2_000) -> int:
    """A product on sale with this tag alone and a plan for everybody. Returns the SKU."""
    sku = make_sku(shop, name=name, price_minor=price_minor)
    product_id = product_of(sku)
    ProductTag.objects.filter(product_id=product_id).delete()
    ProductTag.objects.create(product_id=product_id, tag_id=tag_id, weight=1.0, source=ProductTag.Source.MERCHANT)
    if commission_bp:
        open_plan(
            shop_id=shop.id, product_id=product_id, kind=PlanKind.SIMPLE, commission_bp=commission_bp, person_id=1
        )
    return sku


def product_of(sku: int) -> int:
    return int(Sku.objects.values_list("product_id", flat=True).get(pk=sku))


def make_market() -> Market:
    """One shop with a camping and a cooking product at the same terms, a creator for each with 30 people."""
    shop = make_shop()
    tags = {
        kind: FeatureTag.objects.create(name=f"测试标签{kind}", name_en=f"tag {kind}").pk for kind in (CAMPING, COOKING)
    }
    skus = {kind: make_offer(shop, f"好物{'甲乙'[kind]}", tags[kind]) for kind in tags}
    made = {kind: new_creator() for kind in tags}
    market = Market(
        shop,
        {kind: product_of(sku) for kind, sku in skus.items()},
        tags,
        {kind: creator for kind, (creator, _) in made.items()},
        {kind: caller for kind, (_, caller) in made.items()},
        skus,
    )
    write_audiences(market)
    build_offers()
    build_creators()
    return market


def write_audiences(market: Market, people: int = PEOPLE) -> None:
    """So many people for each creator, each with the leaning of that creator's audience, and a little of the other."""
    everybody = [
        person({market.tags[kind]: 0.8, market.tags[1 - kind]: 0.1}, {market.creators[kind]: 1.0})
        for kind in market.tags
        for _ in range(people)
    ]
    _write(arrays.AUDIENCES.name, gather(everybody, made_at_ms=clock.now_ms()).to_arrays())
    arrays.AUDIENCES.forget()


def list_creators(market: Market) -> None:
    """Both creators are known to the square, as if they had works."""
    ids = np.array(sorted(market.creators.values()), dtype=np.int64)
    zeros = {name: np.zeros(ids.size, np.int64) for name in ("orders", "works", "category_id", "last_published_ms")}
    _write(
        arrays.CREATORS.name,
        {
            "creator_id": ids,
            "amount_minor": np.array([123_456, 50], dtype=np.int64),
            "views": np.array([1_000, 0], dtype=np.int64),
            "followers": np.array([10, 20], dtype=np.int64),
            **zeros,
        },
    )
    arrays.CREATORS.forget()


def agency() -> tuple[int, Caller]:
    """An agency and its owner."""
    owner = create_person(email=f"agency{Product.objects.count()}@x.example", password=None)
    return create_organisation(owner_id=owner, kind="mcn", name=f"机构{owner}"), Caller.signed_in(owner)
