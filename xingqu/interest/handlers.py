"""What interest does when something happened elsewhere."""

from xingqu.accounts import selectors as accounts
from xingqu.accounts.contracts import Actor
from xingqu.events.accounts import GuestMerged
from xingqu.events.content import CreatorFollowed, CreatorUnfollowed
from xingqu.events.trade import OrderPaid, OrderRefunded
from xingqu.interest import services
from xingqu.interest.contracts import Signal
from xingqu.kit.outbox import outside


def merge_guest_interest(fact: GuestMerged) -> None:
    """A guest signed in: their interests go with them."""
    services.merge_guest(guest_key=fact.guest_key, person_id=fact.person_id)


def follow_creator(fact: CreatorFollowed) -> None:
    """The followed creator enters the actor's feed."""
    services.set_followed(actor=_actor_from_key(fact.actor_key), creator_id=fact.creator_id, followed=True)


def unfollow_creator(fact: CreatorUnfollowed) -> None:
    """The creator is no longer followed."""
    services.set_followed(actor=_actor_from_key(fact.actor_key), creator_id=fact.creator_id, followed=False)


@outside
def tell_order(fact: OrderPaid) -> None:
    """What was bought says most about an interest; the content it was bought from is told apart from the product."""
    for line, attribution in zip(fact.lines, fact.attributions, strict=True):
        sku_id, product_id, quantity, _ = line
        services.tell(
            actor=_actor_from_key(fact.buyer_key),
            kind=Signal.ORDER,
            reference=f"{fact.order_no}:{sku_id}",
            content_id=attribution[0] or 0,
            product_id=product_id,
            value=quantity,
        )


def tell_return(fact: OrderRefunded) -> None:
    """What was given back is taken back."""
    for sku_id, product_id, quantity, _ in fact.lines:
        services.tell(
            actor=_actor_from_key(fact.buyer_key),
            kind=Signal.RETURN,
            reference=f"{fact.order_no}:{sku_id}",
            product_id=product_id,
            value=quantity,
        )


def _actor_from_key(key: str) -> Actor:
    """The actor of a key such as ``p12`` or ``g345``; a guest who signed in since is the person. Raises ValueError."""
    number = int(key[1:])
    if key[0] == "p":
        return Actor(person_id=number, guest_key=None)
    if key[0] == "g":
        person_id = accounts.person_of_guest(guest_key=number)
        return Actor(person_id=person_id, guest_key=None if person_id is not None else number)
    raise ValueError(f"{key!r} is no actor's key")
