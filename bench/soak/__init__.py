"""A real site, people who trade on it, and everything that can go wrong: `python -m bench.soak`, `make soak`."""
