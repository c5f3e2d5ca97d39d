"""Reads of content."""

from xingqu.content.demo.plan import shipped_pictures
from xingqu.content.domain import has_forbidden_words
from xingqu.content.selectors.captions import public_captions, shop_captions
from xingqu.content.selectors.cards import card, cards, media_url, share_url, visible_ids
from xingqu.content.selectors.comments import comment_row, comments_of_content
from xingqu.content.selectors.engine import snapshot_rows
from xingqu.content.selectors.figures import content_figures
from xingqu.content.selectors.lists import (
    anchored_product_ids,
    contents_of_creator,
    contents_of_product,
    creator_page,
    followed_creator_ids,
    followed_creators,
    follower_counts,
    liked_contents,
    saved_contents,
    search_contents,
)
from xingqu.content.selectors.moderation import comment_of_shop, comment_rules, comments_of_shop
from xingqu.content.selectors.rights import anchor_products, may_show, rights_among
from xingqu.content.selectors.studio import (
    owned_ids,
    received_bytes,
    shop_asset,
    shop_assets,
    shop_content,
    shop_content_counts,
    shop_contents,
    upload_path,
)

__all__ = [
    "anchor_products",
    "anchored_product_ids",
    "card",
    "cards",
    "comment_of_shop",
    "comment_row",
    "comment_rules",
    "comments_of_content",
    "comments_of_shop",
    "content_figures",
    "contents_of_creator",
    "contents_of_product",
    "creator_page",
    "followed_creator_ids",
    "followed_creators",
    "follower_counts",
    "has_forbidden_words",
    "liked_contents",
    "may_show",
    "media_url",
    "owned_ids",
    "public_captions",
    "received_bytes",
    "rights_among",
    "saved_contents",
    "search_contents",
    "share_url",
    "shipped_pictures",
    "shop_asset",
    "shop_assets",
    "shop_captions",
    "shop_content",
    "shop_content_counts",
    "shop_contents",
    "snapshot_rows",
    "upload_path",
    "visible_ids",
]
