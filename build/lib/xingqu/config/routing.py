"""Finding an endpoint among more than a hundred without trying them one by one."""

from collections import defaultdict
from typing import Any

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern


class IndexedResolver(URLResolver):
    """Tries only the patterns whose first segment is the path's: about ten of a hundred, in their own order.

    Django's tries each pattern in turn, which took an eighth of the processor time of a short request.
    """

    def __init__(self, prefix: str, patterns: list[URLPattern], *, app_name: str, namespace: str) -> None:
        super().__init__(RoutePattern(prefix, is_endpoint=False), patterns, app_name=app_name, namespace=namespace)
        self._parts: dict[str, URLResolver] = {}
        grouped = defaultdict(list)
        for pattern in patterns:
            grouped[str(pattern.pattern).partition("/")[0]].append(pattern)
        anywhere = [pattern for segment, group in grouped.items() if not segment or "<" in segment for pattern in group]
        for segment, group in grouped.items():
            tried = (
                group if not anywhere else [pattern for pattern in patterns if pattern in group or pattern in anywhere]
            )
            self._parts[segment] = URLResolver(self.pattern, tried, app_name=app_name, namespace=namespace)

    def resolve(self, path: str) -> ResolverMatch:
        """As Django's. Raises Resolver404."""
        text = str(path)
        prefix = str(self.pattern)
        if not text.startswith(prefix):
            raise Resolver404({"path": path})
        part = self._parts.get(text[len(prefix) :].partition("/")[0])
        return super().resolve(path) if part is None else part.resolve(path)


def api_urls(prefix: str, urls: tuple[list[Any], str, str]) -> IndexedResolver:
    """Like `path(prefix, api.urls)`."""
    patterns, app_name, namespace = urls
    return IndexedResolver(prefix, patterns, app_name=app_name, namespace=namespace)
