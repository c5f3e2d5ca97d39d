"""Benchmarks of what the mall's pages weigh and how soon they show something."""
