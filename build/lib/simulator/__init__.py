"""Seeded shoppers on the real code: they speak to the site over HTTP as browsers do, and know nothing else of it."""
