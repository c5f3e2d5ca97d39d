"""Benchmarks: each prints one table; results are committed with the command that made them."""
