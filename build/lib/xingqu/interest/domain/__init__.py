"""Rules of interest that need neither store nor framework."""
