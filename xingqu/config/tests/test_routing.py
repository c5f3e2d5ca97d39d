"""The index of the API's addresses finds what Django's own search finds."""

import re

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, reverse
from django.urls.resolvers import RoutePattern

from xingqu.config.api import api
from xingqu.config.routing import IndexedResolver, api_urls

URLS = api.urls
PATTERNS, APP, NAMESPACE = URLS
INDEXED = api_urls("api/v1/", URLS)
PLAIN = URLResolver(RoutePattern("api/v1/", is_endpoint=False), PATTERNS, app_name=APP, namespace=NAMESPACE)


def sample(pattern: URLPattern) -> str:
    """A path that the pattern was made for."""
    return "api/v1/" + re.sub(r"<[^>]*>", "7", str(pattern.pattern).replace("<contract_side:side>", "agencies"))


def found(resolver: URLResolver, path: str) -> object:
    try:
        match = resolver.resolve(path)
    except Resolver404:
        return None
    return match.func, match.kwargs, match.route, match.view_name


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: str(pattern.pattern) or "root")
def test_every_address_is_found_as_before(pattern: URLPattern) -> None:
    path = sample(pattern)
    assert found(INDEXED, path) == found(PLAIN, path) is not None
    for wrong in (path + "x/y/z", path + "/", path.upper(), path[:-1]):
        assert found(INDEXED, wrong) == found(PLAIN, wrong)


@pytest.mark.parametrize(
    "path", ["", "api", "api/v2/cart", "api/v1/nothing", "api/v1/cartoon", "api/v1//cart", "xapi/v1/cart"]
)
def test_what_is_no_address_is_not_found(path: str) -> None:
    assert found(INDEXED, path) == found(PLAIN, path) is None


def test_addresses_that_begin_with_anything_keep_their_order() -> None:
    def view() -> None: ...

    routes = ["a/<x>", "<y>/b", "a/c", ""]
    patterns = [URLPattern(RoutePattern(route, is_endpoint=True), view, name=route) for route in routes]
    indexed = IndexedResolver("p/", patterns, app_name="app", namespace="space")
    routes_found = [indexed.resolve(f"p/{path}").route for path in ("a/b", "z/b", "a/c", "")]
    assert routes_found == ["a/<x>", "<y>/b", "a/<x>", ""]
    with pytest.raises(Resolver404):
        indexed.resolve("p/z/c")


def test_addresses_can_be_made() -> None:
    assert reverse("api:openapi-view") == "/api/v1/docs"
