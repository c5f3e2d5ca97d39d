"""Search finds what people mean."""

from collections.abc import Callable, Sequence

import pytest

from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.records import SkuRecord
from xingqu.catalogue.domain.search_text import best_correction, edit_distance, fold, pinyin_of, query_tokens
from xingqu.catalogue.models import Product
from xingqu.kit.errors import InvalidInput


@pytest.fixture
def shelf(make_product: Callable[..., int], shop_id: int) -> dict[str, int]:
    """Five products on the shelf, and one that is not."""
    towels = selectors.find_category(path=["洗护", "毛巾"])
    pets = selectors.find_category(path=["居家", "宠物"])
    return {
        "棉": make_product(name="日式纯棉四件套"),
        "麻": make_product(name="北欧亚麻四件套", brief="透气"),
        "巾": make_product(name="埃及长绒棉毛巾", category_id=towels),
        "浴": make_product(name="超柔浴巾", category_id=towels),
        "猫": make_product(name="桐木猫抓板", category_id=pets),
        "稿": make_product(name="日式毛巾草稿", online=False),
    }


def found(q: str, shelf: dict[str, int], **options: object) -> set[str]:
    names = {pk: name for name, pk in shelf.items()}
    return {names[pk] for pk in selectors.search_products(q=q, **options).ids}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("毛巾", {"巾", "浴"}),
        ("四件套", {"棉", "麻"}),
        ("日式四件套", {"棉"}),
        ("全棉", {"棉", "麻", "巾", "浴", "猫"}),  # all state 100%棉
        ("猫", {"猫"}),
        ("貓抓板", {"猫"}),
        ("maojin", {"巾", "浴"}),
        ("SIJIANTAO", {"棉", "麻"}),
        ("towels", {"巾", "浴"}),
        ("素屋", {"棉", "麻", "巾", "浴", "猫"}),
        ("四件套 埃及", {"棉", "麻", "巾"}),  # no product has both: most of the words will do
        ("", {"棉", "麻", "巾", "浴", "猫"}),
        ("！？", set()),
        ("挖掘机", set()),
    ],
)
def test_queries(shelf: dict[str, int], q: str, expected: set[str]) -> None:
    assert found(q, shelf) == expected


def test_the_best_match_comes_first(shelf: dict[str, int]) -> None:
    assert selectors.search_products(q="长绒棉毛巾").ids[0] == shelf["巾"]


def test_gains_move_relevance_alone_and_nothing_at_0(shelf: dict[str, int]) -> None:
    plain = selectors.search_products(q="素屋")
    asked: list[int] = []

    def gains(ids: Sequence[int]) -> list[float]:
        asked.extend(ids)
        return [0.2 if pk == plain.ids[-1] else -0.2 if pk == plain.ids[0] else 0.0 for pk in ids]

    assert selectors.search_products(q="素屋", gains=lambda ids: [0.0] * len(ids)) == plain
    moved = selectors.search_products(q="素屋", gains=gains)
    assert sorted(asked) == sorted(plain.ids)
    assert (sorted(moved.ids), moved.total, moved.facets) == (sorted(plain.ids), plain.total, plain.facets)
    assert (moved.ids[0], moved.ids[-1]) == (plain.ids[-1], plain.ids[0])
    cheap = selectors.search_products(q="素屋", sort="price_asc", gains=gains)
    assert cheap == selectors.search_products(q="素屋", sort="price_asc")


@pytest.mark.parametrize(("typed", "meant"), [("毛斤", "毛巾"), ("猫爪板", "猫抓板"), ("四见套", "四件套")])
def test_slips_are_corrected(shelf: dict[str, int], typed: str, meant: str) -> None:
    page = selectors.search_products(q=typed)
    assert page.corrected_query == meant
    assert page.ids == selectors.search_products(q=meant).ids
    assert page.total > 0


