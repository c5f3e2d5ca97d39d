"""Rules of the alliance, pure."""
