"""The OpenAPI document, from the same fields that inputs are checked by and the same dataclasses that answers are."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from xingqu.engine.columns import Surface
from xingqu.standalone import contracts
from xingqu.standalone.schema import EVENT_FIELDS, ID_LENGTH, ITEM_FIELDS, Field
from xingqu.standalone.settings import Settings

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}
_ANSWERS = (
    contracts.Rejection,
    contracts.PutResult,
    contracts.Observed,
    contracts.Reason,
    contracts.Recommended,
    contracts.Page,
    contracts.Interest,
    contracts.ItemExplanation,
    contracts.Explanation,
)


def document(settings: Settings) -> dict[str, Any]:
    """OpenAPI 3.1."""
    schemas: dict[str, Any] = {kind.__name__: _dataclass(kind) for kind in _ANSWERS}
    schemas["Item"], schemas["Event"] = _object(ITEM_FIELDS), _object(EVENT_FIELDS)
    tags = {"type": "array", "items": {"type": "string"}, "maxItems": 200}
    schemas["Preferences"] = {
        "type": "object",
        "properties": {"personalised": {"type": "boolean"}, "pin": tags, "block": tags, "reset": tags},
        "additionalProperties": False,
    }
    schemas["Deleted"] = {"type": "object", "properties": {"deleted": {"type": "boolean"}}, "required": ["deleted"]}
    text = {"type": ["string", "null"]}
    detail = {"code": {"type": "string"}, "message": {"type": "string"}, "field": text, "expected": text}
    schemas["Error"] = {
        "type": "object",
        "properties": {"error": {"type": "object", "properties": detail, "required": list(detail)}},
        "required": ["error"],
    }
    keys = {"key": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Xingqu engine", "version": "1", "description": "The interest engine beside a shop."},
        "paths": _paths(settings),
        "components": {"schemas": schemas, "securitySchemes": keys},
        "security": [{"key": []}, {}],
    }


def _paths(settings: Settings) -> dict[str, Any]:
    ident = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": ID_LENGTH},
    }
    page = [
        _parameter("person", "Whose page; empty: nobody in particular."),
        _parameter("size", "Items wanted.", {"type": "integer", "minimum": 1, "maximum": settings.page_size}),
        _parameter("surface", "Which page.", {"type": "string", "enum": [s.value for s in Surface]}),
        _parameter("seed_item", "What the others are to be similar to."),
        _parameter("exclude", "Ids that the client holds already, with commas between them."),
        _parameter("previous", "Ids just above this page, the newest last, with commas between them."),
    ]
    about = [_parameter("person", "Whose interests.") | {"required": True}, _parameter("item", "Also about this item.")]
    items, events = _batch("items", "Item", settings.batch_items), _batch("events", "Event", settings.batch_events)
    return {
        "/items": {"put": _call("Add or replace items", "PutResult", body=items)},
        "/items/{id}": {"delete": _call("Take an item away", "Deleted", parameters=[ident])},
        "/events": {"post": _call("Tell what people did; each event counts once", "Observed", body=events)},
        "/recommend": {"get": _call("The next page", "Page", parameters=page)},
        "/explain": {"get": _call("What the engine believes, and expects", "Explanation", parameters=about)},
        "/people/{id}": {
            "patch": _call("What a person sets by hand", "Explanation", parameters=[ident], body=_ref("Preferences")),
            "delete": _call("Erase everything of a person", "Deleted", parameters=[ident]),
        },
        "/health": {"get": _call("Whether it serves", None)},
        "/metrics": {"get": _call("Stage times and counts, for Prometheus", None, media="text/plain")},
        "/openapi.json": {"get": _call("This document", None)},
    }


def _call(
    summary: str,
    answer: str | None,
    *,
    parameters: list[dict[str, Any]] | None = None,
    body: dict[str, Any] | None = None,
    media: str = "application/json",
) -> dict[str, Any]:
    schema = _ref(answer) if answer else {"type": "string" if media == "text/plain" else "object"}
    error = {"description": "Refused", "content": {"application/json": {"schema": _ref("Error")}}}
    call: dict[str, Any] = {
        "summary": summary,
        "responses": {"200": {"description": "Done", "content": {media: {"schema": schema}}}, "default": error},
    }
    if parameters:
        call["parameters"] = parameters
    if body:
        call["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return call


def _parameter(name: str, doc: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": doc, "schema": schema or {"type": "string"}}


def _batch(name: str, kind: str, limit: int) -> dict[str, Any]:
    many = {"type": "array", "items": _ref(kind), "maxItems": limit}
    return {"type": "object", "properties": {name: many}, "required": [name]}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(given: tuple[Field, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.name: field.schema() for field in given},
        "required": [field.name for field in given if field.required],
        "additionalProperties": False,
    }


def _dataclass(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    return {"type": "object", "properties": {name: _type(hints[name]) for name in names}, "required": names}


def _type(hint: Any) -> dict[str, Any]:
    """JSON schema of a field's type."""
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if is_dataclass(hint):
        return _ref(hint.__name__)  # type: ignore[union-attr]
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return {"type": "array", "items": _type(args[0])}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _type(args[1])}
    if origin is types.UnionType:
        return {"anyOf": [_type(arg) if arg is not type(None) else {"type": "null"} for arg in args]}
    return _type(origin)
