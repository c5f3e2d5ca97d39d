"""Carriers, packages and their way to the buyer."""
