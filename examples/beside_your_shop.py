"""A shop, its engine, and one visitor, in one file. Run it:

    python examples/beside_your_shop.py [folder]

What is printed: the page for a stranger, what the engine believes after four actions, the page after them, and what is
left of the visitor once they ask to be forgotten.
"""

import sys
import tempfile

from xingqu.standalone import Engine, Page

KINDS = {
    "tent": ["camping", "outdoor"],
    "pan": ["kitchen", "cast iron"],
    "shoe": ["running", "outdoor"],
    "lamp": ["lighting", "living room"],
    "puzzle": ["puzzles", "family"],
}


def catalogue() -> list[dict]:
    """300 products: an id of your own, some tags, a brand, a price. Only the id is needed; tags help most."""
    return [
        {
            "id": f"{kind}-{number}",
            "tags": tags,
            "creator": f"brand-{number % 12}",
            "category": kind,
            "price_minor": 1_900 + 350 * number,
        }
        for number in range(60)
        for kind, tags in KINDS.items()
    ]


def show(title: str, page: Page) -> None:
    print(title)
    for place in page.items:
        why = ", ".join(f"{reason.tag} ({reason.horizon})" for reason in place.reasons) or "no personal reason"
        print(f"  {place.position + 1:2} {place.item:10} {place.channel:14} {why}")


def main(folder: str) -> None:
    with Engine.open(folder) as engine:
        # 1. What you sell. `put_items` is durable when it returns; the background takes it up within a second or so.
        print(engine.put_items(catalogue()))
        engine.refresh()  # or wait; only so that this script need not

        # 2. A stranger's page.
        show("A stranger sees:", engine.recommend("anna", size=8))

        # 3. What they do. An id of your own makes each event count once, however often it is sent.
        told = engine.observe(
            [
                {"id": "e1", "person": "anna", "kind": "dwell", "item": "tent-7", "value": 14_000},
                {"id": "e2", "person": "anna", "kind": "product_click", "item": "tent-7"},
                {"id": "e3", "person": "anna", "kind": "add_to_cart", "item": "shoe-3", "value": 1},
                {"id": "e4", "person": "anna", "kind": "skip", "item": "pan-2", "value": 700},
                {"id": "e2", "person": "anna", "kind": "product_click", "item": "tent-7"},
            ]
        )
        print(f"accepted {told.accepted}, duplicates {told.duplicates}")

        # 4. The next page knows, and says why.
        show("Then Anna sees:", engine.recommend("anna", size=8))
        for interest in engine.explain("anna").interests:
            print(f"  believes {interest.tag}: {interest.score:+.2f}")

        # 5. What she sets by hand is respected at once; and she may leave.
        engine.set_preferences("anna", block=["camping"])
        show("Without camping:", engine.recommend("anna", size=4))
        print("forgotten:", engine.delete_person("anna"), "- known:", engine.explain("anna").known)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(temporary)
