"""The engine in service: user states, item snapshots, signals into state, recommendations."""
