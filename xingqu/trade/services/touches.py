"""The ways by which actors come to products, and on which days to shops: proven, kept, handed on when a guest signs in, forgotten."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from xingqu.catalogue.selectors import shop_id_of_product
from xingqu.kit import clock
from xingqu.kit.sql import execute
from xingqu.kit.transactions import retried
from xingqu.signals.services import open_touch
from xingqu.trade.domain.attribution import Touch
from xingqu.trade.domain.errors import BadTouch
from xingqu.trade.models import ProductTouch, ShopVisit

KEPT = timedelta(days=90)  # the longest window there can be
PROVEN_SURFACES = frozenset({"live", "ad"})
_COLUMNS = "surface, content_id, creator_id, live_room_id, ad_id, request_id, at_ms"
_LATER = (
    " ON CONFLICT (actor_key, product_id, credits) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", "))
    + " WHERE excluded.at_ms >= trade_producttouch.at_ms"
)
_KEEP = f"INSERT INTO trade_producttouch (actor_key, product_id, credits, {_COLUMNS}) VALUES ({', '.join(['%s'] * 10)}){_LATER}"
_MOVE = (
    f"INSERT INTO trade_producttouch (actor_key, product_id, credits, {_COLUMNS})"
    f" SELECT %s, product_id, credits, {_COLUMNS} FROM trade_producttouch WHERE actor_key = %s{_LATER}"
)
_EARLIER = (
    " ON CONFLICT (shop_id, day, actor_key) DO UPDATE SET first_at = excluded.first_at"
    " WHERE excluded.first_at < trade_shopvisit.first_at"
)
_VISIT = f"INSERT INTO trade_shopvisit (shop_id, day, actor_key, first_at) VALUES (%s, %s, %s, %s){_EARLIER}"
_MOVE_VISITS = (
    "INSERT INTO trade_shopvisit (shop_id, day, actor_key, first_at)"
    f" SELECT shop_id, day, %s, first_at FROM trade_shopvisit WHERE actor_key = %s{_EARLIER}"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a client says led to a product: the way, and the proof it was served with. It is nothing until it is proven."""

    surface: str | None = None
    token: str | None = None
    request_id: str | None = None


def prove(*, actor_key: str, product_id: int, claim: Claim) -> Touch:
    """The touch that a claim made now proves. Raises BadTouch: a proof that is not this actor's, not of this product, or too
    old; a way that needs a proof without one."""
    sealed = open_touch(actor_key=actor_key, token=claim.token) if claim.token else None
    if claim.token and (sealed is None or product_id not in sealed.product_ids):
        raise BadTouch(field="touch", expected="the touch of a card that showed you this product today")
    surface = claim.surface or "content"
    if surface in PROVEN_SURFACES and not (sealed and (sealed.live_room_id or sealed.ad_id)):
        raise BadTouch(field="surface", expected="the touch of the live room or ad")
    touch = Touch(surface=surface, at_ms=clock.now_ms(), request_id=claim.request_id)
    if sealed is None:
        return touch
    return replace(
        touch,
        content_id=sealed.content_id,
        creator_id=sealed.creator_id,
        live_room_id=sealed.live_room_id,
        ad_id=sealed.ad_id,
    )


def proven(*, actor_key: str, product_id: int, claim: Claim | None) -> Touch | None:
    """As :func:`prove`, for a purchase: what can't be proven is left out, since nobody is kept from buying by it."""
    if claim is None or not (claim.token or claim.surface):
        return None
    try:
        return prove(actor_key=actor_key, product_id=product_id, claim=claim)
    except BadTouch:
        return None


@retried
@transaction.atomic
def take_touch(*, actor_key: str, product_id: int, claim: Claim) -> None:
    """Keep that an actor came to a product, and today to its shop. Raises NotFound for an unknown product, BadTouch."""
    touch = prove(actor_key=actor_key, product_id=product_id, claim=claim)
    shop_id, now = shop_id_of_product(product_id=product_id), clock.now()
    values = [touch.content_id, touch.creator_id, touch.live_room_id, touch.ad_id, touch.request_id, touch.at_ms]
    execute(_KEEP, [actor_key, product_id, touch.credits, touch.surface, *values])
    execute(_VISIT, [shop_id, timezone.localdate(now), actor_key, now])


@transaction.atomic
def merge_touches(*, from_key: str, to_key: str) -> None:
    """A guest turned out to be a person: their ways and visits are the person's; of two ways the later one stays, of two visits
    on a day the earlier. Idempotent."""
    execute(_MOVE, [to_key, from_key])
    ProductTouch.objects.filter(actor_key=from_key).delete()
    execute(_MOVE_VISITS, [to_key, from_key])
    ShopVisit.objects.filter(actor_key=from_key).delete()


def forget_touches() -> int:
    """Drop what no window can reach any more. Returns how many ways."""
    edge = clock.now() - KEPT
    ShopVisit.objects.filter(day__lt=timezone.localdate(edge)).delete()
    return ProductTouch.objects.filter(at_ms__lt=round(edge.timestamp() * 1000)).delete()[0]
