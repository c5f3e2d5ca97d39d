"""Reads of after-sale."""
