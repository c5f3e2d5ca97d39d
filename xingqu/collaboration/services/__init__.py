"""Writes of samples and collaborations."""
