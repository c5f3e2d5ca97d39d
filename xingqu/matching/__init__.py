"""Bringing creators and products together: selection, the creator square, product pools and what came of them."""
