"""Database backend for SQLite; see `base`."""
