"""Rules of the catalogue: pure functions without a database."""
