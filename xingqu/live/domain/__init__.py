"""Rules of live rooms that need no database."""
