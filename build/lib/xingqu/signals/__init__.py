"""Behaviour signals: their schema, and the batched append-only log behind a port."""
