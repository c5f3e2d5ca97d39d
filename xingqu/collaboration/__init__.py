"""Samples for creators, and work agreed between shops and creators."""
