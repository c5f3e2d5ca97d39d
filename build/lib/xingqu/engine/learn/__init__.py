"""Streaming updates that feed the next snapshot."""
