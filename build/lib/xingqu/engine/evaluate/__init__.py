"""How well the engine does: metrics, splits without leaks, tables."""
