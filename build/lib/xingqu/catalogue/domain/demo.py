"""The demo's shops, by what they sell."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoShop:
    """A shop of the demo, and which leaf categories it sells."""

    slug: str
    name: str
    name_en: str
    description: str
    categories: tuple[str, ...]


DEMO_SHOPS = (
    DemoShop(
        "mianmian", "眠眠家纺", "Mianmian Bedding", "床品、被枕与夏凉，好好睡一觉。", ("床品件套", "被枕", "夏凉")
    ),
    DemoShop(
        "suwu", "素屋家居", "Plain House", "布艺、灯光与摆件，把家布置成喜欢的样子。", ("布艺软装", "家饰", "灯具")
    ),
    DemoShop("yuanmu", "原木研究所", "Wood Studio", "实木家具，用得住的老样子。", ("家具",)),
    DemoShop("maohaizi", "毛孩子日记", "Furry Diary", "猫猫狗狗的吃住行玩。", ("宠物",)),
    DemoShop("sanshi", "三餐四时", "Three Meals", "锅具与点心，认真吃饭。", ("锅具", "糕点")),
    DemoShop("mianduo", "棉朵", "Cotton Bloom", "贴身衣物、毛巾与童装，只用好面料。", ("内裤", "毛巾", "服饰")),
    DemoShop("chufa", "出发文具社", "Set Off", "箱包、文具与热爱的周边。", ("功能箱包", "文具", "魔兽世界")),
)


def demo_shop_of(category: str) -> DemoShop:
    """Which shop of the demo sells a leaf category; what none lists goes to the home shop."""
    return next((shop for shop in DEMO_SHOPS if category in shop.categories), DEMO_SHOPS[1])
