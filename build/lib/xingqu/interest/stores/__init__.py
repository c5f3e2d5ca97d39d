"""Where user states and item snapshots are kept: ports and their adapters."""
