"""Benchmarks of trade."""
