"""Shapes of the API of samples and collaborations."""
