"""PostgreSQL as the database: Django's backend, noticing a lost connection without asking."""
