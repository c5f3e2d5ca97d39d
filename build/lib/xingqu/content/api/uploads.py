"""Resumable uploads by tus 1.0: core, creation, termination, expiration, checksum. The id in the address is the asset's.

POST makes an upload (`Upload-Length`, `Upload-Metadata` with filename), PATCH appends at `Upload-Offset`, HEAD tells the offset
after a break, DELETE gives up. Chunks of about 8 MB are advised.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from ninja import Router

from xingqu.accounts.selectors import person_of, shop_of
from xingqu.content import services
from xingqu.content.services.uploads import CHECKSUMS
from xingqu.kit.api import Id
from xingqu.kit.errors import BusinessError, InvalidInput, error_body
from xingqu.kit.ids import MAX_ID

router = Router(tags=["uploads"])
TUS_VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration,checksum"


class ProtocolVersion(BusinessError):
    code = "tus_version"
    status = 412
    message = "This server speaks tus 1.0.0."


class WrongContentType(BusinessError):
    code = "wrong_content_type"
    status = 415
    message = "The bytes of an upload are application/offset+octet-stream."


def _speaks_tus(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Check the protocol version, and give every answer, refusals too, the headers that tus asks for."""

    @wraps(view)
    def speak(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != TUS_VERSION:
                raise ProtocolVersion(field="Tus-Resumable", expected=TUS_VERSION)
            response = view(request, *args, **kwargs)
        except BusinessError as error:
            response = HttpResponse(
                orjson.dumps(error_body(error)), status=error.status, content_type="application/json"
            )
            if error.retry_after_s is not None:
                response["Retry-After"] = str(error.retry_after_s)
        response["Tus-Resumable"] = TUS_VERSION
        response["Cache-Control"] = "no-store"
        if response.status_code == ProtocolVersion.status:
            response["Tus-Version"] = TUS_VERSION
        return response

    return speak


def _read_number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > MAX_ID:
        raise InvalidInput(field=header, expected="a whole number of bytes")
    return int(text)


def _expires(response: HttpResponse, at: datetime | None) -> HttpResponse:
    if at is not None:
        response["Upload-Expires"] = http_date(at.timestamp())
    return response


@router.api_operation(["OPTIONS"], "/shops/{shop_id}/uploads", response={204: None})
@_speaks_tus
def describe_uploads(request: HttpRequest, shop_id: Id) -> HttpResponse:
    """What the server can: version, extensions, the largest file, checksum algorithms."""
    response = HttpResponse(status=204)
    response["Tus-Version"] = TUS_VERSION
    response["Tus-Extension"] = EXTENSIONS
    response["Tus-Max-Size"] = str(settings.ENVIRONMENT.upload_limit_bytes)
    response["Tus-Checksum-Algorithm"] = ",".join(CHECKSUMS)
    return response


@router.post("/shops/{shop_id}/uploads", response={201: None})
@_speaks_tus
def create_upload(request: HttpRequest, shop_id: Id) -> HttpResponse:
    """Start an upload; `Location` is where its bytes go."""
    shop_of(request, shop_id, "content.write")
    asset_id, expires_at = services.begin_upload(
        shop_id=shop_id,
        uploader_id=person_of(request),
        length=_read_number(request, "Upload-Length"),
        metadata=request.headers.get("Upload-Metadata", ""),
    )
    response = HttpResponse(status=201)
    response["Location"] = f"{request.path.rstrip('/')}/{asset_id}"
    response["Upload-Offset"] = "0"
    return _expires(response, expires_at)


@router.api_operation(["HEAD"], "/shops/{shop_id}/uploads/{asset_id}", response={200: None})
@_speaks_tus
def get_upload(request: HttpRequest, shop_id: Id, asset_id: Id) -> HttpResponse:
    """Where the upload stands."""
    shop_of(request, shop_id, "content.write")
    offset, asset = services.find_upload(shop_id=shop_id, asset_id=asset_id)
    response = HttpResponse(status=200)
    response["Upload-Offset"] = str(offset)
    response["Upload-Length"] = str(asset.size_bytes)
    if asset.upload_metadata:
        response["Upload-Metadata"] = asset.upload_metadata
    return _expires(response, asset.expires_at)


@router.patch("/shops/{shop_id}/uploads/{asset_id}", response={204: None})
@_speaks_tus
def append_upload(request: HttpRequest, shop_id: Id, asset_id: Id) -> HttpResponse:
    """Append the body at `Upload-Offset`. 409 `offset_mismatch` says where it stands, 423 that another request writes."""
    shop_of(request, shop_id, "content.write")
    if request.content_type != "application/offset+octet-stream":
        raise WrongContentType(field="Content-Type", expected="application/offset+octet-stream")
    offset, expires_at = services.append_bytes(
        shop_id=shop_id,
        asset_id=asset_id,
        offset=_read_number(request, "Upload-Offset"),
        stream=request,
        announced=_read_number(request, "Content-Length"),
        checksum=request.headers.get("Upload-Checksum", ""),
    )
    response = HttpResponse(status=204)
    response["Upload-Offset"] = str(offset)
    return _expires(response, expires_at)


@router.delete("/shops/{shop_id}/uploads/{asset_id}", response={204: None})
@_speaks_tus
def cancel_upload(request: HttpRequest, shop_id: Id, asset_id: Id) -> HttpResponse:
    """Give an unfinished upload up; its bytes are deleted."""
    shop_of(request, shop_id, "content.write")
    services.cancel_upload(shop_id=shop_id, asset_id=asset_id)
    return HttpResponse(status=204)
