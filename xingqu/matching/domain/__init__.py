"""Rules of matching, pure."""
