"""Xingqu: interest commerce."""
