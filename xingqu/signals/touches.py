"""What was shown, sealed: a client that hands it back proves that this site showed it to this actor.

A touch names the content, creator, live room or ad that led to a product. Commission and ad reports rest on it, so that no
client may name what its person never met. Whoever serves a card seals one; whoever takes a click opens it.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings

from xingqu.kit import clock
from xingqu.signals.contracts import SealedTouch

_MAC_BYTES = 15  # no padding in base 64
_MOST_PRODUCTS = 60


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"signals.touch" + secret.encode()).digest()


def _mac(actor_key: str, text: str) -> str:
    digest = hashlib.blake2b(
        f"{actor_key} {text}".encode(), key=_key(settings.SECRET_KEY), digest_size=_MAC_BYTES
    ).digest()
    return base64.urlsafe_b64encode(digest).decode()


def seal_touch(
    *,
    actor_key: str,
    product_ids: Sequence[int],
    content_id: int = 0,
    creator_id: int = 0,
    live_room_id: int = 0,
    ad_id: int = 0,
) -> str:
    """Text that says what this actor is shown now, and for which products. Ids that do not apply are 0."""
    products = "-".join(map(str, product_ids[:_MOST_PRODUCTS]))
    text = f"{content_id}.{creator_id}.{live_room_id}.{ad_id}.{clock.now_ms() // 1000}.{products}"
    return f"{text}.{_mac(actor_key, text)}"


def open_touch(*, actor_key: str, token: str) -> SealedTouch | None:
    """What `seal_touch` said to this actor; None for anything else, and for what is too old (`touch_valid_s`)."""
    text, _, mac = token.rpartition(".")
    if not text.isascii() or not mac.isascii() or not hmac.compare_digest(_mac(actor_key, text), mac):
        return None
    content_id, creator_id, live_room_id, ad_id, at_s, products = text.split(".")
    if clock.now_ms() // 1000 - int(at_s) > settings.ENVIRONMENT.touch_valid_s:
        return None
    return SealedTouch(
        content_id=int(content_id) or None,
        creator_id=int(creator_id) or None,
        live_room_id=int(live_room_id) or None,
        ad_id=int(ad_id) or None,
        product_ids=frozenset(int(pk) for pk in products.split("-") if pk),
    )
