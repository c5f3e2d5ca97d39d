"""How long things take, and how often they happen."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from typing import Final

RECENT: Final = 1_024
QUANTILES: Final = (0.5, 0.9, 0.99)


class Measures:
    """Sums for ever, quantiles over the last RECENT of each stage. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = defaultdict(int)
        self._sums_s: dict[str, float] = defaultdict(float)
        self._recent_s: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=RECENT))
        self._events: dict[tuple[str, str], int] = defaultdict(int)

    def took(self, stage: str, seconds: float) -> None:
        with self._lock:
            self._counts[stage] += 1
            self._sums_s[stage] += seconds
            self._recent_s[stage].append(seconds)

    def happened(self, name: str, label: str = "", count: int = 1) -> None:
        with self._lock:
            self._events[(name, label)] += count

    def text(self, gauges: dict[str, float]) -> str:
        """Prometheus' text format. ``gauges`` by name without the prefix."""
        lines = ["# TYPE xingqu_stage_seconds summary"]
        with self._lock:
            for stage in sorted(self._counts):
                ordered = sorted(self._recent_s[stage])
                for quantile in QUANTILES:
                    value = ordered[min(int(quantile * len(ordered)), len(ordered) - 1)]
                    lines.append(f'xingqu_stage_seconds{{stage="{stage}",quantile="{quantile}"}} {value:.6f}')
                lines.append(f'xingqu_stage_seconds_sum{{stage="{stage}"}} {self._sums_s[stage]:.6f}')
                lines.append(f'xingqu_stage_seconds_count{{stage="{stage}"}} {self._counts[stage]}')
            for name in sorted({name for name, _ in self._events}):
                lines.append(f"# TYPE xingqu_{name}_total counter")
                for (other, label), count in sorted(self._events.items()):
                    if other == name:
                        labels = f'{{kind="{label}"}}' if label else ""
                        lines.append(f"xingqu_{name}_total{labels} {count}")
        for name, value in sorted(gauges.items()):
            lines += [f"# TYPE xingqu_{name} gauge", f"xingqu_{name} {value:g}"]
        return "\n".join(lines) + "\n"
