"""The one HTTP API: every room's router is mounted here, and every error leaves here in one shape."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from xingqu.accounts.api import router as accounts_router
from xingqu.accounts.http import ActorAuthentication
from xingqu.aftersale.api import router as aftersale_router
from xingqu.alliance.api import router as alliance_router
from xingqu.catalogue.api import router as catalogue_router
from xingqu.collaboration.api import router as collaboration_router
from xingqu.config.exports import file_router
from xingqu.content.api import router as content_router
from xingqu.experience.api import router as experience_router
from xingqu.feed.api import router as feed_router
from xingqu.fulfilment.api import router as fulfilment_router
from xingqu.governance.api import router as governance_router
from xingqu.interest.api import router as interest_router
from xingqu.invoice.api import router as invoice_router
from xingqu.kit.errors import BusinessError, InvalidInput, error_body
from xingqu.live.api import router as live_router
from xingqu.matching.api import router as matching_router
from xingqu.openapi.api import router as openapi_router
from xingqu.openapi.http import OpenAuthentication
from xingqu.programmes.api import router as programmes_router
from xingqu.review.api import router as review_router
from xingqu.settlement.api import router as settlement_router
from xingqu.support.api import router as support_router
from xingqu.trade.api import router as trade_router


class OrjsonRenderer(BaseRenderer):
    """JSON by orjson: the feed's bodies are large."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str)


class OrjsonParser(Parser):
    """Refuses what is not JSON in UTF-8 with the one error shape instead of a stack trace."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            found = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise InvalidInput(
                field="body", expected="JSON in UTF-8", message=f"The body is not JSON: {error}"
            ) from error
        # A schema of which nothing is required would find all it needs in a text or a number.
        if found is not None and not isinstance(found, dict | list):
            raise InvalidInput(field="body", expected="a JSON object or list")
        return found


api = NinjaAPI(
    title="Xingqu",
    version="1",
    description="The open-source interest-commerce platform. Errors: `{error: {code, message, field, expected, data}}`.",
    renderer=OrjsonRenderer(),
    parser=OrjsonParser(),
    auth=[OpenAuthentication(), ActorAuthentication()],  # a program by its token, else a browser
    urls_namespace="api",
)
# In this order: of two addresses that fit, the first answers.
ROUTERS = (
    accounts_router,
    catalogue_router,
    content_router,
    interest_router,
    aftersale_router,  # before trade: its /orders/... addresses are longer
    fulfilment_router,  # before trade: its /orders/ship-batch is no order number
    live_router,
    programmes_router,
    invoice_router,
    settlement_router,
    alliance_router,
    matching_router,
    collaboration_router,
    experience_router,
    governance_router,
    trade_router,
    review_router,
    support_router,
    feed_router,
    openapi_router,
)
for router in (file_router(ROUTERS), *ROUTERS):  # a file's address also fits where a room reads a number
    api.add_router("", router)


@api.exception_handler(BusinessError)
def on_business_error(request: HttpRequest, error: BusinessError) -> HttpResponse:
    """Every refusal carries its own status and code."""
    response = api.create_response(request, error_body(error), status=error.status)
    if error.retry_after_s is not None:
        response["Retry-After"] = str(error.retry_after_s)
    return response


@api.exception_handler(ValidationError)
def on_validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What pydantic refused, by field."""
    fields = [
        {
            "field": ".".join(str(part) for part in item["loc"][1:] if part != "payload"),
            "message": item["msg"],
        }
        for item in error.errors
    ]
    first = fields[0] if fields else {"field": None, "message": "invalid input"}
    body = error_body(InvalidInput(field=first["field"], message=str(first["message"])))
    body["error"]["errors"] = fields
    return api.create_response(request, body, status=422)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Errors raised by the framework itself (a body that can't be read, a missing file part)."""
    code = {400: "invalid_input", 401: "sign_in_required", 403: "forbidden", 404: "not_found"}
    body: dict[str, dict[str, Any]] = {
        "error": {
            "code": code.get(error.status_code, "http_error"),
            "message": str(error),
            "field": None,
            "expected": None,
            "data": {},
        }
    }
    return api.create_response(request, body, status=error.status_code)