def test_an_empty_result_says_what_could_be_searched(shelf: dict[str, int]) -> None:
    page = selectors.search_products(q="挖掘机")
    assert (page.ids, page.total, page.next_cursor, page.corrected_query) == ((), 0, None, None)
    assert len(page.suggestions) >= 3


def test_filters_facets_and_paging(shelf: dict[str, int], shop_id: int) -> None:
    page = selectors.search_products(q="素屋", limit=2)
    assert (page.total, len(page.ids)) == (5, 2)
    assert sorted(count for _, count in page.facets) == [1, 2, 2]
    seen = list(page.ids)
    while page.next_cursor:
        page = selectors.search_products(q="素屋", limit=2, cursor=page.next_cursor)
        seen += page.ids
    assert sorted(seen) == sorted(pk for name, pk in shelf.items() if name != "稿")
    bath = selectors.find_category(path=["洗护"])
    assert found("素屋", shelf, category_id=bath) == {"巾", "浴"}
    assert sorted(count for _, count in selectors.search_products(q="素屋", category_id=bath).facets) == [1, 2, 2]
    version = Product.objects.get(pk=shelf["猫"]).version
    services.replace_skus(
        shop_id=shop_id,
        product_id=shelf["猫"],
        version=version,
        options=[],
        skus=[SkuRecord((), 100, stock=1)],
    )
    assert found("素屋", shelf, max_price_minor=100) == {"猫"}
    assert found("素屋", shelf, min_price_minor=101, max_price_minor=40000) == {"棉", "麻", "巾", "浴"}
    assert selectors.search_products(q="素屋", sort="price_asc").ids[0] == shelf["猫"]
    assert selectors.search_products(q="素屋", sort="price_desc").ids[-1] == shelf["猫"]
    services.add_sold(units={shelf["浴"]: 3})
    assert selectors.search_products(q="素屋", sort="sales").ids[0] == shelf["浴"]
    assert selectors.search_products(q="素屋", sort="new").ids[0] == shelf["猫"]
    with pytest.raises(InvalidInput):
        selectors.search_products(q="素屋", cursor="nonsense")


def test_the_index_follows_the_shelf(shelf: dict[str, int], shop_id: int) -> None:
    services.take_offline(shop_id=shop_id, product_id=shelf["巾"])
    assert found("毛巾", shelf) == {"浴"}
    services.take_online(shop_id=shop_id, product_id=shelf["巾"])
    assert found("毛巾", shelf) == {"巾", "浴"}
    services.delete_product(shop_id=shop_id, product_id=shelf["浴"])
    assert found("毛巾", shelf) == {"巾"}
    services.ban_product(shop_id=shop_id, product_id=shelf["巾"], reason="抽检不合格")
    assert found("毛巾", shelf) == set()


def test_suggestions(shelf: dict[str, int]) -> None:
    def texts(q: str) -> list[str]:
        return [row.text for row in selectors.suggest(q=q)]

    assert texts("毛")[0] == "毛巾"
    assert texts("mao")[0] == "毛巾"
    assert texts("sjt") == ["四件套"]
    assert "日式纯棉四件套" in texts("日式")
    assert "日式毛巾草稿" not in texts("日式")
    assert texts("") == []
    assert texts("%") == []
    assert texts("_") == []


def test_folding_and_distance() -> None:
    assert fold(" ＡＢＣ純棉　枕頭 ") == "abc纯棉 枕头"
    assert pinyin_of("毛巾") == ("maojin", "mj")
    assert query_tokens("我想买毛巾 毛巾") == ["毛巾"]
    assert [edit_distance(a, b, at_most=2) for a, b in (("ab", "ba"), ("abc", "abd"), ("abc", "xyz"), ("", "abc"))] == [
        1,
        1,
        3,
        3,
    ]
    assert best_correction("毛斤", {"毛巾": "maojin", "枕头": "zhentou"}) == "毛巾"
    assert best_correction("火箭", {"毛巾": "maojin"}) is None
