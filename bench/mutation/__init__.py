"""Mutation check of the trading chain: take one guard away, and a named test must fail. `make mutation`, decision 0102."""
