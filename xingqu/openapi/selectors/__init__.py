"""Reads of the open API."""
