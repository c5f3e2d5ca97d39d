"""Other recommenders on the same data; they live in an environment of their own (README)."""
