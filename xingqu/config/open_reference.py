"""The reference of the open API, generated from its table of methods and the schema: scopes, parameters, examples."""

import json
from collections.abc import Mapping
from typing import Any

from xingqu.config.api import api
from xingqu.openapi.domain.methods import METHODS, SCOPES, OpenMethod
from xingqu.openapi.domain.topics import TOPICS

DEEPEST = 6
SAMPLES = {
    "date-time": "2026-11-11T08:00:00Z",
    "date": "2026-11-11",
    "shop_id": 7,
    "order_no": "S261111k9d2m4x7q1hz",
    "currency": "CNY",
}


def open_api_page() -> str:
    """Markdown of `docs/reference/open-api.md`."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    schemas = document["components"]["schemas"]
    groups = {name.partition(".")[0] for name in (m.name for m in METHODS)}
    rows = [
        "# Open API\n",
        "What a shop's program (an ERP) may call with an access token; the [guide](../guides/open-api.md) says how to begin."
        " Addresses and bodies are those of the workbench: what a member can do there, a program with the scope can do here.\n",
        "## Methods\n",
        "| method | call | scope | Doudian's nearest |",
        "|---|---|---|---|",
        *(f"| [`{m.name}`](#{_anchor(m.name)}) | `{m.verb} {m.path}` | `{m.scope}` | {_theirs(m)} |" for m in METHODS),
        "\n## Scopes\n",
        "| scope | opens |",
        "|---|---|",
        *(f"| `{name}` | {text} |" for name, text in SCOPES.items()),
        "\n## Topics of the log of changes and of webhooks\n",
        "| topic | when |",
        "|---|---|",
        *(f"| `{name}` | {text} |" for name, text in TOPICS.items()),
    ]
    for group in sorted(groups):
        rows.append(f"\n## {group}")
        for method in METHODS:
            if method.name.partition(".")[0] == group:
                rows += _method(method, document["paths"]["/api/v1" + method.path][method.verb.lower()], schemas)
    return "\n".join(rows) + "\n"


def _method(method: OpenMethod, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[str]:
    rows = [f"\n### {method.name}\n", str(operation.get("description", "")), f"\n`{method.verb} /api/v1{method.path}`"]
    parameters = [p for p in operation.get("parameters", []) if p["in"] == "query"]
    if parameters:
        named = ", ".join(f"`{p['name']}` ({_kind(p['schema'])})" for p in parameters)
        rows.append(f"\nQuery: {named}.")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        rows += ["\nBody:\n", _block(example(body["schema"], schemas))]
    for status, answer in operation.get("responses", {}).items():
        content = answer.get("content", {}).get("application/json")
        rows += [f"\nAnswers {status}" + (":\n" if content else ".")]
        if content:
            rows.append(_block(example(content["schema"], schemas)))
    return rows


def example(schema: Mapping[str, Any], schemas: Mapping[str, Any], *, name: str = "", depth: int = 0) -> Any:
    """A value of the schema: the first of several kinds, one element a list, samples for what has a format."""
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas, name=name, depth=depth)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return example(schema[several][0], schemas, name=name, depth=depth)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if name in SAMPLES or schema.get("format") in SAMPLES:
        return SAMPLES.get(name, SAMPLES.get(str(schema.get("format"))))
    kind = schema.get("type")
    if kind == "object":
        if depth > DEEPEST:
            return {}
        fields = schema.get("properties", {})
        return {key: example(value, schemas, name=key, depth=depth + 1) for key, value in fields.items()}
    if kind == "array":
        return [] if depth > DEEPEST else [example(schema.get("items", {}), schemas, depth=depth + 1)]
    return {"integer": schema.get("minimum", 1), "number": 1.0, "boolean": True, "string": "…"}.get(str(kind))


def _block(value: Any) -> str:
    return "```json\n" + json.dumps(value, ensure_ascii=False, indent=1) + "\n```"


def _kind(schema: Mapping[str, Any]) -> str:
    kinds = schema.get("anyOf", [schema])
    return "/".join(
        str(k.get("format") or k.get("type") or "one of the API's words") for k in kinds if k.get("type") != "null"
    )


def _theirs(method: OpenMethod) -> str:
    return f"`{method.doudian}`" if method.doudian else "–"


def _anchor(name: str) -> str:
    return name.replace(".", "").lower()
