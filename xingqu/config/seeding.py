"""What the demo starts with. Each step is idempotent, so an interrupted seed goes on where it stopped."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from xingqu.accounts import selectors, services
from xingqu.accounts.api import DEMO_EMAILS
from xingqu.catalogue import services as catalogue
from xingqu.catalogue.selectors import category_cards, ids_by_external_id
from xingqu.config.environment import Environment
from xingqu.content import services as content
from xingqu.content.selectors import shipped_pictures
from xingqu.feed.services import rebuild_snapshot
from xingqu.programmes.services import seed_programmes

Say = Callable[[str], object]
DEMO_NAMES = {
    "consumer": "体验用户",
    "merchant": "体验商家",
    "creator": "体验达人",
    "agency": "体验机构",
    "operator": "平台运营",
}
# Of the plan's publishing accounts the one that the demo's creator works in.
STUDIO_HANDLE = "xiaowu"
AGENCY = ("橙光达人机构", "Orange Light Creators")


def seed_demo(*, environment: Environment, say: Say, past: bool = False) -> None:
    """People, shops, products, the first contents; the rest is queued for the jobs process.

    `past`: meanwhile the simulator plays the days before (`simulator/history.py`), at the site's own address.
    """
    people = seed_people(say=say)
    shops = seed_shops(owner_id=people["merchant"], say=say)
    seed_products(shops=shops, say=say)
    seed_programmes(shops=shops, say=say)
    seed_workplaces(people=people)
    playing = play_past(days=environment.demo_past_days, say=say) if past and environment.demo_past_days else None
    content.seed_first(clips=environment.demo_first_clips, pictures=environment.demo_first_posts, say=say)
    added = content.seed_rest(clips_max=environment.demo_later_clips)
    if added:
        say(f"Content: {added} more will be made in the background")
    rebuild_snapshot()
    if playing is not None and playing.wait() != 0:
        say("Trade of the days before: cut short; the demo is complete without it")


def play_past(*, days: int, say: Say) -> "subprocess.Popen[bytes]":
    """Start to play days of trade; what was played once is not played again."""
    say(f"Trade: playing {days} days ...")
    return subprocess.Popen([sys.executable, "-m", "simulator.history", "--days", str(days)])


def seed_people(*, say: Say) -> dict[str, int]:
    """The demo's people, one a role. They have no password: the demo's role switch is the way in."""
    ids = {}
    for role, email in DEMO_EMAILS.items():
        person_id = selectors.person_id_by_email(email=email)
        ids[role] = person_id or services.create_person(
            email=email, password=None, display_name=DEMO_NAMES[role], is_operator=role == "operator"
        )
    say(f"People: {len(ids)}")
    return ids


def seed_shops(*, owner_id: int, say: Say) -> dict[str, int]:
    """The demo's shops by slug, all owned by the demo's merchant."""
    ids = {}
    for shop in catalogue.DEMO_SHOPS:
        found = selectors.organisation_id_named(name=shop.name)
        ids[shop.slug] = found or services.create_organisation(
            owner_id=owner_id,
            kind="merchant",
            name=shop.name,
            name_en=shop.name_en,
            description=shop.description,
            avatar_url=content.publish_avatar(handle=f"shop-{shop.slug}"),
        )
    say(f"Shops: {len(ids)}")
    return ids


def seed_workplaces(*, people: Mapping[str, int]) -> None:
    """The studio of the demo's creator, with one of the plan's publishing accounts, and the agency of its agent."""
    content.ensure_creators()
    creator_id = selectors.creator_id_by_handle(handle=STUDIO_HANDLE)
    card = selectors.creators_by_ids(ids=[creator_id])[creator_id] if creator_id is not None else None
    if card is not None and card.organisation_id is None:
        studio_id = selectors.organisation_id_named(name=card.display_name) or services.create_organisation(
            owner_id=people["creator"],
            kind="creator",
            name=card.display_name,
            name_en=card.display_name_en,
            avatar_url=card.avatar_url,
        )
        services.house_creator(creator_id=card.id, organisation_id=studio_id)
    name, name_en = AGENCY
    if selectors.organisation_id_named(name=name) is None:
        services.create_organisation(owner_id=people["agency"], kind="mcn", name=name, name_en=name_en)


def seed_products(*, shops: dict[str, int], say: Say) -> None:
    """Import the shipped catalogue by the importer that merchants use, then hang up the shipped pictures."""

    def shop_of(path: Sequence[str]) -> int:
        return shops[catalogue.demo_shop_of(path[-1]).slug]

    catalogue.ensure_category_tree()
    catalogue.name_tags()
    with catalogue.demo_file().open("rb") as file:
        report = catalogue.import_catalogue(
            lines=catalogue.open_lines(file),
            form="jsonl",
            shop_of=shop_of,
            publish=True,
            needs_picture=False,
            make_categories=True,
        )
    say(f"Products: {report.created} new, {report.updated} changed, {report.unchanged} as they were")
    pictures = shipped_pictures()
    known = ids_by_external_id(external_ids=pictures)
    for external_id, picture in pictures.items():
        if external_id in known:
            catalogue.set_pictures(product_id=known[external_id], files=[picture.path])
    for card in category_cards().values():
        if not card.cover_url and (url := content.publish_cover(slug=card.slug)):
            catalogue.set_category_cover(category_id=card.id, url=url)
