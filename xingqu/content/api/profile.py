"""Becoming a creator, and the publishing account of a workplace as it presents itself."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Router, Schema, Status, UploadedFile
from pydantic import StringConstraints

from xingqu.accounts.selectors import creators_of, organisation_card, person_of, shop_of
from xingqu.catalogue.contracts import ProductCardOut
from xingqu.content import selectors, services
from xingqu.content.schemas import CreatorPageOut
from xingqu.kit.api import Id, Limit, ListOut, ShortText
from xingqu.kit.errors import NotFound

router = Router(tags=["studio"])
Handle = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{2,29}$")]
CreatorName = Annotated[ShortText, StringConstraints(min_length=2, max_length=30)]
Bio = Annotated[ShortText, StringConstraints(max_length=120)]


class StudioIn(Schema):
    """`handle` is the account's name in addresses: small letters, digits, ``_ . -``."""

    handle: Handle
    display_name: CreatorName
    bio: Bio = ""


class StudioOut(Schema):
    """A creator's workplace."""

    id: int
    kind: str
    name: str
    name_en: str
    description: str
    avatar_url: str


class ProfilePatch(Schema):
    """What is absent stays as it is."""

    handle: Handle | None = None
    display_name: CreatorName | None = None
    bio: Bio | None = None


@router.post("/studios", response={201: StudioOut})
def open_studio(request: HttpRequest, payload: StudioIn) -> Any:
    """Become a creator: a workplace of one's own with its publishing account."""
    studio_id = services.open_studio(owner_id=person_of(request), **payload.dict())
    return Status(201, organisation_card(organisation_id=studio_id))


@router.get("/shops/{shop_id}/profile", response=CreatorPageOut)
def get_profile(request: HttpRequest, shop_id: Id) -> Any:
    """The workplace's publishing account with its followers, works and likes."""
    shop_of(request, shop_id, "view")
    return selectors.creator_page(creator_id=account_of(shop_id), viewer=None)


@router.patch("/shops/{shop_id}/profile", response=CreatorPageOut)
def update_profile(request: HttpRequest, shop_id: Id, payload: ProfilePatch) -> Any:
    """Change name, handle or words of the publishing account."""
    shop_of(request, shop_id, "shop.write")
    services.update_profile(creator_id=account_of(shop_id), **payload.dict())
    return selectors.creator_page(creator_id=account_of(shop_id), viewer=None)


@router.post("/shops/{shop_id}/profile/avatar", response=CreatorPageOut)
def upload_avatar(request: HttpRequest, shop_id: Id, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """A JPEG, PNG or WebP picture of up to 5 MB for the publishing account; its middle is cut to a square."""
    shop_of(request, shop_id, "shop.write")
    services.save_avatar(creator_id=account_of(shop_id), file=file)
    return selectors.creator_page(creator_id=account_of(shop_id), viewer=None)


@router.get("/shops/{shop_id}/anchor-products", response=ListOut[ProductCardOut])
def list_anchor_products(request: HttpRequest, shop_id: Id, q: ShortText = "", limit: Limit = 20) -> Any:
    """Products of other shops that works and live rooms of this workplace may show now: what was taken up in the alliance."""
    shop_of(request, shop_id, "view")
    items = selectors.anchor_products(creator_id=account_of(shop_id), q=q, limit=limit)
    return {"items": items, "next_cursor": None}


def account_of(shop_id: int) -> int:
    """The workplace's publishing account. Raises NotFound where it has none."""
    found = creators_of(organisation_id=shop_id)
    if not found:
        raise NotFound
    return found[0].id
