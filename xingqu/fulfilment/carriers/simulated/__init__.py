"""A carrier of its own for demos and tests: its tables, its signed messages, its clock. Nothing is really moved."""
