"""Writes of the open API."""
