"""Matching: whether products found for a creator's audience are what the audience likes, and how long finding them takes."""
