"""Rules of collaboration, pure."""
