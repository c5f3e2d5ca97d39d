"""What a shop's listings lack, and what it mainly sells."""

from collections import Counter

from xingqu.catalogue.models import Category, Product
from xingqu.catalogue.selectors.shop import STATES

MOST = 1_000


def shelf_problems(*, shop_id: int) -> dict[str, list[int]]:
    """Products of a shop by what is wrong with them, up to 1,000 each: rejected, sold_out, low_stock, no_picture, no_attributes."""
    rows = Product.objects.filter(shop_id=shop_id)
    on_sale = rows.filter(STATES["on_sale"])
    sold_out = rows.filter(STATES["sold_out"])
    wanted = {
        "rejected": rows.filter(STATES["rejected"]),
        "sold_out": sold_out,
        "low_stock": rows.filter(STATES["low_stock"]).exclude(pk__in=sold_out.values("pk")),
        "no_picture": on_sale.filter(picture_url=""),
        "no_attributes": on_sale.filter(attributes__isnull=True),
    }
    return {
        code: list(found.order_by("-sold_count").values_list("id", flat=True)[:MOST]) for code, found in wanted.items()
    }


def main_category(*, shop_id: int) -> int | None:
    """The root of the category tree under which most of a shop's products on sale stand; None when none is."""
    counted = Counter(Product.objects.filter(STATES["on_sale"], shop_id=shop_id).values_list("category_id", flat=True))
    parents = dict(Category.objects.values_list("id", "parent_id"))
    roots: Counter[int] = Counter()
    for category_id, count in counted.items():
        root = category_id
        while (above := parents.get(root)) is not None:
            root = above
        roots[root] += count
    return min(roots, key=lambda pk: (-roots[pk], pk)) if roots else None
