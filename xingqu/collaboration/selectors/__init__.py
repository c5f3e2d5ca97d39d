"""Reads of samples and collaborations."""
