"""Money, ids, clock, outbox, errors, storage ports: what every room needs, with no business noun."""
