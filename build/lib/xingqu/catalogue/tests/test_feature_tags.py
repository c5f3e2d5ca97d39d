"""Feature tags: sensible as a person's interests."""

from collections.abc import Callable

import pytest

from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.feature_tags import (
    MAX_TAGS,
    curated_tags,
    english_name,
    lexicon,
    read_tags,
    segmented_nouns,
    weigh_tags,
)
from xingqu.catalogue.models import FeatureTag
from xingqu.kit.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("日式色织水洗棉条纹四件套", ["日式", "色织", "水洗棉", "条纹", "四件套"]),
        ("埃及进口长绒棉毛巾", ["长绒棉", "毛巾"]),
        ("升级款护颈波浪记忆枕", ["护颈", "记忆枕"]),
        ("宠物外出便携硅胶折叠碗", ["宠物", "旅行", "硅胶", "宠物食具"]),
        ("LCD电子钟 升级版", ["钟表"]),
        ("100克 200*230cm", []),
        ("", []),
    ],
)
def test_curated_tags_of_a_title(text: str, tags: list[str]) -> None:
    assert curated_tags(text) == tags


def test_nouns_outside_the_lexicon_leave_out_units_and_stop_words() -> None:
    assert segmented_nouns("优质音箱 500克 系列") == ["音箱"]


def test_what_the_merchant_states_weighs_most_and_rare_tags_more_than_common_ones() -> None:
    found = read_tags(
        name="纯棉四件套",
        brief="亲肤",
        attributes=[("材质", "羊毛"), ("温馨提示", "避免接触猫")],
        category_tags=("床品",),
        stated=("新中式",),
    )
    assert "猫" not in found
    assert {tag: source for tag, (_, source) in found.items()} == {
        "新中式": "merchant",
        "纯棉": "title",
        "四件套": "title",
        "亲肤": "title",
        "羊毛": "attribute",
        "床品": "category",
    }
    tags = weigh_tags(found, product_counts={"纯棉": 90, "四件套": 3}, products=100)
    assert tags[0].name == "新中式"
    assert tags[0].weight == 1.0
    weights = {tag.name: tag.weight for tag in tags}
    assert weights["四件套"] > weights["纯棉"]
    assert all(0 < tag.weight <= 1 for tag in tags)
    assert len(tags) <= MAX_TAGS


def test_implied_tags_exist_and_every_curated_tag_has_an_english_name() -> None:
    words, _ = lexicon()
    assert [word.name for word in words.values() if not word.name_en.isascii() or not word.name_en] == []
    assert {implied for word in words.values() for implied in word.implies} <= set(words)
    assert english_name("纯棉") == "Cotton"
    assert english_name("没有的词") == "没有的词"


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("全棉", "Cotton"),  # another spelling
        ("床品件套", "Bedding sets"),  # a category
        ("登机箱", "Cabin suitcase"),  # a word of the demo's contents, more precise than the tag it counts as
        ("羊毛地毯", "Wool rug"),
        ("纯棉四件套", "Cotton four-piece bedding set"),
        ("羊毛羊毛", "Wool"),
        ("羊毛围脖", "羊毛围脖"),  # half of it is unknown: half a name would say something else
        ("纯棉四件套" * 4, "Cotton four-piece bedding set"),
        ("camping", "camping"),
    ],
)
def test_a_new_tag_gets_an_english_name_from_what_is_known(name: str, english: str) -> None:
    assert english_name(name) == english


def test_the_vocabulary_gives_each_name_one_id(db: None) -> None:
    first = services.ensure_tags(["露营", " 露营 ", "自制词"])
    assert first["露营"] == first[" 露营 "]
    assert services.ensure_tags(["露营"]) == {"露营": first["露营"]}
    assert FeatureTag.objects.count() == 2
    assert selectors.tags_by_ids(first.values())[first["露营"]].name_en == "Camping"
    assert selectors.tags_by_ids(first.values())[first["自制词"]].name_en == "自制词"
    for bad in ("", " ", "x" * 25):
        with pytest.raises(InvalidInput):
            services.ensure_tags([bad])
    assert FeatureTag.objects.count() == 2


def test_tags_follow_the_product(make_product: Callable[..., int], shop_id: int) -> None:
    product_id = make_product(stated_tags=("轻奢",))
    names = [tag.name for tag in selectors.cards([product_id])[product_id].feature_tags]
    assert names[0] == "轻奢"
    assert {"四件套", "纯棉", "刺绣", "床品"} <= set(names)
    ranked = selectors.feature_tags_of([product_id])[product_id]
    assert [weight for _, weight in ranked] == sorted((weight for _, weight in ranked), reverse=True)
    version = selectors.merchant_product(shop_id=shop_id, product_id=product_id)["version"]
    services.update_product(
        shop_id=shop_id, product_id=product_id, version=version, changes={"name": "羊毛盖毯", "stated_tags": []}
    )
    services.submit_product(shop_id=shop_id, product_id=product_id, needs_picture=False)
    names = [tag.name for tag in selectors.cards([product_id])[product_id].feature_tags]
    assert {"羊毛", "盖毯"} <= set(names)
    assert "四件套" not in names
