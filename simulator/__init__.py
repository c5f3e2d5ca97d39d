"""Seeded shoppers and shops on the real code and on real data."""
