"""Shapes of the after-sale API."""
