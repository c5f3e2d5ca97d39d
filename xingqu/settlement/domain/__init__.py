"""Rules and arithmetic of settlement, pure."""
