"""Benchmarks of reviews."""
