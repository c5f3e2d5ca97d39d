"""Speed and memory of the interest engine alone."""
