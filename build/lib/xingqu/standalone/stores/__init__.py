"""Where items and people's states are kept: one port, an adapter for LMDB and one for Redis."""
