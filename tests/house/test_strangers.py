"""Every address of a shop, also one that is added tomorrow: a stranger is told that it is not there, a guest to sign in.

What is sent is made from the API's own document, so that it gets past the checks of its form and meets the question of who
asks. That no shop reaches another's rows below its own address is tested in each room."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import find
from hypothesis.strategies import from_regex

from xingqu.config.api import api
from xingqu.trade.tests.house import Caller, make_shop

VERBS = ("get", "head", "post", "put", "patch", "delete")
# Bodies whose form the document does not say in full: "VERB path" -> what to send instead of the sample.
BODIES: dict[str, Any] = {
    "post /api/v1/shops/{shop_id}/chats/{conversation_id}/messages": {"kind": "text", "key": "k" * 8, "text": "x"},
    "post /api/v1/shops/{shop_id}/products/{product_id}/stock": {"sku_id": 1, "delta": 1, "reason": "x"},
}
RESUMABLE = {"Tus-Resumable": "1.0.0"}  # without it the uploads' protocol refuses before anything else


@cache
def document() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema()))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(verb, path, operation) of every address below a shop."""
    for path, item in document()["paths"].items():
        if path.startswith("/api/v1/shops/{shop_id}"):
            for verb in VERBS:
                if verb in item:
                    yield verb, path, item[verb]


OPERATIONS = list(operations())


def sample(schema: dict[str, Any]) -> Any:
    """A small value that fits."""
    if "$ref" in schema:
        return sample(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for name in ("anyOf", "oneOf"):
        if name in schema:
            return sample(schema[name][0])
    if "allOf" in schema:
        return sample(schema["allOf"][0])
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    if kind == "object":
        required = schema.get("required", ())
        return {name: sample(part) for name, part in schema.get("properties", {}).items() if name in required}
    if kind == "array":
        return [sample(schema["items"])] * schema.get("minItems", 0)
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    if kind == "string":
        return sample_text(schema)
    return kind == "boolean" or None


def sample_text(schema: dict[str, Any]) -> str:
    if "pattern" in schema:
        least = schema.get("minLength", 0)
        return find(from_regex(schema["pattern"], fullmatch=True), lambda text: len(text) >= least and text.isascii())
    known = {"date-time": "2026-11-30T01:00:00Z", "date": "2026-11-30", "binary": "x", "uri": "https://example.com/"}
    return known.get(schema.get("format", ""), "x" * max(schema.get("minLength", 1), 1))


def ask(caller: Caller, verb: str, path: str, operation: dict[str, Any], **parts: object) -> int:
    """Status of a call whose body and query are samples; `parts` are of the path."""
    return int(call(caller, verb, path, operation, **parts).status_code)


def call(caller: Caller, verb: str, path: str, operation: dict[str, Any], **parts: object) -> Any:
    """Answer to a call whose body and query are samples; `parts` are of the path."""
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        if parameter["in"] == "path":
            parts.setdefault(parameter["name"], sample(parameter["schema"]))
    query = {p["name"]: sample(p["schema"]) for p in parameters if p["in"] == "query" and p.get("required")}
    headers = {p["name"]: str(sample(p["schema"])) for p in parameters if p["in"] == "header" and p.get("required")}
    headers |= RESUMABLE
    address = f"{path.format(**parts)}?{urlencode(query, doseq=True)}"
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        fields = sample(content["multipart/form-data"]["schema"])
        names = content["multipart/form-data"]["schema"].get("properties", {"file": {}})
        files = {
            name: SimpleUploadedFile("x.png", b"x") for name, part in names.items() if part.get("format") == "binary"
        }
        return caller.client.post(address, {**fields, **files}, headers=headers)
    body = BODIES.get(f"{verb} {path}")
    if body is None and content:
        body = sample(next(iter(content.values()))["schema"])
    return caller.client.generic(
        verb.upper(), address, json.dumps(body) if content else b"", content_type="application/json", headers=headers
    )


def test_no_address_of_a_shop_answers_a_stranger(db: None) -> None:
    shop, stranger = make_shop(), make_shop().member()
    told = {f"{verb} {path}": ask(stranger, verb, path, what, shop_id=shop.id) for verb, path, what in OPERATIONS}
    assert {where: status for where, status in told.items() if status != 404} == {}
    assert len(told) > 150


def test_a_guest_must_sign_in(db: None) -> None:
    shop, guest = make_shop(), Caller(Client())
    told = {f"{verb} {path}": ask(guest, verb, path, what, shop_id=shop.id) for verb, path, what in OPERATIONS}
    assert {where: status for where, status in told.items() if status != 401} == {}
